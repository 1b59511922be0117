"""类案: alerts of another model, counted in the dossier of the agency that they are against."""

from __future__ import annotations

from datetime import date
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import PEOPLE, Theme, days, other
from tests.proof.themes.benefits_after_death import D01

_AGENCIES = (make.PENSIONS, make.PENSIONS, make.PENSIONS, make.MARKET)
_MONTHS = days("2024-05-01", "2024-06-01")


def _death(rng: Random) -> Record:
    n = rng.randint(0, 1)
    return make.death(
        key=f"death-{n}",
        person=PEOPLE[n] if rng.random() < 0.8 else PEOPLE[1 - n],
        died_on=rng.choice(days("2024-03-31", "2024-04-01", "2024-04-20")),
        cancelled=rng.random() < 0.15,
    )


def _payment(rng: Random) -> Record:
    n, month = rng.randint(1, 9), rng.choice(_MONTHS)
    return make.payment(
        key=f"B{n}-{month}",
        benefit_no=f"B{n}",
        person=rng.choice(PEOPLE),
        month=month,
        amount_fen=rng.choice((100, 200)),
        agency=rng.choice(_AGENCIES),
    )


CLUES = Theme(
    "类案",
    ("D01", "类案"),
    ((2, _death), (12, _payment)),
    date(2024, 4, 1),
    date(2024, 7, 20),
    D01.supplies,
    other("类案", "counted_within", "40 d"),
    lists={"offices": (f"{make.PENSIONS}/{make.MARKET}",)},
    derives=True,
    at_least=5,
)
