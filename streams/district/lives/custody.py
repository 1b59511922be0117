"""Pensions in custody and under supervision (D02): paid, given back, excused, raised, withheld."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import (
    month_end,
    month_start,
    months_between,
    same_day,
)
from streams.district.lives import Stage, life
from streams.district.lives.justice import (
    ENDS,
    accompany,
    hold,
    imprison,
    judge,
    police_case,
)
from streams.district.payments import PENSION_DAY
from streams.district.people import Person
from streams.district.script import Paper


def first_wrong(paper: Paper, month: date) -> date:
    """When a paid month is known to lie wholly inside: when it is over or when the row comes."""
    return max(paper.known, month_start(month, 1))


def whole_months(since: date, until: date) -> list[date]:
    first = since if since.day == 1 else month_start(since, 1)
    return [m for m in months_between(first, until) if month_end(m) <= until]


def resume(stage: Stage, person: Person, freed: date) -> None:
    """A suspended pension goes on with the month of release, once the release is entered."""
    if freed.day >= PENSION_DAY - 4 and freed != month_end(freed):
        stage.payment(person, month_start(freed), freed + stage.days(7, 12))


# ---- planted: paid while held


@life("planted", "D02", rate=4)
def paid_through_detention_and_prison(stage: Stage) -> None:
    """Detained, arrested, sentenced, in prison, and paid all the time."""
    person, held_on = stage.pensioner(), stage.day(420)
    case = police_case(stage, held_on)
    arrested = held_on + stage.days(12, 20)
    sentenced = arrested + stage.days(90, 130)
    effective = sentenced + timedelta(11)
    ends = same_day(held_on, 12) - timedelta(1)
    hold(stage, person, "detention", held_on, arrested - timedelta(1), case)
    hold(stage, person, "arrest", arrested, effective - timedelta(1), case)
    verdict = judge(stage, person, sentenced, penalty="03", months=12, since=held_on, until=ends)
    imprison(stage, person, verdict.row["ah"], effective, ends)
    month = whole_months(held_on, ends)[0]
    holds = month_start(month, 1)
    stage.expect("D02", "paid_while_held", person, f"{person.pension_no}/held", (holds, "holds"))


@life("planted", "D02", rate=3)
def paid_while_serving_and_given_back(stage: Stage) -> None:
    """A short term; the whole sum is recovered afterwards."""
    person, held_on = stage.pensioner(), stage.day(330)
    case = police_case(stage, held_on)
    until = same_day(held_on, 6) - timedelta(1)
    effective = held_on + stage.days(45, 60)
    arrested = held_on + timedelta(18)
    hold(stage, person, "detention", held_on, arrested - timedelta(1), case)
    hold(stage, person, "arrest", arrested, effective - timedelta(1), case)
    verdict = judge(
        stage, person, effective - timedelta(11), penalty="02", months=6, since=held_on, until=until
    )
    imprison(stage, person, verdict.row["ah"], effective, until)
    months = whole_months(held_on, until)
    refund = stage.refund(
        person, person.pension_no, until + stage.days(25, 90), stage.paid_fen(person, months)
    )
    steps = ((month_start(months[0], 1), "holds"), (refund.known, "cured"))
    stage.expect("D02", "paid_while_held", person, f"{person.pension_no}/held", *steps)


@life("planted", "D02", rate=2)
def custody_known_late(stage: Stage) -> None:
    """The prison's entry comes months after the fact: the alert comes with it."""
    person, since = stage.pensioner(), stage.day(330)
    until = same_day(since, 8) - timedelta(1)
    entered = since + stage.days(130, 170)
    verdict = judge(stage, person, since - timedelta(11), penalty="03", since=since)
    paper = stage.open(
        "prison-restraint",
        since,
        entered=entered,
        note="late",
        fxbh=stage.numbers.serial("FX-"),
        ah=verdict.row["ah"],
        sfzh=person.number,
        xm=person.name,
        ryrq=since.isoformat(),
        jym="望潮监狱",
    )
    holds = paper.known
    paper.change(until, cyrq=until.isoformat(), cyyy="02")
    stage.expect("D02", "paid_while_held", person, f"{person.pension_no}/held", (holds, "holds"))


@life("planted", "D02", rate=3)
def held_paid_and_acquitted(stage: Stage) -> None:
    """Paid while held; the acquittal makes it lawful: the alert is withdrawn as excused."""
    person, held_on = stage.pensioner(), stage.day(300)
    case = police_case(stage, held_on)
    arrested = held_on + timedelta(20)
    freed = arrested + stage.days(110, 150)
    measures = [
        hold(stage, person, "detention", held_on, arrested - timedelta(1), case),
        hold(stage, person, "arrest", arrested, freed, case, "acquitted"),
    ]
    judge(stage, person, freed, outcome="2")
    month = whole_months(held_on, freed)[0]
    steps = ((month_start(month, 1), "holds"), (measures[1].known, ""))
    stage.expect("D02", "paid_while_held", person, f"{person.pension_no}/held", *steps)


@life("planted", "D02", rate=2)
def held_under_a_strangers_number(stage: Stage) -> None:
    """The lock-up entered a wrong number; put right, the alert leaves the stranger."""
    stranger, held_on = stage.pensioner(), stage.day(240)
    prisoner = stage.take("pedestrian")
    case = police_case(stage, held_on)
    paper = hold(stage, stranger, "arrest", held_on, None, case)
    accompany(stage, prisoner, "arrest", held_on, held_on + timedelta(180), case, paper)
    month = whole_months(held_on, held_on + timedelta(100))[0]
    holds = first_wrong(paper, month)
    moved = paper.change(
        held_on,
        entered=holds + stage.days(15, 50),
        gmsfhm=prisoner.number,
        xm=prisoner.name,
        note="moved",
    )
    free = held_on + timedelta(180)
    paper.change(free, jsrq=free.isoformat(), jsyy=ENDS["withdrawn"])
    steps = ((holds, "holds"), (moved, ""))
    stage.expect("D02", "paid_while_held", stranger, f"{stranger.pension_no}/held", *steps)


# ---- near to it, and lawful


@life("look_alike", "D02", rate=3)
def suspended_in_time(stage: Stage) -> None:
    """Held for months; the pension is suspended for the whole months and then resumed."""
    person, held_on = stage.pensioner(), stage.day(300)
    case = police_case(stage, held_on)
    until = held_on + stage.days(150, 190)
    hold(stage, person, "arrest", held_on, until, case, "served")
    stage.pay(person).gaps.update(whole_months(held_on, until))
    resume(stage, person, until)


@life("look_alike", "D02", rate=4)
def held_for_less_than_a_whole_month(stage: Stage) -> None:
    person, held_on = stage.pensioner(), stage.day(60).replace(day=4)
    hold(
        stage,
        person,
        "detention",
        held_on,
        held_on + timedelta(21),
        police_case(stage, held_on),
        "withdrawn",
    )


@life("look_alike", "D02", rate=3)
def on_bail(stage: Stage) -> None:
    """Bail is no custody: the pension goes on."""
    person, since = stage.pensioner(), stage.day(380)
    hold(
        stage,
        person,
        "bail",
        since,
        since + stage.days(200, 325),
        police_case(stage, since),
        "expired",
    )


@life("look_alike", "D02", rate=3)
def administrative_detention(stage: Stage) -> None:
    """Administrative detention is no sentence and never lasts a month."""
    person, since = stage.pensioner(), stage.day(60)
    hold(
        stage,
        person,
        "administrative",
        since,
        since + timedelta(14),
        stage.numbers.next("潮公行立", since.year),
        "expired",
    )


@life("look_alike", "D02", rate=2)
def other_scheme_in_prison(stage: Stage) -> None:
    """A resident's pension: the rule for employees does not reach it."""
    person, since = stage.take("resident_pensioner"), stage.day(300)
    until = same_day(since, 7) - timedelta(1)
    verdict = judge(stage, person, since - timedelta(11), penalty="03", months=7, since=since)
    imprison(stage, person, verdict.row["ah"], since, until)


@life("look_alike", "D02", rate=3)
def arrears_paid_in_custody(stage: Stage) -> None:
    """Paid while held, but for months before: the month that it is for counts."""
    person, held_on = stage.pensioner(), stage.day(280, after_start=130)
    until = held_on + stage.days(120, 160)
    hold(stage, person, "arrest", held_on, until, police_case(stage, held_on), "served")
    plan = stage.pay(person)
    plan.gaps.update(whole_months(held_on, until))
    resume(stage, person, until)
    stage.payment(person, month_start(held_on, -2), held_on + timedelta(50))
