"""D18: two firms that buy, hand over, take in and keep, around the limits of amounts and years."""

from __future__ import annotations

from datetime import date
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import FIRMS, Supply, Theme, days, maybe, other

_FIRMS = FIRMS[:2]
_DAYS = days(
    "2023-01-10", "2023-01-31", "2023-06-01", "2023-12-31", "2024-01-10", "2024-02-01", "2024-06-30"
)


def _purchase(rng: Random) -> Record:
    n = rng.randint(1, 5)
    return make.material_flow(
        key=f"P{n}",
        flow_no=f"P{n}",
        organisation=rng.choice(_FIRMS),
        kind="purchase",
        code="机油",
        on=rng.choice(_DAYS),
        mass_g=None,
        volume_ml=rng.choice((100_000, 300_000, 1_000_000)),
    )


def _handed(rng: Random) -> Record:
    n = rng.randint(1, 4)
    one, another = rng.sample(_FIRMS, 2)
    return make.material_flow(
        key=f"M{n}",
        flow_no=f"M{n}",
        organisation=one,
        other=another,
        on=rng.choice(_DAYS),
        mass_g=rng.choice((20_000, 60_000, 300_000, 1_000_000)),
        code=rng.choice(("900-214-08", "900-214-08", "900-249-08")),
    )


def _kept(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.material_flow(
        key=f"S{n}",
        flow_no=f"S{n}",
        organisation=rng.choice(_FIRMS),
        kind=rng.choice(("stock", "declaration")),
        on=rng.choice(_DAYS),
        mass_g=rng.choice((0, 50_000, 600_000)),
    )


def _taken_in(rng: Random) -> Record:
    n = rng.randint(1, 3)
    return make.material_flow(
        key=f"I{n}",
        flow_no=f"I{n}",
        organisation=rng.choice(_FIRMS),
        kind="inflow",
        on=rng.choice(_DAYS),
        mass_g=rng.choice((60_000, 300_000)),
        licensed_operator=rng.random() < 0.8,
    )


def _longer(rng: Random) -> Record:
    return make.case_step(
        key="X1",
        case_no="X1",
        party=rng.choice(_FIRMS),
        organ="agency",
        step="extended",
        on=rng.choice(days("2023-12-01", "2024-06-30")),
        until=maybe(rng, days("2024-03-01", "2025-01-01"), 0.7),
    )


def _firm(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.company(
        key=f"C{n}",
        uscc=_FIRMS[n - 1],
        sectors=rng.choice((("F5165",), ("O8111",), ("O8111",), ())),
    )


def _penalty(rng: Random) -> Record:
    return make.penalty(
        key="A1",
        decision_no="A1",
        party=rng.choice(_FIRMS),
        cause=rng.choice(("hazardous_waste", "other")),
        annulled_on=maybe(rng, days("2024-05-01"), 0.3),
    )


D18 = Theme(
    "D18",
    ("D18",),
    (
        (6, _purchase),
        (3, _handed),
        (1, _kept),
        (4, _taken_in),
        (1, _longer),
        (2, _firm),
        (1, _penalty),
    ),
    date(2023, 12, 1),
    date(2025, 8, 1),
    (
        Supply("materialflow", "MaterialFlow", {"kind": ("purchase", "stock")}),
        Supply("manifest", "MaterialFlow", {"kind": ("manifest",)}),
    ),
    other("D18", "enter_pct", 30),
    at_least=3,
    length=120,
)
