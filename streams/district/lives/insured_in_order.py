"""Accidents, stays and deaths for which the medical fund rightly pays (D16 stays silent)."""

from __future__ import annotations

from datetime import timedelta

from streams.district.lives import Stage, life
from streams.district.lives.after_death import register_death
from streams.district.lives.insured import (
    OTHER_HOSPITAL,
    awarded,
    hurt,
    injured,
    pursue,
    settle,
)
from streams.district.rows import yuan


@life("look_alike", "D16", rate=4)
def recourse_in_time(stage: Stage) -> None:
    person, _, paid, until = injured(stage)
    pursue(stage, person, paid, until + stage.days(10, 60))


@life("look_alike", "D16", rate=2)
def the_driver_fled(stage: Stage) -> None:
    """Nobody to ask: the fund pays first, as the law has it."""
    injured(stage, zrrbm="1")


@life("look_alike", "D16", rate=2)
def awarded_for_another_treatment(stage: Stage) -> None:
    """The award covers a stay that the fund did not pay for."""
    person, since = stage.adult(), stage.day(200)
    settle(stage, person, "21", since, since + timedelta(9), diagnoses="K35.800")
    awarded(
        stage,
        person,
        since + timedelta(60),
        since + timedelta(150),
        ylksrq=f"{since - timedelta(200)}",
        yljsrq=f"{since - timedelta(170)}",
        ylje=yuan(3_000_000),
    )


@life("look_alike", "D16", rate=4)
def fell_at_home(stage: Stage) -> None:
    person, on = stage.adult(), stage.day(120)
    hurt(stage, person, on, "50")
    settle(stage, person, "21", on, on + stage.days(5, 20), diagnoses="S52.500")


@life("look_alike", "D16", rate=3)
def ill_at_the_time_of_an_accident(stage: Stage) -> None:
    person, on = stage.adult(), stage.day(120)
    hurt(stage, person, on)
    settle(stage, person, "21", on, on + stage.days(5, 20), diagnoses="I63.900")


@life("look_alike", "D16", rate=3)
def died_in_hospital(stage: Stage) -> None:
    """The bill comes days after the death."""
    person, died_on = stage.adult(), stage.day(60)
    settle(stage, person, "21", died_on - timedelta(9), died_on, jsrq=f"{died_on + timedelta(6)}")
    register_death(stage, person, died_on)


@life("look_alike", "D16", rate=3)
def transferred_on_one_day(stage: Stage) -> None:
    person, since = stage.adult(), stage.day(90)
    moved = since + timedelta(7)
    settle(stage, person, "21", since, moved)
    settle(stage, person, "21", moved, moved + timedelta(9), at=OTHER_HOSPITAL)


@life("ordinary", "D16", rate=300)
def seen_by_a_doctor(stage: Stage) -> None:
    person = stage.take("anyone")
    for _ in range(stage.rng.randint(1, 4)):
        on = stage.day(20)
        kind = stage.rng.choice(("11", "11", "41"))
        settle(stage, person, kind, on, fen=stage.rng.randint(30, 900) * 100)
