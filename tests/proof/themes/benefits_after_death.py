"""D01: around one death at the end of a month."""

from __future__ import annotations

from datetime import date
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import PEOPLE, Supply, Theme, days, maybe, other

_DEATHS = days("2024-03-31", "2024-04-01", "2024-04-20")
_MONTHS = days("2024-03-01", "2024-04-01", "2024-05-01", "2024-06-01")


def death(rng: Random) -> Record:
    authority = rng.choice(("police", "police", "health"))
    return make.death(
        feed=f"{authority}-death",
        key=f"death-{rng.randint(1, 2)}",
        person=rng.choice(PEOPLE),
        died_on=rng.choice(_DEATHS),
        authority=authority,
        cancelled=rng.random() < 0.2,
    )


def benefit(rng: Random) -> Record:
    n = rng.randint(1, 3)
    return make.benefit(
        key=f"B{n}",
        benefit_no=f"B{n}",
        person=rng.choice(PEOPLE),
        scheme=rng.choices(("employee_pension", "低保", "survivor"), (8, 1, 1))[0],
        since=rng.choice(days("2010-01-01", "2010-01-01", "2024-04-20")),
        stopped_on=maybe(rng, days("2024-03-10", "2024-04-30", "2024-06-20"), 0.25),
        last_proof_on=maybe(rng, days("2024-03-01", "2024-05-05"), 0.3),
    )


def payment_after(rng: Random) -> Record:
    n, month = rng.randint(1, 2), rng.choice(_MONTHS)
    return make.payment(
        key=f"B{n}-{month}",
        benefit_no=f"B{n}",
        person=rng.choice(PEOPLE),
        scheme=rng.choices(("employee_pension", "funeral"), (9, 1))[0],
        month=month,
        amount_fen=rng.choice((0, 100, 100, 200)),
        returned_on=maybe(rng, (month.replace(day=20),), 0.1),
    )


def _refund(rng: Random) -> Record:
    return make.refund(
        key=f"refund-{rng.randint(1, 2)}",
        for_no=f"B{rng.randint(1, 2)}",
        person=rng.choice(PEOPLE),
        refunded_on=rng.choice(days("2024-03-20", "2024-06-03", "2024-06-20")),
        amount_fen=rng.choice((100, 400, 400)),
        month=maybe(rng, _MONTHS, 0.3),
    )


def _resident(rng: Random) -> Record:
    return make.resident(
        key="home", person=rng.choice(PEOPLE), region=rng.choice(("371102", "371103"))
    )


D01 = Theme(
    "D01",
    ("D01",),
    ((4, death), (4, benefit), (6, payment_after), (3, _refund), (1, _resident)),
    date(2024, 4, 1),
    date(2024, 7, 20),
    (Supply("benefit", "Benefit", {"scheme": ("employee_pension",)}),),
    other("D01", "stop", "10 d", "product"),
    at_least=5,
)
