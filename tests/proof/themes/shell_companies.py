"""D13: seven companies with few addresses and telephones, what they do, and what became of them."""

from __future__ import annotations

from datetime import date
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import PEOPLE, Supply, Theme, days, maybe, other

_FIRMS = tuple(make.organisation(n) for n in range(1, 8))
_FOUNDED = days(
    *("2024-01-10", "2024-02-01", "2024-02-02", "2024-03-01", "2024-03-08") * 2,
    *("2024-04-09", "2024-04-10", "2015-03-02"),
)
_EVENTS = (
    "annual_report",
    "suspension",
    "revoked",
    "cancelled",
    "dissolution",
    "group_set",
    "published",
    "restructured",
)


def _company(rng: Random) -> Record:
    n = rng.randint(1, 7)
    status = rng.choice(("存续",) * 24 + ("吊销", "注销", "歇业"))
    return make.company(
        key=f"C{n}",
        uscc=_FIRMS[n - 1],
        name=f"某公司{n}",
        kind=rng.choice(("有限责任公司",) * 9 + ("个体工商户",)),
        address_unit=rng.choice(("a",) * 12 + ("b", "")),
        phone=rng.choice(("p",) * 12 + ("q", "")),
        email=rng.choice(("", "", "", "e")),
        registered_on=rng.choice(_FOUNDED),
        status=status,
        status_on=None if status == "存续" else rng.choice(days("2024-08-01", "2021-09-02")),
    )


def _event(rng: Random) -> Record:
    n = rng.randint(1, 10)
    kind = rng.choice(_EVENTS)
    return make.company_event(
        key=f"E{n}",
        uscc=rng.choice(_FIRMS[:3]),
        kind=kind,
        on=rng.choice(days("2021-09-02", "2024-06-20", "2024-07-01", "2024-08-01", "2024-08-12")),
        until=maybe(rng, days("2024-12-01"), 0.5) if kind == "suspension" else None,
    )


def _month(rng: Random) -> Record:
    n, month = rng.randint(1, 4), rng.randint(4, 12)
    working = rng.random() < 0.3
    return make.activity(
        key=f"A{n}/{month}",
        uscc=rng.choice(_FIRMS[:2]),
        month=date(2024, month, 1),
        insured=rng.choice((0, 0, 3)) if working else 0,
        invoices_fen=rng.choice((0, None, 700)) if working else 0,
        tax_fen=None,
    )


def _judgment(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.judgment(
        key=f"J{n}",
        case_no=f"J{n}",
        party=rng.choice(PEOPLE),
        charges=rng.choice((("287-2",), ("266", "264"), ("264",))),
        outcome=rng.choice(("guilty", "guilty", "guilty", "acquitted")),
        effective_on=maybe(rng, days("2024-07-01", "2024-09-20"), 0.9),
        sentence_since=maybe(rng, days("2024-03-12")),
        organisations=tuple(rng.sample(_FIRMS[:3], rng.choice((0, 1, 1)))),
        replaces=rng.choice(("", "", "", "J1")) if n == 2 else "",
    )


def _leads(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.appointment(
        key=f"P{n}",
        person=rng.choice(PEOPLE),
        organisation=rng.choice(_FIRMS[:3]),
        role=rng.choice(("legal_rep", "legal_rep", "supervisor")),
        since=rng.choice(days("2021-06-01", "2024-09-01")),
        until=maybe(rng, days("2024-01-01", "2024-07-15"), 0.3),
    )


def _debt(rng: Random) -> Record:
    return make.execution(
        key="X1",
        case_no="X1",
        debtor=rng.choice(_FIRMS[:3]),
        creditor=rng.choice(_FIRMS[:3]),
        closing=rng.choice(("终本", "执行完毕")),
        outstanding_fen=rng.choice((None, 700)),
    )


D13 = Theme(
    "D13",
    ("D13",),
    ((20, _company), (8, _event), (3, _month), (5, _judgment), (3, _leads), (1, _debt)),
    date(2024, 5, 1),
    date(2025, 8, 1),
    (
        Supply("activity", "Activity"),
        Supply("companyevent", "CompanyEvent"),
        Supply("company", "Company"),
    ),
    other("D13", "ring_enter", 4),
    lists={"cluster_address": ("b",), "company_group": _FIRMS[4:]},
    derives=True,
    at_least=15,
    length=140,
)
