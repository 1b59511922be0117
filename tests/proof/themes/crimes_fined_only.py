"""D04: offences on both sides of every line, windows that expire, transfers around their limits."""

from __future__ import annotations

from datetime import date
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import FIRMS, PEOPLE, Supply, Theme, days, maybe, other

_PARTIES = (PEOPLE[0], PEOPLE[0], FIRMS[0])
_ACTS = days("2023-03-10", "2023-09-20", "2024-03-09", "2025-03-09", "2025-03-10", "2025-03-20")
_CAUSES = (
    "theft",
    "theft",
    "theft",
    "hazardous_waste",
    "hazardous_waste",
    "tobacco",
    "tobacco",
    "mining",
    "mining",
    "inferior_goods",
    "tax_evasion",
    "tax_evasion",
    "false_invoices",
    "fraud",
    "farmland",
    "toxic_food",
    "other",
)
_CHARGES = ("264", "338", "225", "140", "144", "201", "343", "")


def _penalty(rng: Random) -> Record:
    n = rng.randint(1, 7)
    act = rng.choice(_ACTS)
    fen = rng.choice((None, 149_999, 150_000, 300_000, 3_000_000, 5_000_000, 30_000_000))
    return make.penalty(
        key=f"P{n}",
        decision_no=f"P{rng.choice((n, n, n, 1))}",
        party=rng.choice(_PARTIES),
        cause=rng.choice(_CAUSES),
        kinds=("罚款",),
        fine_fen=50_000_000,
        act_on=act if rng.random() < 0.85 else None,
        decided_on=rng.choice([day for day in _ACTS if day >= act]),
        served_on=maybe(rng, (act,), 0.3),
        report_on=maybe(rng, days("2025-03-12", "2025-03-14"), 0.5),
        goods_fen=fen,
        sales_fen=rng.choice((None, None, fen)),
        gain_fen=maybe(rng, (1_999_999, 2_000_000), 0.2),
        tax_fen=maybe(rng, (9_999_999, 10_000_000), 0.5),
        tax_share_pct=maybe(rng, (9, 10), 0.4),
        mass_g=maybe(rng, (2_999_999, 3_000_000), 0.4),
        area_m2=maybe(rng, (3_333, 3_334, 6_667), 0.6),
        land_kind=rng.choice(("", "永久基本农田", "耕地")),
        annulled_on=maybe(rng, days("2025-04-10"), 0.12),
        agency=make.MARKET,
    )


def _step(rng: Random) -> Record:
    n = rng.randint(1, 3)
    police = rng.random() < 0.25
    return make.case_step(
        key=f"S{n}",
        case_no=rng.choice(("P1", "P2", "P3", "P4", "X1")),
        party=rng.choice(_PARTIES),
        organ="police" if police else "agency",
        step="not_filed"
        if police
        else rng.choice(
            ("transferred_to_police", "transferred_to_police", "reconsideration_asked")
        ),
        on=rng.choice(days("2024-03-15", "2025-03-17", "2025-03-18", "2025-04-20")),
        agency=make.MARKET,
    )


def _case(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.police_case(
        key=f"K{n}",
        police_case_no=f"K{n}",
        party=rng.choice(_PARTIES),
        charge=rng.choice(_CHARGES),
        filed_on=rng.choice(days("2023-12-01", "2025-03-14", "2025-03-18", "2025-05-05")),
    )


def _decision(rng: Random) -> Record:
    return make.decision(
        key="N1",
        decision_no="N1",
        party=rng.choice(_PARTIES),
        kind=rng.choice(("non_prosecution_relative", "prosecution", "arrest")),
        charges=(rng.choice(("264", "225", "144")),),
        decided_on=rng.choice(days("2024-03-09", "2025-03-10", "2025-06-01")),
    )


def _receipt(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.receipt(
        key=f"V{n}",
        voucher_no=f"V{n}",
        for_no=rng.choice(("P1", "P2", "P3")),
        party=rng.choice(_PARTIES),
        kind=rng.choice(("tax", "tax", "paid")),
        on=rng.choice(days("2025-03-13", "2025-04-01")),
        amount_fen=rng.choice((5_000_000, 10_000_000)),
    )


D04 = Theme(
    "D04",
    ("D04",),
    ((14, _penalty), (3, _step), (1, _case), (1, _decision), (2, _receipt)),
    date(2025, 3, 1),
    date(2025, 9, 1),
    (Supply("casestep", "CaseStep"), Supply("policecase", "PoliceCase")),
    other("D04", "theft_times", 2),
    length=90,
    at_least=8,
)
