"""A number that was corrected (D01): what stands under the old one belongs to the new one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from schemas.identifiers import resident_number
from streams.district.calendar import month_end, month_start, rolled, working_days
from streams.district.lives import Stage, life
from streams.district.lives.after_death import (
    REGULATION,
    STOP_TOLERANCE,
    register_death,
    run_day,
    stop,
)
from streams.district.people import Person
from streams.district.places import REGION
from streams.district.script import Paper

ORDER = 999  #: of that day's births: nobody else has it


def pensioner(stage: Stage) -> Person:
    """A man, as the order says that corrected numbers have, and no other of his birthday."""
    return stage.take("pensioner", lambda p: p.male and p.born not in stage.script.renumbered)


def renumber(stage: Stage, person: Person, on: date) -> tuple[Person, Paper]:
    """The police correct a number that another person has too; the bureau keeps the old one."""
    number = resident_number(REGION, person.born, ORDER)
    stage.script.renumbered.add(person.born)
    paper = stage.open(
        "police-number-change",
        on,
        bgbh=stage.numbers.serial("BG-"),
        ygmsfhm=person.number,
        gmsfhm=number,
        xm=person.name,
        bgrq=on.isoformat(),
        bgyy="重号",
    )
    return replace(person, number=number), paper


@life("planted", "D01", rate=2)
def paid_under_the_number_before_the_correction(stage: Stage) -> None:
    """The bureau compares numbers, finds no death under the one that it has, and pays on."""
    person, died_on = pensioner(stage), stage.day(330, after_start=60)
    known, _ = renumber(stage, person, died_on - stage.days(20, 50))
    register = register_death(stage, known, died_on)
    last = month_start(died_on, stage.rng.randint(3, 8))
    stop(stage, person, month_end(last), last)
    holds = max(register.known, run_day(month_start(died_on, 1)))
    stage.expect("D01", "paid_after_death", known, person.pension_no, (holds, "holds"))


@life("planted", "D01", rate=1)
def numbers_of_two_people_taken_for_one(stage: Stage) -> None:
    """The entry was wrong and is deleted: who draws the pension is another than who died."""
    person, died_on = pensioner(stage), stage.day(240, after_start=60)
    other, change = renumber(stage, person, died_on - stage.days(20, 50))
    register = register_death(stage, other, died_on)
    holds = max(register.known, run_day(month_start(died_on, 1)))
    gone = change.delete(holds + stage.days(20, 60), note="correction")
    steps = ((holds, "holds"), (gone, ""))
    stage.expect("D01", "paid_after_death", other, person.pension_no, *steps)


@life("look_alike", "D01", rate=2)
def stopped_in_time_under_the_number_before_the_correction(stage: Stage) -> None:
    """The family tells the bureau itself, which stops the pension under the number that it has."""
    person, died_on = (
        pensioner(stage),
        stage.day(150, after_start=60, not_before=REGULATION),
    )
    known, _ = renumber(stage, person, died_on - stage.days(20, 50))
    register_death(stage, known, died_on)
    in_time = rolled(working_days(died_on, 20) + STOP_TOLERANCE) - timedelta(20)
    stop(stage, person, min(in_time, month_end(died_on)), month_start(died_on))
