"""Criminal cases left hanging (D07): bail and residence, nothing sent, nothing followed up."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import rolled
from streams.district.lives import Stage, life, unplanted
from streams.district.lives.criminal.case import (
    DAY,
    PROCURATORATE,
    Case,
    Clock,
    calm,
    months_after,
    state,
)
from streams.district.script import Paper

MONTHS = {"bail": 12, "residence": 6}


def missing(stage: Stage, due: date, *feeds: str) -> date:
    """The day on which nothing by ``due`` is known to have been done."""
    return max(due + DAY, *(stage.script.complete(feed, due) for feed in feeds))


def expect_measure(
    stage: Stage, case: Case, kind: str, paper: Paper, due: date, ended: tuple[date, date] | None
) -> None:
    """Told thirty and seven days ahead, silent until the register is complete, then over."""
    steps = [(due - timedelta(30), "holds")]
    if ended is None or ended[0] > due + DAY:
        steps.append((due + DAY, ""))
        known = missing(stage, due, "police-restraint")
        if ended is None or ended[0] > known:
            steps.append((known, "holds"))
    if ended is not None:
        steps.append((ended[0], "cured" if ended[1] > due else ""))
    stage.expect("D07", kind, case.person, str(paper.row["csbh"]), *steps)


# ---- near to it, and ordinary


@life("ordinary", "D07", rate=20)
def on_bail_and_sent(stage: Stage) -> None:
    """Half a year on bail, sent for prosecution, lifted."""
    case = Case.begin(stage, stage.take("pedestrian"), stage.day(300))
    since = date.fromisoformat(str(case.opened.row["larq"])) if case.opened else date.min
    paper = case.measure("bail", since)
    sent = since + stage.days(90, 180)
    case.step("police-step", "sent_for_prosecution", sent)
    case.end(paper, sent + stage.days(20, 60), "lifted")


@life("planted", "D07", rate=3)
def lifted_on_the_last_day_of_bail(stage: Stage) -> None:
    """Told a month ahead, and lifted in time: the notice ends."""
    on = calm(stage.day(410))
    case = Case.begin(stage, stage.take("pedestrian"), on)
    paper = case.measure("bail", on)
    due = rolled(months_after(on, 12))
    case.step("police-step", "sent_for_prosecution", due - timedelta(60))
    known = case.end(paper, due, "lifted")
    expect_measure(stage, case, "bail", paper, due, (known, due))


@life("look_alike", "D07", rate=2)
def wanted_while_on_bail(stage: Stage) -> None:
    """The days on which the person was sought do not count."""
    on = calm(stage.day(330))
    case = Case.begin(stage, stage.take("pedestrian"), on)
    paper = case.measure("residence", on)
    gone = on + stage.days(40, 80)
    sought = case.measure("wanted", gone)
    case.end(sought, gone + timedelta(59))
    lifted = rolled(months_after(on, 6)) + timedelta(20)
    case.step("police-step", "sent_for_prosecution", on + timedelta(150))
    case.end(paper, lifted, "lifted")


@life("look_alike", "D07", rate=2)
def objected_in_time(stage: Stage) -> None:
    """A refusal to arrest for want of a crime, and reconsideration asked on the last day."""
    case, decided, _ = _refused(stage, stage.day(60))
    asked = rolled(decided + timedelta(15))
    case.step("police-step", "reconsideration_asked", asked)
    case.step("procuratorate-case", "reconsidered", asked + timedelta(4))
    case.close(asked + timedelta(20))


@life("look_alike", "D07", rate=2)
def bail_of_two_organs(stage: Stage) -> None:
    """The procuratorate decides anew: a year of its own; the register of the police stays open."""
    on = calm(stage.day(400))
    case = Case.begin(stage, stage.take("pedestrian"), on)
    case.measure("bail", on)
    sent = on + timedelta(300)
    case.step("police-step", "sent_for_prosecution", sent)
    case.step("procuratorate-case", "review", sent)
    case.step("procuratorate-case", "review_ended", sent + timedelta(15))
    paper = stage.open(
        "procuratorate-restraint",
        sent,
        entered=sent,
        csbh=stage.numbers.serial("JC-"),
        ajbh=case.number,
        sfzh=case.person.number,
        xm=case.person.name,
        cslx="04",
        ksrq=sent.isoformat(),
    )
    ends = sent + timedelta(60)
    paper.change(ends, entered=ends, jsrq=ends.isoformat(), jsyy="32")


# ---- planted


def _at_large(stage: Stage, kind: str, on: date, lifted: bool) -> None:
    case = Case.begin(stage, stage.take("pedestrian"), on)
    paper = case.measure(kind, on)
    case.step("police-step", "sent_for_prosecution", on + stage.days(60, 120))
    due = rolled(months_after(on, MONTHS[kind]))
    ended = None
    if lifted:
        ends = due + stage.days(15, 60)
        ended = case.end(paper, ends, "lifted"), ends
    expect_measure(stage, case, kind, paper, due, ended)


@life("planted", "D07", rate=3)
def bail_past_its_year(stage: Stage) -> None:
    _at_large(stage, "bail", calm(stage.day(410)), lifted=False)


@life("planted", "D07", rate=2)
def bail_lifted_late(stage: Stage) -> None:
    _at_large(stage, "bail", calm(stage.day(470)), lifted=True)


@life("planted", "D07", rate=2)
def residence_past_six_months(stage: Stage) -> None:
    _at_large(stage, "residence", calm(stage.day(230)), lifted=False)


@life("planted", "D07", rate=2)
def residence_lifted_late(stage: Stage) -> None:
    _at_large(stage, "residence", calm(stage.day(300)), lifted=True)


def _lying(stage: Stage, done: bool) -> None:
    on = calm(stage.day(520))
    case = Case.begin(stage, stage.take("pedestrian"), on)
    paper = case.measure("bail", on)
    lifted = calm(on + stage.days(20, 60))
    case.end(paper, lifted, "lifted")
    due = months_after(lifted, 12)
    holds = missing(stage, due, "police-step", "procuratorate-decision", "police-restraint")
    steps = [(holds, "holds")]
    if done:
        steps.append((case.close(holds + stage.days(15, 40)), "cured"))
    stage.expect("D07", "after_measure", case.person, f"{case.key}/after_measure", *steps)


@life("planted", "D07", rate=3)
def nothing_sent_for_a_year(stage: Stage) -> None:
    """Released on bail, which was lifted; then the case lies for more than a year."""
    _lying(stage, done=False)


@life("planted", "D07", rate=2)
def withdrawn_after_more_than_a_year(stage: Stage) -> None:
    _lying(stage, done=True)


#: Two years, the days until they are known to have passed in vain, and a month to end the case.
TWO_YEARS = 830

unplanted("D07", "no_measure", "two years without a measure are longer than such a district")


def _never_held(stage: Stage, done: bool) -> None:
    on = calm(stage.day(TWO_YEARS - 35))
    case = Case.begin(stage, stage.take("pedestrian"), on)
    due = rolled(months_after(on, 24))
    holds = missing(stage, due, "police-step", "procuratorate-decision", "police-restraint")
    steps = [(holds, "holds")]
    if done:
        steps.append((case.close(holds + stage.days(10, 30)), "cured"))
    stage.expect("D07", "no_measure", case.person, f"{case.key}/no_measure", *steps)


@life("planted", "D07", rate=2, days=TWO_YEARS)
def neither_held_nor_sent_for_two_years(stage: Stage) -> None:
    """Opened, and no measure taken, nothing sent and nothing ended for two years."""
    _never_held(stage, done=False)


@life("planted", "D07", rate=1, days=TWO_YEARS)
def withdrawn_after_more_than_two_years(stage: Stage) -> None:
    _never_held(stage, done=True)


@life("look_alike", "D07", rate=1, days=TWO_YEARS)
def sent_on_the_last_day_of_two_years(stage: Stage) -> None:
    """No measure was ever taken, and the case is sent on the last day."""
    on = calm(stage.day(TWO_YEARS - 35))
    case = Case.begin(stage, stage.take("pedestrian"), on)
    case.step("police-step", "sent_for_prosecution", rolled(months_after(on, 24)))


def _refused(stage: Stage, on: date) -> tuple[Case, date, str]:
    case = Case.begin(stage, stage.take("pedestrian"), on)
    paper = case.measure("detention", on)
    case.step("police-step", "extended", on + DAY, yy="1")
    case.step("procuratorate-case", "arrest_requested", on + timedelta(6))
    decided = on + timedelta(8)
    case.step("procuratorate-case", "arrest_reviewed", decided)
    number = stage.numbers.next("潮检不捕", decided.year)
    stage.open(
        "procuratorate-decision",
        decided,
        entered=decided,
        wsh=number,
        bmsah=case.number,
        zjhm=case.person.number,
        mc=case.person.name,
        jdlx="5",
        zm="264",
        jdrq=decided.isoformat(),
        sdrq=decided.isoformat(),
    )
    case.end(paper, decided, "lifted")
    return case, decided, number


def _left(stage: Stage, on: date, done: bool) -> None:
    case, decided, number = _refused(stage, on)
    due = rolled(decided + timedelta(15))
    holds = missing(stage, due, "police-step")
    steps = [(holds, "holds")]
    if done:
        steps.append((case.close(holds + stage.days(10, 30)), "cured"))
    key = f"{PROCURATORATE}/{number}/followup"
    stage.expect("D07", "no_arrest_followup", case.person, key, *steps)


@life("planted", "D07", rate=2)
def nothing_after_a_refusal(stage: Stage) -> None:
    """The police neither object nor end the case within fifteen days."""
    _left(stage, stage.day(60, not_before=stage.script.window.until - timedelta(300)), done=False)


@life("planted", "D07", rate=2)
def withdrawn_late_after_a_refusal(stage: Stage) -> None:
    _left(stage, stage.day(120), done=True)


def _stalled(stage: Stage, on: date, done: bool) -> None:
    opened = calm(on + stage.days(5, 12))
    case = Case.begin(stage, stage.take("pedestrian"), opened, jd="1")
    order = case.step("procuratorate-case", "filing_ordered", min(on, opened))
    case.step("police-step", "filed", opened)
    holds = missing(stage, rolled(months_after(opened, 3)), "police-step")
    steps = [(holds, "holds")]
    if done:  # being late is no fault by itself: the alert ends
        steps.append((case.close(holds + stage.days(10, 30)), ""))
    stage.expect("D07", "supervised_stall", case.person, f"{order.record_key}/stall", *steps)


@life("planted", "D07", rate=1)
def opened_under_supervision_and_stalled(stage: Stage) -> None:
    first = stage.script.window.until - timedelta(600)
    _stalled(stage, stage.day(130, not_before=first), done=False)


@life("planted", "D07", rate=1)
def stalled_and_concluded(stage: Stage) -> None:
    _stalled(stage, stage.day(200), done=True)


@life("planted", "D07", rate=3)
def arrest_requested_late(stage: Stage) -> None:
    """Nobody approved more than three days, and the request came on the sixth or later."""
    person, on = stage.take("pedestrian"), stage.day(60)
    case = Case.begin(stage, person, on)
    paper = case.measure("detention", on)
    asked = on + stage.days(6, 12)
    request = case.step("procuratorate-case", "arrest_requested", asked)
    case.step("procuratorate-case", "arrest_reviewed", asked + timedelta(2))
    detention = Clock(case, "detention", on, paper, on + timedelta(3))
    detention.ended = request.known, asked
    review = Clock(case, "arrest_review", asked, request, asked + timedelta(7))
    review.ended = case.end(paper, asked + timedelta(2), "lifted"), asked + timedelta(2)
    state([detention, review])  # the same days are overdue custody
    case.close(asked + timedelta(12))
    known = max(request.known, stage.script.complete("police-step", asked))
    stage.expect("D07", "request_late", person, f"{paper.row['csbh']}/request", (known, "holds"))
