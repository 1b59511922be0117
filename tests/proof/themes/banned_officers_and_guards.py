"""D12 again, with nothing but officers of companies, guards and drivers: the rarer grounds."""

from __future__ import annotations

from datetime import date
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import FIRMS, PEOPLE, Theme, days, maybe, other

_SINCE = days("2019-02-01", "2023-01-10", "2024-02-02", "2024-08-08")
_LEFT = days("2024-05-05", "2024-09-30", "2025-02-10")
_WHO = (PEOPLE[0],) * 5 + (PEOPLE[1],)


def _appointment(rng: Random) -> Record:
    n = rng.randint(1, 6)
    role = rng.choice(("legal_rep", "legal_rep", "director", "guard", "guard", "driver"))
    return make.appointment(
        key=f"A{n}",
        person=rng.choice(_WHO),
        organisation=FIRMS[n % 2],
        role=role,
        since=rng.choice(_SINCE),
        until=maybe(rng, _LEFT, 0.3),
        sectors=("G5413",) if role == "driver" else (),
    )


def _company(rng: Random) -> Record:
    n = rng.randint(0, 1)
    return make.company(
        key=f"C{n}",
        uscc=FIRMS[n],
        status=rng.choice(("存续", "吊销", "吊销", "注销")),
        status_on=maybe(rng, days("2021-06-01", "2023-12-01", "2024-09-09"), 0.9),
    )


def _detention(rng: Random) -> Record:
    n = rng.randint(1, 4)
    return make.penalty(
        key=f"P{n}",
        decision_no=f"P{n}",
        party=rng.choice(_WHO),
        cause=rng.choice(("gambling", "drug_use", "drink_driving")),
        kinds=("行政拘留",),
        decided_on=rng.choice(days("2022-02-28", "2023-05-05", "2024-04-04")),
        annulled_on=maybe(rng, days("2024-06-06"), 0.1),
        sealed_basis="public_security",
    )


def _certificate(rng: Random) -> Record:
    n = rng.randint(1, 3)
    ended = maybe(rng, days("2021-05-05", "2023-04-01", "2024-08-08"), 0.7)
    return make.licence(
        key=f"L{n}",
        licence_no=f"L{n}",
        holder=rng.choice(_WHO),
        kind=rng.choice(("guard", "guard", "ride_hailing")),
        issued_on=rng.choice(_SINCE),
        ended_on=ended,
        end_kind=rng.choice(("revoked", "revoked", "withdrawn")) if ended else "",
    )


def _judgment(rng: Random) -> Record:
    return make.judgment(
        key="J1",
        case_no="J1",
        party=rng.choice(_WHO),
        charges=rng.choice((("389",), ("133-1",), ("234",))),
        penalty=rng.choice(("有期徒刑", "拘役")),
        pronounced_on=date(2022, 1, 10),
        effective_on=date(2022, 1, 20),
        sentence_until=maybe(rng, days("2019-06-30", "2022-12-31"), 0.5),
        probation_until=maybe(rng, days("2022-08-31", "2023-06-30", "2024-10-31"), 0.6),
        ban_until=maybe(rng, days("2024-09-30"), 0.4),
        ban_sectors=("G5413",),
    )


def _check(rng: Random) -> Record:
    return make.traffic_check(
        key="T1",
        check_no="T1",
        person=rng.choice(_WHO),
        on=rng.choice(days("2022-03-03", "2024-03-03")),
        bac_mg=rng.choice((19, 20, 90)),
        annulled_on=maybe(rng, days("2024-05-05"), 0.2),
    )


D12_OFFICERS = Theme(
    "D12 officers and guards",
    ("D12",),
    (
        (8, _appointment),
        (3, _company),
        (6, _detention),
        (4, _certificate),
        (2, _judgment),
        (1, _check),
    ),
    date(2024, 1, 10),
    date(2027, 10, 1),
    overrides=other("D12", "guard_detained", 2),
    length=70,
    at_least=8,
    derives=True,
)
