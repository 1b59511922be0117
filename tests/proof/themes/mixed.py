"""Everything at once, and papers whose number was wrong."""

from __future__ import annotations

from datetime import date
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import PEOPLE, Theme
from tests.proof.themes.benefits_after_death import D01, benefit, death, payment_after
from tests.proof.themes.licence_after_drink_or_drugs import D11, check, licence
from tests.proof.themes.not_prosecuted_not_punished import D03, decision, step
from tests.proof.themes.pension_in_custody import D02, restraint
from tests.proof.themes.rings import RINGS, firm


def _renumbered(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.traffic_check(
        key=f"C{n}",
        check_no=f"C{n}{rng.choice('ab')}",
        person=rng.choice(PEOPLE),
        on=date(2024, 6, 1),
    )


MIXED = Theme(
    "mixed",
    ("D01", "D02", "D03", "D11", "R01", "R02"),
    (
        (3, death),
        (2, benefit),
        (4, payment_after),
        (4, restraint),
        (4, decision),
        (3, step),
        (3, check),
        (3, licence),
        (4, _renumbered),
        (8, firm),
    ),
    date(2024, 4, 1),
    date(2025, 8, 20),
    (*D01.supplies, *D02.supplies, *D03.supplies, *D11.supplies),
    {**D01.overrides, **D02.overrides, **D03.overrides, **D11.overrides, **RINGS.overrides},
    ("detectors", "tests.packs.rings"),
    length=120,
    at_least=3,
)
