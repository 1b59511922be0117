"""D12: convicts, drivers, guards and teachers who take posts and leave them, around bans' ends."""

from __future__ import annotations

from datetime import date
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import FIRMS, PEOPLE, Supply, Theme, days, maybe, other

_EFFECTIVE = days("2018-12-20", "2022-06-01", "2023-02-28", "2024-03-01")
_SINCE = days("2018-12-20", "2022-06-01", "2023-09-01", "2024-06-30", "2024-08-05")
_LEFT = days("2024-03-20", "2024-07-02", "2024-11-05", "2025-01-10")
_SECTORS = (
    ("H62",),
    ("P83",),
    ("P8341",),
    ("P", "8391"),
    ("L7271",),
    ("G5413",),
    ("F5281",),
    ("M7451",),
    (),
)
_ROLES = (
    "legal_rep",
    "director",
    "manager",
    "food_safety",
    "teacher",
    "teacher",
    "staff_minors",
    "guard",
    "guard",
    "driver",
    "shareholder",
)
_CHARGES = (("144",), ("237",), ("237",), ("271",), ("389",), ("266",), ("133-1",), ("234",))


def _judgment(rng: Random) -> Record:
    n = rng.randint(1, 3)
    effective = maybe(rng, _EFFECTIVE, 0.95)
    again = rng.random() < 0.12
    return make.judgment(
        key=f"J{n}",
        case_no=f"J{n}",
        party=rng.choice(PEOPLE),
        charges=rng.choice(_CHARGES),
        outcome=rng.choices(("guilty", "acquitted", "exempt"), (12, 1, 1))[0],
        penalty=rng.choice(("有期徒刑", "有期徒刑", "拘役", "fine_only", "无期")),
        months=rng.choice((18, 60, 61)),
        pronounced_on=effective or date(2024, 3, 1),
        effective_on=effective,
        sentence_until=maybe(rng, days("2019-11-30", "2021-01-15", "2024-02-29"), 0.7),
        probation_until=maybe(rng, days("2019-08-04", "2022-12-31", "2024-10-01"), 0.4),
        rights_until=maybe(rng, days("2020-02-29", "2024-02-29", "9999-12-31"), 0.2),
        ban_until=maybe(rng, days("2024-09-30", "2027-01-01"), 0.4),
        ban_sectors=rng.choice(((), ("F5281",), ("83",))),
        minor_at_act=rng.random() < 0.1,
        replaces=f"J{rng.randint(1, 3)}" if again else "",
    )


def _appointment(rng: Random) -> Record:
    n = rng.randint(1, 5)
    return make.appointment(
        key=f"A{n}",
        person=rng.choice(PEOPLE),
        organisation=rng.choice(FIRMS[:2]),
        role=rng.choice(_ROLES),
        since=rng.choice(_SINCE),
        until=maybe(rng, _LEFT, 0.35),
        sectors=rng.choice(_SECTORS),
    )


def _company(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.company(
        key=f"C{n}",
        uscc=FIRMS[n - 1],
        sectors=rng.choice(_SECTORS),
        status=rng.choice(("存续", "存续", "吊销", "注销")),
        status_on=maybe(rng, days("2023-12-01", "2024-09-09"), 0.9),
    )


def _licence(rng: Random) -> Record:
    n = rng.randint(1, 4)
    kind = rng.choice(("teacher", "guard", "guard", "ride_hailing", "food", "food"))
    ended = maybe(rng, days("2023-04-01", "2024-05-02", "2024-08-08"), 0.4)
    return make.licence(
        key=f"L{n}",
        licence_no=f"L{n}",
        holder=rng.choice((*PEOPLE, FIRMS[0])),
        kind=kind,
        issued_on=rng.choice(_SINCE),
        ended_on=ended,
        end_kind=rng.choice(("revoked", "withdrawn", "expired")) if ended else "",
    )


def _penalty(rng: Random) -> Record:
    n = rng.randint(1, 4)
    cause = rng.choice(
        ("indecency", "assault", "drug_use", "drink_driving", "unsafe_food", "gambling")
    )
    return make.penalty(
        key=f"P{n}",
        decision_no=f"P{n}",
        party=rng.choice((*PEOPLE, FIRMS[0])),
        cause=cause,
        kinds=("吊销许可证件",) if cause == "unsafe_food" else ("行政拘留",),
        decided_on=rng.choice(days("2022-02-28", "2023-05-05", "2024-04-04")),
        annulled_on=maybe(rng, days("2024-06-06"), 0.15),
        sealed_basis="" if cause == "unsafe_food" else "public_security",
    )


def _paper(rng: Random) -> Record:
    n, person = rng.randint(1, 2), rng.choice(PEOPLE)
    match rng.randint(1, 4):
        case 1:
            return make.decision(
                key=f"D{n}",
                decision_no=f"D{n}",
                party=person,
                charges=rng.choice((("237",), ("234",))),
                decided_on=rng.choice(_EFFECTIVE),
                revoked_on=maybe(rng, days("2024-05-05"), 0.2),
            )
        case 2:
            return make.drug_order(
                key=f"O{n}",
                order_no=f"O{n}",
                person=person,
                kind=rng.choice(("compulsory", "compulsory", "community")),
                decided_on=rng.choice(_EFFECTIVE),
                annulled_on=maybe(rng, days("2024-05-05"), 0.2),
            )
        case 3:
            return make.traffic_check(
                key=f"T{n}",
                check_no=f"T{n}",
                person=person,
                on=rng.choice(_EFFECTIVE),
                bac_mg=rng.choice((19, 20, 90)),
                vehicle=rng.choice(("motor", "motor", "non_motor")),
                annulled_on=maybe(rng, days("2024-05-05"), 0.2),
            )
        case _:
            return make.dishonest(
                key=f"X{n}",
                case_no=f"X{n}",
                party=person,
                listed_on=rng.choice(days("2023-06-01", "2024-07-15")),
                delisted_on=maybe(rng, days("2024-08-30", "2025-01-06"), 0.5),
            )


def _step(rng: Random) -> Record:
    n = rng.randint(1, 6)
    court = n > 3
    return make.case_step(
        key=f"S{n}",
        case_no=f"J{rng.randint(1, 3)}",
        party=rng.choice(PEOPLE),
        organ="court" if court else "procuratorate",
        step=rng.choice(("edu_notice", "edu_notice", "retrial_ordered")) if court else "query",
        on=rng.choice(days("2023-08-20", "2024-03-29", "2024-04-02", "2024-12-31", "2025-01-09")),
    )


D12 = Theme(
    "D12",
    ("D12",),
    (
        (6, _judgment),
        (8, _appointment),
        (2, _company),
        (3, _licence),
        (3, _penalty),
        (4, _paper),
        (3, _step),
    ),
    date(2023, 6, 1),
    date(2027, 4, 1),
    (Supply("casestep", "CaseStep"),),
    other("D12", "director_probation", "3 y"),
    length=90,
    at_least=8,
    grants=("juvenile", "public_security", "sexual_non_prosecution"),
    derives=True,
)
