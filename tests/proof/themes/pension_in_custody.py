"""D02: two cases, months in and out of custody."""

from __future__ import annotations

from datetime import date
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import COURT_CASES, PEOPLE, Supply, Theme, days, maybe, other

_HELD = days("2024-01-01", "2024-02-01", "2024-02-20", "2024-03-01", "2024-04-01")
_FREED = days("2024-02-29", "2024-03-10", "2024-03-31", "2024-04-30")
_PAID = days("2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01", "2024-05-01")


def restraint(rng: Random) -> Record:
    n = rng.randint(1, 3)
    return make.restraint(
        key=f"M{n}",
        measure_no=f"M{n}",
        case_no=rng.choice((*COURT_CASES, *COURT_CASES, "")),
        person=rng.choice(PEOPLE),
        kind=rng.choice(
            ("detention", "arrest", "arrest", "prison", "wanted", "administrative_detention")
        ),
        since=rng.choice(_HELD),
        until=maybe(rng, _FREED, 0.6),
        end_reason=rng.choice(("", "", "acquitted", "not_prosecuted", "withdrawn", "changed")),
    )


def _correction(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.correction_spell(
        key=f"S{n}",
        file_no=f"S{n}",
        case_no=rng.choice(COURT_CASES),
        person=rng.choice(PEOPLE),
        kind=rng.choice(("control", "probation", "parole", "temporary_release")),
        since=rng.choice(_HELD),
        until=maybe(rng, _FREED, 0.7),
        end_reason=rng.choice(("", "completed", "revoked", "fraud", "escaped")),
    )


def _judgment(rng: Random) -> Record:
    n = rng.randint(0, 1)
    return make.judgment(
        key=f"J{n}",
        case_no=COURT_CASES[n],
        party=rng.choice(PEOPLE),
        outcome=rng.choice(("acquitted", "acquitted", "guilty")),
        penalty=rng.choice(("有期徒刑", "拘役")),
        effective_on=maybe(rng, days("2024-04-05", "2024-05-06"), 0.8),
        pronounced_on=date(2024, 4, 1),
        replaces=rng.choice(("", "", COURT_CASES[1 - n])),
    )


def _payment_held(rng: Random) -> Record:
    n, month = rng.randint(1, 2), rng.choice(_PAID)
    return make.payment(
        key=f"B{n}-{month}",
        benefit_no=f"B{n}",
        person=rng.choice(PEOPLE),
        scheme=rng.choices(("employee_pension", "resident_pension"), (9, 1))[0],
        month=month,
        paid_on=rng.choice((month.replace(day=10), date(2024, 6, 3), date(2024, 9, 3))),
        amount_fen=rng.choice((100, 100, 200)),
        returned_on=maybe(rng, (month.replace(day=20),), 0.1),
    )


def _rise(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.adjustment(
        key=f"rise-{n}",
        benefit_no=f"B{n}",
        person=rng.choice(PEOPLE),
        effective_on=rng.choice(_HELD),
        delta_fen=rng.choice((10, 20)),
    )


def _refund_held(rng: Random) -> Record:
    return make.refund(
        key=f"refund-{rng.randint(1, 2)}",
        for_no=rng.choice(("B1", "B2", "rise-1", "rise-2")),
        person=rng.choice(PEOPLE),
        refunded_on=rng.choice(days("2024-03-20", "2024-06-03")),
        amount_fen=rng.choice((20, 400, 400)),
        month=maybe(rng, _PAID, 0.3),
    )


D02 = Theme(
    "D02",
    ("D02",),
    (
        (5, restraint),
        (3, _correction),
        (3, _judgment),
        (8, _payment_held),
        (2, _rise),
        (2, _refund_held),
    ),
    date(2024, 4, 1),
    date(2024, 9, 10),
    (Supply("payment", "BenefitPayment", {"scheme": ("employee_pension",)}),),
    other("D02", "partial_months", "include", "product"),
    at_least=3,
)
