"""D11: checks, orders and licences around their limits."""

from __future__ import annotations

from datetime import date
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import COURT_CASES, PEOPLE, Supply, Theme, days, maybe, other

_STOPPED = days("2024-06-01", "2024-06-20", "2024-07-15")
_ENDED = days("2024-06-10", "2024-07-09", "2024-07-25", "2024-09-01")


def check(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.traffic_check(
        key=f"C{n}",
        check_no=f"C{n}",
        person=rng.choice(PEOPLE),
        on=rng.choice(_STOPPED),
        bac_mg=rng.choice((None, 19, 20, 80, 126, 126)),
        vehicle=rng.choices(("motor", "non_motor"), (9, 1))[0],
        commercial=rng.random() < 0.2,
        accident_crime=rng.random() < 0.2,
        hit_and_run=rng.random() < 0.1,
        handled_on=maybe(rng, days("2024-06-05", "2024-07-20"), 0.6),
        annulled_on=maybe(rng, days("2024-08-01"), 0.1),
    )


def _order(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.drug_order(
        key=f"R{n}",
        order_no=f"R{n}",
        person=rng.choice(PEOPLE),
        kind=rng.choice(("community", "community", "compulsory", "recovery")),
        decided_on=rng.choice(days("2024-05-06", "2024-06-15")),
        reported_on=maybe(rng, days("2024-05-13", "2024-06-20"), 0.7),
        until=maybe(rng, days("2024-08-20"), 0.2),
        ended=maybe(rng, days("2024-08-01", "2024-08-30"), 0.2),
        annulled_on=maybe(rng, days("2024-08-05"), 0.1),
    )


def licence(rng: Random) -> Record:
    n = rng.randint(1, 3)
    ended = maybe(rng, _ENDED, 0.5)
    return make.licence(
        key=f"L{n}",
        licence_no=f"L{n}",
        holder=rng.choice(PEOPLE),
        issued_on=rng.choice(days("2015-04-02", "2015-04-02", "2024-08-01", "2024-07-01")),
        ended_on=ended,
        end_kind=rng.choice(("revoked", "revoked", "cancelled", "withdrawn", "expired"))
        if ended
        else "",
        valid_until=maybe(rng, days("2024-07-20", "2030-01-01"), 0.2),
    )


def _certificate(rng: Random) -> Record:
    ended = maybe(rng, _ENDED, 0.3)
    return make.licence(
        key="Q1",
        licence_no="Q1",
        holder=rng.choice(PEOPLE),
        kind="occupation",
        issued_on=date(2016, 5, 5),
        ended_on=ended,
        end_kind="cancelled" if ended else "",
    )


def _drink_penalty(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.penalty(
        key=f"F{n}",
        decision_no=f"F{n}",
        party=rng.choice(PEOPLE),
        cause=rng.choice(("drink_driving", "drunk_driving", "theft")),
        decided_on=rng.choice(days("2024-05-20", "2024-06-18")),
        annulled_on=maybe(rng, days("2024-08-01"), 0.2),
        sealed_basis=rng.choice(("", "public_security")),
    )


def _crash_judgment(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.judgment(
        key=f"J{n}",
        case_no=COURT_CASES[n - 1],
        party=rng.choice(PEOPLE),
        charges=rng.choice((("133",), ("133-1",), ("264",))),
        pronounced_on=rng.choice(days("2024-06-25", "2024-07-01")),
        effective_on=maybe(rng, days("2024-07-05", "2024-07-11"), 0.8),
    )


D11 = Theme(
    "D11",
    ("D11",),
    (
        (5, check),
        (3, _order),
        (6, licence),
        (3, _certificate),
        (2, _drink_penalty),
        (1, _crash_judgment),
    ),
    date(2024, 6, 1),
    date(2024, 11, 1),
    (
        Supply("licence", "Licence", {"kind": ("driving",)}),
        Supply("licence", "Licence", {"kind": ("occupation",)}),
    ),
    other("D11", "drunk_mg", 127, "legal"),
    at_least=4,
)
