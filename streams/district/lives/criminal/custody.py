"""Held in every stage of a case (D17): lawful to the last day, extended, overdue, not warned of."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.lives import Stage, life
from streams.district.lives.criminal.case import (
    DAY,
    Case,
    Clock,
    calm,
    months_after,
    state,
)
from streams.district.lives.criminal.custody_papers import (
    arrest,
    arrested,
    began,
    detained,
    held_by_the_procuratorate,
    investigate,
    late,
    not_warned,
    release,
    requested,
    resubmit,
    send,
    send_back,
    try_case,
)

# ---- ordinary and near to it


@life("ordinary", "D17", rate=14)
def held_and_tried_in_time(stage: Stage) -> None:
    """The whole way to a trial, each stage within its term."""
    person, on = stage.take("pedestrian"), calm(stage.day(330))
    case = Case.begin(stage, person, on)
    paper, clocks = arrest(stage, case, on)
    since = began(paper)
    clock = investigate(stage, case, paper, since, stage.rng.choice((2, 3)))
    sent = calm(clock.last(date.max) - stage.days(9, 20))
    review = send(case, clock, sent)
    trial = try_case(case, review, sent + stage.days(10, 18))
    release(case, trial, paper, trial.start + stage.days(20, 70))
    state([*clocks, clock, review, trial])


@life("planted", "D17", rate=3)
def sent_on_the_last_day(stage: Stage) -> None:
    """Everything on the very last day, warned of before it."""
    person, on = stage.take("pedestrian"), calm(stage.day(220))
    case = Case.begin(stage, person, on)
    paper, clocks = arrest(stage, case, on)
    since = began(paper)
    clock = investigate(stage, case, paper, since, 2)
    case.warn(clock.due - timedelta(5))
    review = send(case, clock, clock.due)
    case.warn(review.due - timedelta(4))
    trial = try_case(case, review, review.due)
    release(case, trial, paper, trial.start + stage.days(20, 40))
    state([*clocks, clock, review, trial])


@life("planted", "D17", rate=2)
def released_on_the_last_day_of_detention(stage: Stage) -> None:
    """Three days without an extension, ended on the third."""
    person, on = stage.take("pedestrian"), stage.day(40)
    case = Case.begin(stage, person, on)
    paper = case.measure("detention", on)
    clock = Clock(case, "detention", on, paper, on + timedelta(3))
    release(case, clock, paper, on + timedelta(3))
    case.close(on + timedelta(10))
    state([clock])


@life("look_alike", "D17", rate=2)
def left_out_for_an_appraisal(stage: Stage) -> None:
    """A psychiatric appraisal moves the last day: the notice ends, nobody is held too long."""
    person, on = stage.take("pedestrian"), calm(stage.day(250))
    case = Case.begin(stage, person, on)
    paper, clocks = arrest(stage, case, on)
    since = began(paper)
    clock = Clock(case, "investigation", since, paper, months_after(since, 2))
    begins = since + stage.days(15, 30)
    days = stage.rng.randint(20, 25)
    appraisal = stage.open(
        "police-appraisal",
        begins,
        entered=begins,
        jdbh=stage.numbers.serial("JD-"),
        ajbh=case.number,
        gmsfhm=person.number,
        ksrq=begins.isoformat(),
        jsrq=(begins + timedelta(days - 1)).isoformat(),
        jl="3",
    )
    clock.moves.append((appraisal.known, clock.due + timedelta(days)))
    review = send(case, clock, calm(clock.last(date.max) - stage.days(9, 15)))
    release(case, review, paper, review.start + stage.days(10, 20))
    state([*clocks, clock, review])


@life("look_alike", "D17", rate=2)
def investigated_for_seven_months(stage: Stage) -> None:
    """Every extension that the law has, each approved well ahead."""
    person, on = stage.take("pedestrian"), calm(stage.day(320))
    case = Case.begin(stage, person, on)
    paper, clocks = arrest(stage, case, on)
    clock = investigate(stage, case, paper, began(paper), 7)
    review = send(case, clock, clock.last(date.max) - stage.days(9, 20))
    release(case, review, paper, review.start + stage.days(10, 18))
    state([*clocks, clock, review])


@life("look_alike", "D17", rate=2)
def moved_to_another_lockup(stage: Stage) -> None:
    """Two rows of one arrest, day on day: one time in custody, one clock."""
    person, on = stage.take("pedestrian"), calm(stage.day(160))
    case = Case.begin(stage, person, on)
    paper, clocks = arrest(stage, case, on)
    since = began(paper)
    clock = investigate(stage, case, paper, since, 2)
    moved = since + stage.days(10, 20)
    again = case.measure("arrest", moved)
    case.end(paper, moved)
    review = send(case, clock, clock.due - stage.days(9, 20))
    release(case, review, again, review.start + stage.days(10, 18))
    state([*clocks, clock, review])


# ---- planted: ended late


@life("planted", "D17", rate=3)
def detained_and_forgotten(stage: Stage) -> None:
    """No request after three days, no extension, released late."""
    case, paper, clock = detained(stage, stage.day(60))
    release(case, clock, paper, clock.start + stage.days(6, 30))
    case.close(clock.start + timedelta(32))
    state([clock])


@life("planted", "D17", rate=2)
def refused_and_not_released(stage: Stage) -> None:
    """The review of arrest ends with nothing, and the detention goes on."""
    case, paper, first, review = requested(stage, stage.day(60))
    release(case, review, paper, review.due + stage.days(3, 12))
    case.close(review.due + timedelta(15))
    state([first, review])


@life("planted", "D17", rate=1)
def held_too_long_by_the_procuratorate(stage: Stage) -> None:
    """A case of its own: fourteen days, and no decision."""
    paper, clock = held_by_the_procuratorate(stage, stage.day(60))
    ends = clock.start + stage.days(17, 30)
    known = paper.change(ends, entered=ends, jsrq=ends.isoformat(), jsyy="32")
    clock.ended = known, ends
    state([clock])


@life("planted", "D17", rate=3)
def investigated_past_two_months(stage: Stage) -> None:
    """No extension; the detention centre warned late; sent for prosecution late."""
    case, paper, clocks = arrested(stage, calm(stage.day(200)))
    clock = investigate(stage, case, paper, began(paper), 2)
    not_warned(stage, clock, case.warn(clock.due + timedelta(9)).known)
    review = send(case, clock, clock.due + stage.days(12, 25))
    release(case, review, paper, review.start + stage.days(10, 18))
    state([*clocks, clock, review])


@life("planted", "D17", rate=2)
def approved_a_day_too_late(stage: Stage) -> None:
    """The third month was approved on the day after the second ended: it does not count."""
    case, paper, clocks = arrested(stage, calm(stage.day(190)))
    clock = investigate(stage, case, paper, began(paper), 2)
    case.warn(clock.due - timedelta(3))
    case.step("police-step", "s156", clock.due + DAY)
    release(case, clock, paper, clock.due + stage.days(15, 26))
    case.close(clock.due + timedelta(30))
    state([*clocks, clock])


@life("planted", "D17", rate=2)
def reviewed_and_supplemented_past_the_month(stage: Stage) -> None:
    """Sent back on the last day, and not sent again within the month; then too long at court."""
    case, paper, clocks = arrested(stage, calm(stage.day(300)))
    clock = investigate(stage, case, paper, began(paper), 2)
    review = send(case, clock, clock.start + stage.days(30, 45))
    case.warn(review.due - timedelta(3))
    back = review.due + stage.days(2, 6)
    again = send_back(case, review, back)
    case.warn(again.due - timedelta(2))
    anew = resubmit(case, again, again.due + stage.days(2, 10))
    trial = try_case(case, anew, anew.start + stage.days(10, 18), cx="2")
    case.warn(trial.due - timedelta(3))
    release(case, trial, paper, trial.due + stage.days(5, 20))
    state([*clocks, clock, review, again, anew, trial])


# ---- planted: still held


@life("planted", "D17", rate=1)
def detained_and_still_there(stage: Stage) -> None:
    _, _, clock = detained(stage, late(stage, 20))
    state([clock])


@life("planted", "D17", rate=1)
def refused_and_still_there(stage: Stage) -> None:
    _, _, first, review = requested(stage, late(stage, 25))
    state([first, review])


@life("planted", "D17", rate=0.5)
def still_held_by_the_procuratorate(stage: Stage) -> None:
    _, clock = held_by_the_procuratorate(stage, late(stage, 30))
    state([clock])


@life("planted", "D17", rate=2)
def still_investigated(stage: Stage) -> None:
    """And the detention centre never warned."""
    case, paper, clocks = arrested(stage, late(stage, 105))
    clock = investigate(stage, case, paper, began(paper), 2)
    not_warned(stage, clock)
    state([*clocks, clock])


@life("planted", "D17", rate=1)
def still_reviewed(stage: Stage) -> None:
    case, paper, clocks = arrested(stage, late(stage, 110))
    clock = investigate(stage, case, paper, began(paper), 2)
    review = send(case, clock, clock.start + stage.days(30, 35))
    case.warn(review.due - timedelta(3))
    state([*clocks, clock, review])


@life("planted", "D17", rate=1)
def still_supplemented(stage: Stage) -> None:
    case, paper, clocks = arrested(stage, late(stage, 130))
    clock = investigate(stage, case, paper, began(paper), 2)
    review = send(case, clock, clock.start + stage.days(30, 35))
    again = send_back(case, review, review.start + stage.days(12, 18))
    case.warn(again.due - timedelta(3))
    state([*clocks, clock, review, again])


@life("planted", "D17", rate=1)
def still_tried(stage: Stage) -> None:
    """First instance, extended once; a second extension was never asked for."""
    case, paper, clocks = arrested(stage, late(stage, 280))
    clock = investigate(stage, case, paper, began(paper), 2)
    review = send(case, clock, clock.start + stage.days(30, 35))
    trial = try_case(case, review, review.start + stage.days(10, 18))
    case.warn(trial.due - timedelta(4))
    granted = case.step("court-case", "s208", trial.due - timedelta(2))
    trial.moves.append((granted.known, months_after(trial.due, 3)))
    case.warn(trial.last(date.max) - timedelta(4))
    state([*clocks, clock, review, trial])


@life("planted", "D17", rate=1)
def still_on_appeal(stage: Stage) -> None:
    case, paper, clocks = arrested(stage, late(stage, 170))
    clock = investigate(stage, case, paper, began(paper), 2)
    review = send(case, clock, clock.start + stage.days(30, 35))
    trial = try_case(case, review, review.start + stage.days(10, 18), cx="2")
    day = trial.start + stage.days(9, 12)
    second = case.step("court-case", "second_instance", day)
    trial.ended = second.known, day
    appeal = Clock(case, "second_instance", day, second, months_after(day, 2))
    case.warn(appeal.due - timedelta(5))
    state([*clocks, clock, review, trial, appeal])
