"""D06: two lenders of one household at two courts, around every limit on numbers and sums."""

from __future__ import annotations

from datetime import date
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import FIRMS, PEOPLE, Supply, Theme, days, maybe, other

_LENDERS = (PEOPLE[0], PEOPLE[0], PEOPLE[1], FIRMS[0])
_FILED = days("2022-01-10", "2022-03-01", "2022-12-30", "2023-01-09", "2023-01-10", "2024-02-29")
_SIGNS = ("uniform_note", "cash", "prepaid_interest")


def _suit(rng: Random) -> Record:
    n = rng.randint(1, 24)
    plaintiffs = dict.fromkeys(rng.sample(_LENDERS, rng.choice((1, 1, 2))))
    return make.civil_case(
        key=f"S{n}",
        case_no=f"S{n}",
        cause=rng.choice(("民间借贷纠纷",) * 9 + ("买卖合同纠纷",)),
        court=rng.choice(("c1",) * 6 + ("c2", "")),
        city=rng.choice(("371100",) * 7 + ("",)),
        filed_on=rng.choice(_FILED),
        amount_fen=rng.choice((None, 10_000_000, 30_000_000, 400_000_000)),
        interest_fen=rng.choice((None, 0, 700)),
        closed_on=maybe(rng, days("2023-02-28", "2023-06-01"), 0.6),
        close_mode=rng.choice(("", "judgment", "judgment", "withdrawal", "withdrawal", "transfer")),
        loan=rng.choice(("",) * 8 + ("A", "B")),
        loan_signs=tuple(rng.sample(_SIGNS, rng.choice((0, 0, 1, 2)))),
        plaintiffs=tuple(plaintiffs),
        defendants=(make.person(3),),
    )


def _receipt(rng: Random) -> Record:
    n = rng.randint(1, 14)
    return make.receipt(
        key=f"R{n}",
        voucher_no=f"R{n}",
        for_no=f"S{n}",
        party=rng.choice(_LENDERS),
        kind=rng.choice(("paid", "paid", "tax")),
        on=rng.choice(days("2023-02-27", "2023-06-01", "2023-07-01", "2024-06-03", "2024-08-01")),
    )


def _home(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.resident(
        key=f"H{n}",
        person=rng.choice(PEOPLE),
        household_no=rng.choice(("h1", "h1", "h2", "")),
        hukou_since=maybe(rng, days("2022-02-28", "2022-12-31"), 0.4),
    )


D06 = Theme(
    "D06",
    ("D06",),
    ((14, _suit), (2, _receipt), (1, _home)),
    date(2022, 6, 1),
    date(2028, 6, 1),
    (Supply("receipt", "Receipt"),),
    other("D06", "court_1y", {"within": "court", "term": "1 y", "suits": 8}),
    length=110,
    at_least=2,
    lists={"licensed_lender": (f"{FIRMS[0]} 2022-01-01 2022-12-31",)},
    derives=True,
)
