"""D14: two debtors, their executions, accounts and entries on the list, around every limit."""

from __future__ import annotations

from datetime import date
from random import Random

from schemas import Record
from schemas.identifiers import resident_number
from tests import factories as make
from tests.proof.theme import FIRMS, PEOPLE, Supply, Theme, days, maybe, other

#: Eighteen on 1 June 2023, by a number that no living person has.
_YOUNG = resident_number("371102", date(2005, 6, 1), 999)
_DEBTORS = (*(PEOPLE[0],) * 6, PEOPLE[1], _YOUNG, FIRMS[0])
_NUMBERS = ("执1", "执1", "执2", "执恢3")
_FILED = days("2022-11-01", "2023-01-10", "2023-03-06")
_ENDED = days("2023-02-10", "2023-04-10", "2023-04-11", "2023-06-06")


def _execution(rng: Random) -> Record:
    n = rng.randint(1, 3)
    return make.execution(
        key=f"E{n}",
        case_no=rng.choice(_NUMBERS),
        base_no=rng.choice(("民初1", "民初1", "民初2", "刑初1", "")),
        debtor=rng.choice(_DEBTORS),
        creditor=rng.choice((FIRMS[1], FIRMS[1], PEOPLE[1])),
        filed_on=rng.choice(_FILED),
        closed_on=maybe(rng, _ENDED, 0.9),
        closing=rng.choice((*("终本",) * 5, "执行完毕", "终结", "恢复", "")),
        claim_fen=maybe(rng, (6_000_000,), 0.5),
        outstanding_fen=rng.choice((None, 5_000_000, 1_000_000)),
    )


def _holding(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.holding(
        key=f"H{n}",
        owner=rng.choice(_DEBTORS),
        kind=rng.choice(("fund", "fund", "realty", "pension")),
        value_fen=rng.choice((None, 90_000, 500_000, 900_000)),
        encumbered_fen=rng.choice((None, 0, 450_000)),
        share_pct=rng.choice((None, 100, 50, 0)),
        since=maybe(rng, days("2022-01-01", "2023-05-01", "2023-08-01"), 0.9),
        until=maybe(rng, days("2023-04-01", "2023-09-01"), 0.25),
        exempt=rng.random() < 0.1,
    )


def _step(rng: Random) -> Record:
    n = rng.randint(1, 6)
    return make.case_step(
        key=f"S{n}",
        case_no=rng.choice(_NUMBERS),
        party=rng.choice(_DEBTORS),
        organ="court",
        step=rng.choice(("property_query",) * 4 + ("resumed",)),
        on=rng.choice(days("2023-05-10", "2023-10-10", "2023-10-11", "2023-12-06", "2024-06-06")),
        doc_no="",
    )


def _entry(rng: Random) -> Record:
    n = rng.randint(1, 3)
    listed = days("2021-12-01", "2023-05-31", "2023-06-01", "2023-06-02", "2017-04-30")
    return make.dishonest(
        key=f"D{n}",
        case_no=rng.choice(_NUMBERS),
        party=rng.choice(_DEBTORS),
        limb=rng.choice(("1", "1", "1", "2", "5", "6", "")),
        listed_on=rng.choice(listed),
        delisted_on=maybe(rng, days("2023-06-09", "2023-06-12", "2025-06-05", "2025-07-01"), 0.3),
        extended_until=maybe(rng, days("2024-06-01", "2026-03-02"), 0.2),
    )


def _receipt(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.receipt(
        key=f"R{n}",
        voucher_no=f"R{n}",
        for_no=rng.choice(_NUMBERS),
        party=rng.choice(_DEBTORS),
        kind=rng.choice(("paid", "paid", "treasury")),
        on=rng.choice(days("2023-02-10", "2023-07-01")),
        amount_fen=rng.choice((1_000_000, 5_000_000)),
    )


D14 = Theme(
    "D14",
    ("D14",),
    ((5, _execution), (3, _holding), (5, _step), (4, _entry), (1, _receipt)),
    date(2023, 5, 1),
    date(2029, 1, 1),
    (
        Supply("casestep", "CaseStep", {"step": ("property_query",)}),
        Supply("dishonest", "Dishonest"),
        Supply("holding", "Holding"),
    ),
    other("D14", "floor_fen", 950_000),
    length=80,
)
