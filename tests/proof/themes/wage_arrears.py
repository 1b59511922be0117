"""D15: two building sites from permit to order, with stops, short wages and complaints."""

from __future__ import annotations

from datetime import date
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import Supply, Theme, days, maybe, other

_SITES = ("379900000000000001", "379900000000000001", "379900000000000002")
_WORKERS = tuple(make.person(n) for n in range(10, 21))
_MONTHS = days("2025-01-01", "2025-02-01", "2025-03-01")
_PAID = days("2025-02-20", "2025-03-31", "2025-05-19", "2025-06-10")


def _project(rng: Random) -> Record:
    site = rng.choice(_SITES)
    return make.project(
        key=site,
        project_no=site,
        permit_on=maybe(rng, days("2020-04-30", "2025-01-10", "2025-01-20"), 0.9),
        contract_on=maybe(rng, days("2020-04-01", "2025-01-06"), 0.7),
        started_on=maybe(rng, days("2025-01-15"), 0.8),
        stopped_on=maybe(rng, days("2025-02-01", "2025-04-20"), 0.15),
        finished_on=maybe(rng, days("2025-05-10"), 0.2),
        region=make.REGION,
    )


def _event(rng: Random) -> Record:
    n = rng.randint(1, 5)
    kind = rng.choice(
        ("account_opened", "deposit", "guarantee", "stop", "restart", "account_closed")
    )
    return make.project_event(
        key=f"{kind}{n}",
        project_no=rng.choice(_SITES),
        kind=kind,
        on=rng.choice(days("2025-01-25", "2025-02-20", "2025-03-03", "2025-04-04", "2025-04-25")),
        until=maybe(rng, days("2025-03-20", "2025-05-05"), 0.5) if kind == "stop" else None,
    )


def _allocation(rng: Random) -> Record:
    n = rng.randint(1, 6)
    return make.project_event(
        key=f"Z{n}",
        project_no=rng.choice(_SITES),
        kind="allocation",
        on=rng.choice(
            days("2025-01-15", "2025-02-14", "2025-02-17", "2025-03-17", "2025-04-17", "2025-04-18")
        ),
    )


def _complaint(rng: Random) -> Record:
    n = rng.randint(1, 8)
    return make.project_event(
        key=f"C{n}",
        project_no=rng.choice(_SITES),
        kind="complaint",
        on=rng.choice(days("2025-03-01", "2025-03-10", "2025-03-30", "2025-03-31", "2025-04-08")),
        doc_no=rng.choice(("", f"T{n}", "T1")),
    )


def _order(rng: Random) -> Record:
    n = rng.randint(1, 2)
    complied = rng.random() < 0.2
    return make.project_event(
        key=f"{'Y' if complied else 'R'}{n}",
        project_no=rng.choice(_SITES),
        kind="order_complied" if complied else "inspection_order",
        on=rng.choice(days("2025-04-07", "2025-05-06", "2025-05-28")),
        due_on=None if complied else maybe(rng, days("2025-05-20", "2025-05-30"), 0.9),
        amount_fen=None if complied else maybe(rng, (20_000_000,), 0.7),
    )


def _wage(rng: Random) -> Record:
    worker, month = rng.choice(_WORKERS), rng.choice(_MONTHS)
    site = rng.choice(_SITES)
    paid = rng.choice((0, 0, 0, 349_999, 1_400_000, 2_000_000))
    return make.wage_month(
        key=f"W{_WORKERS.index(worker)}/{month}/{rng.choice((1, 1, 2))}",
        project_no=site,
        person=worker,
        month=month,
        due_fen=2_000_000,
        paid_fen=paid,
        paid_on=maybe(rng, _PAID, 0.8) if paid else None,
    )


D15 = Theme(
    "D15",
    ("D15",),
    ((2, _project), (4, _event), (4, _allocation), (4, _complaint), (3, _order), (12, _wage)),
    date(2025, 1, 10),
    date(2025, 8, 1),
    (
        Supply("projectevent", "ProjectEvent"),
        Supply("wagemonth", "WageMonth"),
    ),
    other("D15", "complaints", 4),
    length=110,
    at_least=8,
)
