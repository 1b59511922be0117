"""D19: three places and two schools on five points, near to one another, and in several squares."""

from __future__ import annotations

from datetime import date
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import FIRMS, PEOPLE, Theme, days, maybe, other

# About 90, 180 and 260 m apart along a parallel, over the edge of a square of a hundredth degree.
_POINTS = tuple((119.4590 + east, 35.4233) for east in (0.0, 0.001, 0.002, 0.0029, 0.02))


def _licence(rng: Random) -> Record:
    n = rng.randint(1, 3)
    return make.licence(
        key=f"L{n}",
        licence_no=f"L{n}",
        holder=rng.choice((*FIRMS[:2], PEOPLE[0])),
        kind=rng.choice(("net_cafe", "net_cafe", "net_cafe", "tobacco")),
        class_="",
        issued_on=rng.choice(days("2002-11-14", "2015-01-01", "2024-01-10", "2024-02-10")),
        valid_until=maybe(rng, days("2024-02-29", "2025-01-01"), 0.3),
        status=rng.choice(("valid",) * 5 + ("revoked",)),
        ended_on=maybe(rng, days("2024-02-20", "2024-03-20"), 0.15),
        point=maybe(rng, _POINTS, 0.9),
    )


def _school(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.school(
        key=f"S{n}",
        school_no=f"S{n}",
        name=rng.choice(("甲校", "乙校")),
        kind=rng.choice(("小学", "小学", "中学", "幼儿园")),
        gates=tuple(rng.sample(_POINTS, rng.choice((0, 1, 1, 2)))),
        opened_on=maybe(rng, days("2001-09-01", "2015-01-02", "2024-01-10"), 0.9),
        closed_on=maybe(rng, days("2024-01-10", "2024-03-01"), 0.2),
        pupils=rng.choice((None, 0, 300, 300, 300)),
    )


D19 = Theme(
    "D19",
    ("D19",),
    ((3, _licence), (2, _school)),
    date(2024, 1, 10),
    date(2024, 4, 1),
    overrides=other("D19", "net_cafe_m", 100, "legal"),
    derives=True,
    at_least=4,
)
