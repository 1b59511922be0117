"""Held in every stage of a case (D17): lawful to the last day, extended, overdue, not warned of."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import rolled
from streams.district.lives import Stage, life
from streams.district.lives.criminal.case import (
    DAY,
    Case,
    Clock,
    calm,
    months_after,
    onward,
    put_step,
    state,
)
from streams.district.people import Person
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
    case, paper, clock = _detained(stage, stage.day(60))
    release(case, clock, paper, clock.start + stage.days(6, 30))
    case.close(clock.start + timedelta(32))
    state([clock])


@life("planted", "D17", rate=2)
def refused_and_not_released(stage: Stage) -> None:
    """The review of arrest ends with nothing, and the detention goes on."""
    case, paper, first, review = _requested(stage, stage.day(60))
    release(case, review, paper, review.due + stage.days(3, 12))
    case.close(review.due + timedelta(15))
    state([first, review])


@life("planted", "D17", rate=1)
def held_too_long_by_the_procuratorate(stage: Stage) -> None:
    """A case of its own: fourteen days, and no decision."""
    paper, clock = _held_by_the_procuratorate(stage, stage.day(60))
    ends = clock.start + stage.days(17, 30)
    known = paper.change(ends, entered=ends, jsrq=ends.isoformat(), jsyy="32")
    clock.ended = known, ends
    state([clock])


@life("planted", "D17", rate=3)
def investigated_past_two_months(stage: Stage) -> None:
    """No extension; the detention centre warned late; sent for prosecution late."""
    case, paper, clocks = _arrested(stage, calm(stage.day(200)))
    clock = investigate(stage, case, paper, began(paper), 2)
    not_warned(stage, clock, case.warn(clock.due + timedelta(9)).known)
    review = send(case, clock, clock.due + stage.days(12, 25))
    release(case, review, paper, review.start + stage.days(10, 18))
    state([*clocks, clock, review])


@life("planted", "D17", rate=2)
def approved_a_day_too_late(stage: Stage) -> None:
    """The third month was approved on the day after the second ended: it does not count."""
    case, paper, clocks = _arrested(stage, calm(stage.day(190)))
    clock = investigate(stage, case, paper, began(paper), 2)
    case.warn(clock.due - timedelta(3))
    case.step("police-step", "s156", clock.due + DAY)
    release(case, clock, paper, clock.due + stage.days(15, 26))
    case.close(clock.due + timedelta(30))
    state([*clocks, clock])


@life("planted", "D17", rate=2)
def reviewed_and_supplemented_past_the_month(stage: Stage) -> None:
    """Sent back on the last day, and not sent again within the month; then too long at court."""
    case, paper, clocks = _arrested(stage, calm(stage.day(300)))
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
    _, _, clock = _detained(stage, late(stage, 20))
    state([clock])


@life("planted", "D17", rate=1)
def refused_and_still_there(stage: Stage) -> None:
    _, _, first, review = _requested(stage, late(stage, 25))
    state([first, review])


@life("planted", "D17", rate=0.5)
def still_held_by_the_procuratorate(stage: Stage) -> None:
    _, clock = _held_by_the_procuratorate(stage, late(stage, 30))
    state([clock])


@life("planted", "D17", rate=2)
def still_investigated(stage: Stage) -> None:
    """And the detention centre never warned."""
    case, paper, clocks = _arrested(stage, late(stage, 105))
    clock = investigate(stage, case, paper, began(paper), 2)
    not_warned(stage, clock)
    state([*clocks, clock])


@life("planted", "D17", rate=1)
def still_reviewed(stage: Stage) -> None:
    case, paper, clocks = _arrested(stage, late(stage, 110))
    clock = investigate(stage, case, paper, began(paper), 2)
    review = send(case, clock, clock.start + stage.days(30, 35))
    case.warn(review.due - timedelta(3))
    state([*clocks, clock, review])


@life("planted", "D17", rate=1)
def still_supplemented(stage: Stage) -> None:
    case, paper, clocks = _arrested(stage, late(stage, 130))
    clock = investigate(stage, case, paper, began(paper), 2)
    review = send(case, clock, clock.start + stage.days(30, 35))
    again = send_back(case, review, review.start + stage.days(12, 18))
    case.warn(again.due - timedelta(3))
    state([*clocks, clock, review, again])


@life("planted", "D17", rate=1)
def still_tried(stage: Stage) -> None:
    """First instance, extended once; a second extension was never asked for."""
    case, paper, clocks = _arrested(stage, late(stage, 280))
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
    case, paper, clocks = _arrested(stage, late(stage, 170))
    clock = investigate(stage, case, paper, began(paper), 2)
    review = send(case, clock, clock.start + stage.days(30, 35))
    trial = try_case(case, review, review.start + stage.days(10, 18), cx="2")
    day = trial.start + stage.days(9, 12)
    second = case.step("court-case", "second_instance", day)
    trial.ended = second.known, day
    appeal = Clock(case, "second_instance", day, second, months_after(day, 2))
    case.warn(appeal.due - timedelta(5))
    state([*clocks, clock, review, trial, appeal])


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


def _arrested(stage: Stage, on: date) -> tuple[Case, Paper, list[Clock]]:
    case = Case.begin(stage, stage.take("pedestrian"), on)
    paper, clocks = arrest(stage, case, on)
    return case, paper, clocks


def _detained(stage: Stage, on: date) -> tuple[Case, Paper, Clock]:
    case = Case.begin(stage, stage.take("pedestrian"), on)
    paper = case.measure("detention", on)
    return case, paper, Clock(case, "detention", on, paper, on + timedelta(3))


def _requested(stage: Stage, on: date) -> tuple[Case, Paper, Clock, Clock]:
    case, paper, first = _detained(stage, on)
    asked = on + timedelta(2)
    request = case.step("procuratorate-case", "arrest_requested", asked)
    first.ended = request.known, asked
    case.step("procuratorate-case", "arrest_reviewed", asked + timedelta(5))
    return case, paper, first, Clock(case, "arrest_review", asked, request, asked + timedelta(7))


def _held_by_the_procuratorate(stage: Stage, on: date) -> tuple[Paper, Clock]:
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


# ---- planted: compulsory treatment


def _appraised(stage: Stage, person: Person, case: Case, on: date) -> Paper:
    until = onward(on + stage.days(10, 20))
    return stage.open(
        "police-appraisal",
        until,
        entered=until,
        jdbh=stage.numbers.serial("JD-"),
        ajbh=case.number,
        gmsfhm=person.number,
        ksrq=on.isoformat(),
        jsrq=until.isoformat(),
        jl="1",
    )


TREATMENT = (
    ("med_opinion", "police-step", "med_opinion", 7),
    ("med_application", "procuratorate-case", "med_application", 30),
    ("med_accept", "court-case", "med_accepted", 7),
    ("med_decision", "court-case", "med_decided", 0),
)


def _mad(stage: Stage, missing: int, done: bool) -> None:
    """Found not responsible for a violent act; one step of the chain is late, or never taken."""
    person, on = stage.take("pedestrian"), stage.day(200)
    case = Case.begin(stage, person, on, ay="234")
    appraisal = _appraised(stage, person, case, on)
    case.close(on + timedelta(26))
    since = date.fromisoformat(str(appraisal.row["jsrq"]))
    for number, (rule, feed, step, days) in enumerate(TREATMENT):
        if number != missing:
            since = onward(since + DAY)
            case.step(feed, step, since)
            continue
        due = rolled(since + timedelta(days) if days else months_after(since, 1))
        holds = max(due + DAY, stage.script.complete(feed, due))
        told = [(holds, "holds")]
        if done:
            since = onward(holds + stage.days(5, 15))
            told.append((case.step(feed, step, since).known, "cured"))
        key = f"{appraisal.record_key}/{rule}"
        stage.expect("D17", rule, person, key, *told)
        if not done:
            return


@life("planted", "D17", rate=1)
def no_opinion_on_the_mad(stage: Stage) -> None:
    _mad(stage, 0, done=False)


@life("planted", "D17", rate=1)
def late_opinion_on_the_mad(stage: Stage) -> None:
    _mad(stage, 0, done=True)


@life("planted", "D17", rate=1)
def no_application_for_treatment(stage: Stage) -> None:
    _mad(stage, 1, done=False)


@life("planted", "D17", rate=0.5)
def application_not_accepted(stage: Stage) -> None:
    _mad(stage, 2, done=False)


@life("planted", "D17", rate=0.5)
def treatment_not_decided(stage: Stage) -> None:
    _mad(stage, 3, done=False)
