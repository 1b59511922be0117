"""Papers of custody, stage by stage: what a lawful case has, and what a life leaves out of it."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.lives import Stage
from streams.district.lives.criminal.case import (
    DAY,
    Case,
    Clock,
    calm,
    months_after,
    put_step,
)
from streams.district.script import Paper


def arrest(stage: Stage, case: Case, on: date) -> tuple[Paper, list[Clock]]:
    """Detained, requested within thirty days on a ground, arrested at once: all in time."""
    detained = case.measure("detention", on)
    extended = case.step("police-step", "extended", on + DAY, yy="2")
    asked = on + stage.days(8, 20)
    request = case.step("procuratorate-case", "arrest_requested", asked)
    caught = asked + stage.days(1, 3)
    case.step("procuratorate-case", "arrest_reviewed", caught)
    first = Clock(case, "detention", on, detained, on + timedelta(3))
    paper = case.measure("arrest", caught)
    case.end(detained, caught)
    first.moves.append((extended.known, on + timedelta(30)))
    first.ended = request.known, asked
    review = Clock(case, "arrest_review", asked, request, asked + timedelta(7))
    review.ended = paper.known, caught
    return paper, [first, review]


def investigate(stage: Stage, case: Case, paper: Paper, since: date, months: int) -> Clock:
    """The clock of the investigation, extended a fortnight ahead to so many months."""
    clock = Clock(case, "investigation", since, paper, months_after(since, 2))
    for step, more in (("s156", 1), ("s158", 2), ("s159", 2)):
        due = clock.last(date.max)
        if months <= 2:
            break
        granted = case.step("police-step", step, due - stage.days(9, 13))
        clock.moves.append((granted.known, months_after(due, more)))
        months -= more
    return clock


def send(case: Case, clock: Clock, on: date) -> Clock:
    """Sent for prosecution and received on one day: the clock of the review."""
    case.step("police-step", "sent_for_prosecution", on)
    review = case.step("procuratorate-case", "review", on)
    clock.ended = review.known, on
    return Clock(case, "review", on, review, months_after(on, 1))


def try_case(case: Case, clock: Clock, on: date, **columns: object) -> Clock:
    """Accepted by the court: three months, or twenty days in simple procedure."""
    end_review(case, clock, on)
    paper = case.step("court-case", "first_instance", on, **columns)
    clock.ended = paper.known, on
    due = on + timedelta(20) if columns.get("cx") == "2" else months_after(on, 3)
    return Clock(case, "first_instance", on, paper, due)


def late(stage: Stage, days: int) -> date:
    """A day from which so many lead to the last weeks of the window: what is open then stays so."""
    first = stage.script.window.until - timedelta(days + 50)
    return calm(stage.day(days, not_before=first))


def end_review(case: Case, clock: Clock, on: date) -> None:
    if clock.rule == "review":
        case.step("procuratorate-case", "review_ended", on)


def release(case: Case, clock: Clock, paper: Paper, on: date, how: str = "lifted") -> None:
    end_review(case, clock, on)
    known = case.end(paper, on, how)
    clock.ended = known, on


def not_warned(stage: Stage, clock: Clock, known: date | None = None) -> None:
    """The detention centre sent nothing in the last seven days; ``known``: sent late."""
    due = clock.last(date.max)
    holds = max(due + DAY, stage.script.complete("lockup-step", due))
    steps = [(holds, "holds")]
    if known is not None:
        steps.append((known, "cured"))
    stage.expect("D17", "warning_7d", clock.case.person, f"{clock.obligation}/warning", *steps)


def began(paper: Paper) -> date:
    return date.fromisoformat(str(paper.row["ksrq"]))


def send_back(case: Case, review: Clock, on: date) -> Clock:
    """Back to the police for a month."""
    paper = case.step("procuratorate-case", "returned_for_supplement", on)
    review.ended = paper.known, on
    return Clock(case, "supplement", on, paper, months_after(on, 1))


def resubmit(case: Case, supplement: Clock, on: date) -> Clock:
    """Sent again: the review runs anew."""
    paper = case.step("procuratorate-case", "resubmitted", on)
    supplement.ended = paper.known, on
    return Clock(case, "review", on, paper, months_after(on, 1))


def arrested(stage: Stage, on: date) -> tuple[Case, Paper, list[Clock]]:
    case = Case.begin(stage, stage.take("pedestrian"), on)
    paper, clocks = arrest(stage, case, on)
    return case, paper, clocks


def detained(stage: Stage, on: date) -> tuple[Case, Paper, Clock]:
    case = Case.begin(stage, stage.take("pedestrian"), on)
    paper = case.measure("detention", on)
    return case, paper, Clock(case, "detention", on, paper, on + timedelta(3))


def requested(stage: Stage, on: date) -> tuple[Case, Paper, Clock, Clock]:
    case, paper, first = detained(stage, on)
    asked = on + timedelta(2)
    request = case.step("procuratorate-case", "arrest_requested", asked)
    first.ended = request.known, asked
    case.step("procuratorate-case", "arrest_reviewed", asked + timedelta(5))
    return case, paper, first, Clock(case, "arrest_review", asked, request, asked + timedelta(7))


def held_by_the_procuratorate(stage: Stage, on: date) -> tuple[Paper, Clock]:
    person, number = stage.take("pedestrian"), stage.numbers.next("潮检自立", on.year)
    paper = stage.open(
        "procuratorate-restraint",
        on,
        entered=on,
        csbh=stage.numbers.serial("JC-"),
        ajbh=number,
        sfzh=person.number,
        xm=person.name,
        cslx="02",
        ksrq=on.isoformat(),
    )
    case = Case(stage, person, number)
    put_step(stage, person, number, "lockup-step", "warning_sent", on + timedelta(10))
    return paper, Clock(case, "detention_own", on, paper, on + timedelta(14))
