"""Near the line of a crime (D04), and lawful: below it, passed on in time, filed before."""

from __future__ import annotations

from datetime import timedelta

from streams.district.lives import Stage, life
from streams.district.lives.fined import SHODDY, TOBACCO, file_case, pass_on, punish, theft
from streams.district.rows import yuan


@life("look_alike", "D04", rate=3)
def fined_much_for_little(stage: Stage) -> None:
    """A heavy fine, and goods just below the line."""
    company, act = stage.company(), stage.day(90)
    punish(
        stage,
        "market",
        company,
        act,
        SHODDY,
        xsje=yuan(4_999_999),
        hzje=yuan(19_000_000),
        fine_fen=90_000_000,
    )


@life("look_alike", "D04", rate=3)
def passed_on_in_time(stage: Stage) -> None:
    company, act = stage.company(), stage.day(120)
    reported = act + timedelta(35)
    penalty = punish(
        stage, "tobacco", company, act, TOBACCO, reported=reported, hzje=yuan(9_000_000)
    )
    pass_on(stage, "tobacco", penalty, reported + timedelta(2))


@life("look_alike", "D04", rate=2)
def police_had_filed_before(stage: Stage) -> None:
    company, act = stage.company(), stage.day(120)
    file_case(stage, company, "140", act + timedelta(10))
    punish(stage, "market", company, act, SHODDY, xsje=yuan(9_000_000))


@life("look_alike", "D04", rate=2)
def three_thefts_in_three_years(stage: Stage) -> None:
    person, last = stage.take("anyone", lambda person: 20 <= person.age <= 58), stage.day(60)
    theft(stage, person, last - timedelta(800))
    theft(stage, person, last - timedelta(380))
    theft(stage, person, last)


@life("look_alike", "D04", rate=2)
def three_thefts_and_a_criminal_case(stage: Stage) -> None:
    person, last = stage.take("anyone", lambda person: 20 <= person.age <= 58), stage.day(60)
    theft(stage, person, last - stage.days(300, 500))
    theft(stage, person, last - stage.days(100, 200))
    theft(stage, person, last)
    file_case(stage, person, "264", last + timedelta(2))


@life("ordinary", "D04", rate=3)
def small_offences_of_a_shop(stage: Stage) -> None:
    """Many penalties, each far below any line, and never three of what counts."""
    company, first = stage.company(), stage.day(400)
    for n in range(8):
        cause = stage.rng.choice(("11", SHODDY, "99"))
        punish(
            stage,
            "market",
            company,
            first + timedelta(40 * n),
            cause,
            hzje=yuan(stage.rng.randint(1_000, 400_000)),
        )
