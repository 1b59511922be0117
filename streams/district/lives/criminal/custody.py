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
    caught = asked + stage.days(2, 6)
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
    paper = case.step("court-case", "first_instance", on, **columns)
    clock.ended = paper.known, on
    due = on + timedelta(20) if columns.get("cx") == "2" else months_after(on, 3)
    return Clock(case, "first_instance", on, paper, due)


def release(case: Case, clock: Clock, paper: Paper, on: date, how: str = "lifted") -> None:
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
    since = date.fromisoformat(str(paper.row["ksrq"]))
    clock = investigate(stage, case, paper, since, stage.rng.choice((2, 3)))
    sent = calm(clock.last(date.max) - stage.days(9, 20))
    review = send(case, clock, sent)
    trial = try_case(case, review, sent + stage.days(10, 22))
    release(case, trial, paper, trial.start + stage.days(20, 70))
    state([*clocks, clock, review, trial])


@life("look_alike", "D17", rate=3)
def sent_on_the_last_day(stage: Stage) -> None:
    """Everything on the very last day, warned of before it."""
    person, on = stage.take("pedestrian"), calm(stage.day(220))
    case = Case.begin(stage, person, on)
    paper, clocks = arrest(stage, case, on)
    since = date.fromisoformat(str(paper.row["ksrq"]))
    clock = investigate(stage, case, paper, since, 2)
    case.warn(clock.due - timedelta(5))
    review = send(case, clock, clock.due)
    case.warn(review.due - timedelta(4))
    trial = try_case(case, review, review.due)
    release(case, trial, paper, trial.start + stage.days(20, 40))
    state([*clocks, clock, review, trial])


@life("look_alike", "D17", rate=2)
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
    since = date.fromisoformat(str(paper.row["ksrq"]))
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


# ---- planted


@life("planted", "D17", rate=3)
def detained_and_forgotten(stage: Stage) -> None:
    """No request after three days, no extension, released late."""
    person, on = stage.take("pedestrian"), stage.day(60)
    case = Case.begin(stage, person, on)
    paper = case.measure("detention", on)
    clock = Clock(case, "detention", on, paper, on + timedelta(3))
    if stage.rng.random() < 0.5:
        release(case, clock, paper, on + stage.days(6, 30))
        case.close(on + timedelta(32))
    state([clock])


@life("planted", "D17", rate=2)
def refused_and_not_released(stage: Stage) -> None:
    """The review of arrest ends with nothing, and the detention goes on."""
    person, on = stage.take("pedestrian"), stage.day(60)
    case = Case.begin(stage, person, on)
    paper = case.measure("detention", on)
    asked = on + timedelta(2)
    request = case.step("procuratorate-case", "arrest_requested", asked)
    first = Clock(case, "detention", on, paper, on + timedelta(3))
    first.ended = request.known, asked
    review = Clock(case, "arrest_review", asked, request, asked + timedelta(7))
    release(case, review, paper, review.due + stage.days(3, 12))
    case.close(review.due + timedelta(15))
    state([first, review])


@life("planted", "D17", rate=1)
def held_too_long_by_the_procuratorate(stage: Stage) -> None:
    """A case of its own: fourteen days, and no decision."""
    person, on = stage.take("pedestrian"), stage.day(60)
    number = stage.numbers.next("潮检自立", on.year)
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
    clock = Clock(case, "detention_own", on, paper, on + timedelta(14))
    put_step(stage, person, number, "lockup-step", "warning_sent", on + timedelta(10))
    ends = on + stage.days(17, 30)
    known = paper.change(ends, entered=ends, jsrq=ends.isoformat(), jsyy="32")
    clock.ended = known, ends
    state([clock])


@life("planted", "D17", rate=3)
def investigated_past_two_months(stage: Stage) -> None:
    """No extension, and no warning by the detention centre; sent for prosecution late."""
    person, on = stage.take("pedestrian"), calm(stage.day(200))
    case = Case.begin(stage, person, on)
    paper, clocks = arrest(stage, case, on)
    since = date.fromisoformat(str(paper.row["ksrq"]))
    clock = Clock(case, "investigation", since, paper, months_after(since, 2))
    late = case.warn(clock.due + timedelta(9)).known if stage.rng.random() < 0.5 else None
    not_warned(stage, clock, late)
    review = send(case, clock, calm(clock.due + stage.days(12, 25)))
    release(case, review, paper, review.start + stage.days(10, 20))
    state([*clocks, clock, review])


@life("planted", "D17", rate=2)
def approved_a_day_too_late(stage: Stage) -> None:
    """The third month was approved on the day after the second ended: it does not count."""
    person, on = stage.take("pedestrian"), calm(stage.day(190))
    case = Case.begin(stage, person, on)
    paper, clocks = arrest(stage, case, on)
    since = date.fromisoformat(str(paper.row["ksrq"]))
    clock = Clock(case, "investigation", since, paper, months_after(since, 2))
    case.warn(clock.due - timedelta(3))
    case.step("police-step", "s156", clock.due + DAY)
    release(case, clock, paper, clock.due + stage.days(15, 28))
    case.close(clock.due + timedelta(30))
    state([*clocks, clock])


@life("planted", "D17", rate=2)
def reviewed_past_the_month(stage: Stage) -> None:
    person, on = stage.take("pedestrian"), calm(stage.day(220))
    case = Case.begin(stage, person, on)
    paper, clocks = arrest(stage, case, on)
    since = date.fromisoformat(str(paper.row["ksrq"]))
    clock = investigate(stage, case, paper, since, 2)
    review = send(case, clock, calm(since + stage.days(30, 45)))
    case.warn(review.due - timedelta(3))
    trial = try_case(case, review, review.due + stage.days(4, 15))
    release(case, trial, paper, trial.start + stage.days(20, 40))
    state([*clocks, clock, review, trial])


@life("planted", "D17", rate=2)
def supplemented_past_the_month(stage: Stage) -> None:
    """Sent back, and not sent again within the month."""
    person, on = stage.take("pedestrian"), calm(stage.day(230))
    case = Case.begin(stage, person, on)
    paper, clocks = arrest(stage, case, on)
    since = date.fromisoformat(str(paper.row["ksrq"]))
    clock = investigate(stage, case, paper, since, 2)
    review = send(case, clock, calm(since + stage.days(30, 40)))
    back = calm(review.start + stage.days(12, 20))
    sent_back = case.step("procuratorate-case", "returned_for_supplement", back)
    review.ended = sent_back.known, back
    again = Clock(case, "supplement", back, sent_back, months_after(back, 1))
    case.warn(again.due - timedelta(2))
    on = again.due + stage.days(2, 10)
    resubmitted = case.step("procuratorate-case", "resubmitted", on)
    again.ended = resubmitted.known, on
    anew = Clock(case, "review", on, resubmitted, months_after(on, 1))
    release(case, anew, paper, on + stage.days(10, 20))
    state([*clocks, clock, review, again, anew])


@life("planted", "D17", rate=2)
def tried_past_three_months(stage: Stage) -> None:
    """First instance: the extension that the upper court may give was never asked for."""
    person, on = stage.take("pedestrian"), calm(stage.day(330))
    case = Case.begin(stage, person, on)
    paper, clocks = arrest(stage, case, on)
    since = date.fromisoformat(str(paper.row["ksrq"]))
    clock = investigate(stage, case, paper, since, 2)
    review = send(case, clock, calm(since + stage.days(30, 45)))
    trial = try_case(case, review, calm(review.start + stage.days(10, 20)))
    case.warn(trial.due - timedelta(4))
    if stage.rng.random() < 0.5:
        granted = case.step("court-case", "s208", trial.due - timedelta(2))
        trial.moves.append((granted.known, months_after(trial.due, 3)))
        case.warn(trial.last(date.max) - timedelta(4))
    release(case, trial, paper, trial.last(date.max) + stage.days(5, 20))
    state([*clocks, clock, review, trial])


@life("planted", "D17", rate=1)
def appealed_past_two_months(stage: Stage) -> None:
    person, on = stage.take("pedestrian"), calm(stage.day(330))
    case = Case.begin(stage, person, on)
    paper, clocks = arrest(stage, case, on)
    since = date.fromisoformat(str(paper.row["ksrq"]))
    clock = investigate(stage, case, paper, since, 2)
    review = send(case, clock, calm(since + stage.days(30, 40)))
    trial = try_case(case, review, review.start + stage.days(10, 20), cx="2")
    on = calm(trial.start + stage.days(9, 12))
    second = case.step("court-case", "second_instance", on)
    trial.ended = second.known, on
    appeal = Clock(case, "second_instance", on, second, months_after(on, 2))
    case.warn(appeal.due - timedelta(5))
    release(case, appeal, paper, appeal.due + stage.days(5, 20))
    state([*clocks, clock, review, trial, appeal])


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


@life("planted", "D17", rate=2)
def mad_and_left_alone(stage: Stage) -> None:
    """Found not responsible for a violent act; the first or a later step is never taken."""
    person, on = stage.take("pedestrian"), stage.day(230)
    case = Case.begin(stage, person, on, ay="234")
    appraisal = _appraised(stage, person, case, on)
    case.close(on + timedelta(26))
    since = date.fromisoformat(str(appraisal.row["jsrq"]))
    steps = (
        ("med_opinion", "police-step", "med_opinion", 7),
        ("med_application", "procuratorate-case", "med_application", 30),
        ("med_accept", "court-case", "med_accepted", 7),
        ("med_decision", "court-case", "med_decided", 0),
    )
    missing = stage.rng.randrange(4)
    late = stage.rng.random() < 0.5
    for number, (rule, feed, step, days) in enumerate(steps):
        due = rolled(since + timedelta(days) if days else months_after(since, 1))
        if number < missing:
            since = case.step(feed, step, onward(since + DAY)).known
            continue
        holds = max(due + DAY, stage.script.complete(feed, due))
        told = [(holds, "holds")]
        if late:
            told.append((case.step(feed, step, holds + stage.days(5, 15)).known, "cured"))
        key = f"{appraisal.record_key}/{rule}"
        stage.expect("D17", rule, person, key, *told)
        break
    if late and missing < 3:  # what follows is done in time
        rest = steps[missing + 1 :]
        on = stage.script.papers[-1][1].known
        for _, feed, step, _ in rest:
            on += timedelta(2)
            case.step(feed, step, on)
