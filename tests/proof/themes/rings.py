"""Firms and addresses: records derived twice, in the dossiers of firms and of addresses."""

from __future__ import annotations

from datetime import date
from random import Random

from schemas import Record, Source
from tests import factories as make
from tests.packs.rings.words import Firm
from tests.proof.theme import FIRMS, Theme, days, maybe, other

_FOUNDED = days("2024-01-10", "2024-02-10")


def firm(rng: Random) -> Record:
    return Firm(
        source=Source("firm", f"G{rng.randint(1, 5)}", make.MARKET, make.REGION),
        firm=rng.choice(FIRMS),
        address=rng.choice(("a", "a", "b", "")),
        registered_on=rng.choice(_FOUNDED),
        closed_on=maybe(rng, days("2024-02-20", "2024-03-20"), 0.25),
    )


RINGS = Theme(
    "rings",
    ("R01", "R02"),
    ((1, firm),),
    date(2024, 1, 10),
    date(2024, 4, 1),
    overrides=other("R02", "at_least", 2, "product"),
    packages=("tests.packs.rings",),
    at_least=15,
)
