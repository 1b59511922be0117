"""Rises under supervision, and pensions after an acquittal (D02): wrong, late, withheld, lawful."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import months_between, rolled, same_day, working_days
from streams.district.lives import NoRoom, Stage, life
from streams.district.lives.custody import resume, whole_months
from streams.district.lives.justice import hold, judge, police_case, supervise
from streams.district.payments import RISE_DAY, RISE_MONTH, rise_fen, rise_no
from streams.district.people import Person
from streams.district.script import Paper

RESUME_MONTHS = 3  # product term: suspended months are paid after an acquittal


# ---- planted: raised under supervision


def _july(stage: Stage, before_end: int) -> date:
    """A first of July, early enough for what follows."""
    window = stage.script.window
    years = range(window.since.year, window.until.year + 1)
    fit = [
        day
        for day in (date(year, RISE_MONTH, 1) for year in years)
        if window.since + timedelta(70) < day <= window.until - timedelta(before_end)
    ]
    if not fit:
        raise NoRoom("no July lies in the window")
    return stage.rng.choice(fit)


def _rise_fen_paid(stage: Stage, person: Person, july: date, until: date) -> int:
    last = min(until, stage.script.window.until)
    return rise_fen(person) * len(months_between(july, last))


@life("planted", "D02", rate=4)
def raised_on_probation(stage: Stage) -> None:
    person, july = stage.pensioner(), _july(stage, 90)
    since = july - stage.days(20, 60)
    until = same_day(since, 24) - timedelta(1)
    verdict = judge(
        stage,
        person,
        since - timedelta(18),
        penalty="03",
        months=12,
        probation_until=until,
    )
    paper = supervise(stage, person, "2", since, until, verdict.row["ah"])
    # The other years' rises are withheld: one wrong rise, one alert.
    stage.pay(person).no_rise.update({july.year - 1, july.year + 1, july.year + 2})
    holds = max(paper.known, july.replace(day=RISE_DAY))
    stage.expect(
        "D02",
        "adjusted_under_supervision",
        person,
        f"{person.pension_no}/adjusted/{rise_no(person, july.year)}",
        (holds, "holds"),
    )


@life("planted", "D02", rate=2)
def raised_on_probation_and_given_back(stage: Stage) -> None:
    """The rise is taken back for the months of supervision that were paid with it."""
    person, july = stage.pensioner(), _july(stage, 170)
    since = july - stage.days(20, 60)
    until = july + timedelta(92)
    paper = supervise(stage, person, "4", since, until)
    number = rise_no(person, july.year)
    refund = stage.refund(
        person, number, until + stage.days(20, 40), _rise_fen_paid(stage, person, july, until)
    )
    holds = max(paper.known, july.replace(day=RISE_DAY))
    stage.expect(
        "D02",
        "adjusted_under_supervision",
        person,
        f"{person.pension_no}/adjusted/{number}",
        (holds, "holds"),
        (refund.known, "cured"),
    )


# ---- planted: not resumed


def _suspended_and_acquitted(stage: Stage, before_end: int) -> tuple[Person, Paper, list[date]]:
    person, held_on = stage.pensioner(), stage.day(before_end, after_start=60)
    case = police_case(stage, held_on)
    freed = held_on + stage.days(120, 160)
    hold(stage, person, "arrest", held_on, freed, case, "acquitted")
    months = whole_months(held_on, freed)
    stage.pay(person).gaps.update(months)
    resume(stage, person, freed)
    return person, judge(stage, person, freed, outcome="2"), months


@life("planted", "D02", rate=2)
def not_paid_back_after_acquittal(stage: Stage) -> None:
    person, verdict, _ = _suspended_and_acquitted(stage, 330)
    effective = date.fromisoformat(str(verdict.row["sxrq"]))
    due = rolled(same_day(effective, RESUME_MONTHS))
    holds = max(due + timedelta(1), stage.script.complete("hrss-payment", due))
    _expect_resume(stage, person, verdict, (holds, "holds"))


@life("planted", "D02", rate=2)
def paid_back_late_after_acquittal(stage: Stage) -> None:
    """Only a product term was missed: the alert ends with the payment."""
    person, verdict, months = _suspended_and_acquitted(stage, 400)
    effective = date.fromisoformat(str(verdict.row["sxrq"]))
    due = rolled(same_day(effective, RESUME_MONTHS))
    holds = max(due + timedelta(1), stage.script.complete("hrss-payment", due))
    paid_on = holds + stage.days(40, 70)
    for month in months:
        stage.payment(person, month, paid_on)
    _expect_resume(stage, person, verdict, (holds, "holds"), (paid_on, ""))


def _expect_resume(stage: Stage, person: Person, verdict: Paper, *steps: tuple[date, str]) -> None:
    obligation = f"{person.pension_no}/resume/{verdict.record_key}"
    stage.expect("D02", "not_resumed", person, obligation, *steps)


# ---- near to it, and lawful


@life("look_alike", "D02", rate=3)
def rise_withheld_on_probation(stage: Stage) -> None:
    person, july = stage.pensioner(), _july(stage, 60)
    since = july - stage.days(20, 60)
    until = same_day(since, 24) - timedelta(1)
    supervise(stage, person, "2", since, until)
    stage.pay(person).no_rise.update(range(since.year, until.year + 1))


@life("look_alike", "D02", rate=2)
def raised_the_day_before_supervision(stage: Stage) -> None:
    """Supervision begins on the second of July, and ends before the next one."""
    person, july = stage.pensioner(), _july(stage, 60)
    since = july + timedelta(1)
    supervise(stage, person, "1", since, july + timedelta(200))


@life("look_alike", "D02", rate=2)
def paid_back_in_time_after_acquittal(stage: Stage) -> None:
    person, verdict, months = _suspended_and_acquitted(stage, 260)
    paid_on = working_days(date.fromisoformat(str(verdict.row["sxrq"])), 15)
    for month in months:
        stage.payment(person, month, paid_on)
