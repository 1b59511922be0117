"""A dense world of few numbers that are taken for one person's, and then are not."""

from __future__ import annotations

from datetime import date
from random import Random

import msgspec

from schemas import Record
from schemas.people import Identity
from schemas.record import Source
from tests import factories as make
from tests.proof.theme import Theme, other
from tests.proof.themes.banned_from_the_trade import D12
from tests.proof.themes.benefits_after_death import D01

NUMBERS = tuple(make.person(n) for n in range(1, 5))
_SAID = (None, date(2024, 3, 1), date(2024, 3, 1), date(2024, 5, 20))


def identity(rng: Random) -> Record:
    """That one number took the place of another: in chains, forks and circles, both ways too."""
    old, new = rng.choice(NUMBERS), rng.choice(NUMBERS)
    return Identity(
        source=Source("identity", f"I{rng.randint(1, 3)}", make.POLICE, make.REGION),
        old=old,
        new=new,
        since=rng.choice(_SAID),
        reason="reissued",
    )


def _of_four(rng: Random) -> Record:
    """A row of the world of one death, of one of the four numbers."""
    return msgspec.structs.replace(D01.draw(rng), person=rng.choice(NUMBERS))


MERGED = Theme(
    "merged",
    ("D01",),
    ((3, _of_four), (1, identity)),
    D01.since,
    D01.until,
    D01.supplies,
    D01.overrides,
    at_least=3,
    derives=True,  # rows go from dossier to dossier through the log
)

#: Derived rows that go on from an old number to the new one, and alerts that are counted.
MERGED_TRADES = Theme(
    "merged trades",
    ("D12", "类案"),
    ((9, D12.draw), (1, identity)),
    D12.since,
    D12.until,
    D12.supplies,
    {**D12.overrides, **other("类案", "enter", 2)},
    length=D12.length,
    grants=D12.grants,
    lists=D12.lists,
    derives=True,
    at_least=5,
)
