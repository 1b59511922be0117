"""Criminal cases left hanging (D07): bail and residence, nothing sent, nothing followed up."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import rolled
from streams.district.lives import Stage, life
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


@life("look_alike", "D07", rate=3)
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
    case, decided, _ = _refused(stage)
    asked = rolled(decided + timedelta(15))
    case.step("police-step", "reconsideration_asked", asked)
    case.close(asked + timedelta(20))


# ---- planted


@life("planted", "D07", rate=4)
def bail_past_its_year(stage: Stage) -> None:
    on = calm(stage.day(470))
    case = Case.begin(stage, stage.take("pedestrian"), on)
    paper = case.measure("bail", on)
    case.step("police-step", "sent_for_prosecution", on + stage.days(100, 200))
    due = rolled(months_after(on, 12))
    ended = None
    if stage.rng.random() < 0.5:
        lifted = due + stage.days(15, 60)
        ended = case.end(paper, lifted, "lifted"), lifted
    expect_measure(stage, case, "bail", paper, due, ended)


@life("planted", "D07", rate=3)
def residence_past_six_months(stage: Stage) -> None:
    on = calm(stage.day(300))
    case = Case.begin(stage, stage.take("pedestrian"), on)
    paper = case.measure("residence", on)
    case.step("police-step", "sent_for_prosecution", on + stage.days(60, 120))
    due = rolled(months_after(on, 6))
    lifted = due + stage.days(15, 60)
    known = case.end(paper, lifted, "lifted")
    expect_measure(stage, case, "residence", paper, due, (known, lifted))


@life("planted", "D07", rate=3)
def nothing_sent_for_a_year(stage: Stage) -> None:
    """Released on bail, which was lifted; then the case lies for more than a year."""
    on = calm(stage.day(520))
    case = Case.begin(stage, stage.take("pedestrian"), on)
    paper = case.measure("bail", on)
    lifted = calm(on + stage.days(20, 60))
    case.end(paper, lifted, "lifted")
    due = months_after(lifted, 12)
    holds = missing(stage, due, "police-step", "procuratorate-decision", "police-restraint")
    steps = [(holds, "holds")]
    if stage.rng.random() < 0.5:
        steps.append((case.close(holds + stage.days(15, 40)), "cured"))
    stage.expect("D07", "after_measure", case.person, f"{case.key}/after_measure", *steps)


@life("planted", "D07", rate=1)
def nothing_done_for_two_years(stage: Stage) -> None:
    """No measure was ever taken; only a district of more than two years has room for it."""
    on = calm(stage.day(745))
    case = Case.begin(stage, stage.take("pedestrian"), on)
    due = months_after(on, 24)
    holds = missing(stage, due, "police-step", "procuratorate-decision", "police-restraint")
    stage.expect("D07", "no_measure", case.person, f"{case.key}/no_measure", (holds, "holds"))


def _refused(stage: Stage) -> tuple[Case, date, str]:
    on = stage.day(120)
    case = Case.begin(stage, stage.take("pedestrian"), on)
    paper = case.measure("detention", on)
    case.step("police-step", "extended", on + DAY, yy="1")
    case.step("procuratorate-case", "arrest_requested", on + timedelta(6))
    decided = on + timedelta(8)
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


@life("planted", "D07", rate=3)
def nothing_after_a_refusal(stage: Stage) -> None:
    """The police neither object nor end the case within fifteen days."""
    case, decided, number = _refused(stage)
    due = rolled(decided + timedelta(15))
    holds = missing(stage, due, "police-step")
    steps = [(holds, "holds")]
    if stage.rng.random() < 0.5:
        steps.append((case.close(holds + stage.days(10, 30)), "cured"))
    else:  # a year later it is a case left lying as well
        lying = months_after(decided, 12)
        known = missing(stage, lying, "police-step", "procuratorate-decision", "police-restraint")
        key = f"{case.key}/after_measure"
        stage.expect("D07", "after_measure", case.person, key, (known, "holds"))
    key = f"{PROCURATORATE}/{number}/followup"
    stage.expect("D07", "no_arrest_followup", case.person, key, *steps)


@life("planted", "D07", rate=2)
def opened_under_supervision_and_stalled(stage: Stage) -> None:
    person, on = stage.take("pedestrian"), calm(stage.day(200))
    opened = calm(on + stage.days(5, 12))
    case = Case.begin(stage, person, opened, jd="1")
    order = case.step("procuratorate-case", "filing_ordered", on)
    due = rolled(months_after(opened, 3))
    holds = missing(stage, due, "police-step")
    steps = [(holds, "holds")]
    if stage.rng.random() < 0.5:  # being late is no fault by itself: the alert ends
        steps.append((case.close(holds + stage.days(10, 30)), ""))
    else:
        lying = months_after(opened, 24)
        known = missing(stage, lying, "police-step", "procuratorate-decision", "police-restraint")
        key = f"{case.key}/no_measure"
        stage.expect("D07", "no_measure", person, key, (known, "holds"))
    stage.expect("D07", "supervised_stall", person, f"{order.record_key}/stall", *steps)


@life("planted", "D07", rate=3)
def arrest_requested_late(stage: Stage) -> None:
    """Nobody approved more than three days, and the request came on the sixth or later."""
    person, on = stage.take("pedestrian"), stage.day(60)
    case = Case.begin(stage, person, on)
    paper = case.measure("detention", on)
    asked = on + stage.days(6, 12)
    request = case.step("procuratorate-case", "arrest_requested", asked)
    detention = Clock(case, "detention", on, paper, on + timedelta(3))
    detention.ended = request.known, asked
    review = Clock(case, "arrest_review", asked, request, asked + timedelta(7))
    review.ended = case.end(paper, asked + timedelta(2), "lifted"), asked + timedelta(2)
    state([detention, review])  # the same days are overdue custody
    case.close(asked + timedelta(12))
    known = max(request.known, stage.script.complete("police-step", asked))
    stage.expect("D07", "request_late", person, f"{paper.row['csbh']}/request", (known, "holds"))
