"""Compulsory treatment (D17): opinions, applications and decisions that come late or never."""

from __future__ import annotations

from datetime import date, timedelta

from streams.district.calendar import rolled
from streams.district.lives import Stage, life
from streams.district.lives.criminal.case import (
    DAY,
    Case,
    months_after,
    onward,
)
from streams.district.people import Person
from streams.district.script import Paper

# ---- planted: compulsory treatment


def _appraised(stage: Stage, person: Person, case: Case, on: date) -> Paper:
    until = onward(on + stage.days(10, 20))
    return stage.open(
        "police-appraisal",
        until,
        entered=until,
        note="late",
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
