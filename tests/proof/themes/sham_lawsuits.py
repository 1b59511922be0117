"""D05: suits in a batch against two employers, with what the registers know of the plaintiffs."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import FIRMS, PEOPLE, Supply, Theme, days, maybe, other

_EMPLOYERS = (*(FIRMS[0],) * 14, FIRMS[1], PEOPLE[0])
_WORKERS = tuple(make.person(n) for n in range(2, 6))
_FILED = days("2023-03-01", "2023-03-20", "2023-04-03", "2023-05-05", "2023-05-29", "2023-05-30")


def _suit(rng: Random) -> Record:
    """Hardly any suit is not of the batch: ten of them at once make one."""
    n = rng.randint(1, 13)
    filed = rng.choice(_FILED)
    odd = rng.random() < 0.12
    return make.civil_case(
        key=f"S{n}",
        case_no=f"S{n}",
        cause=rng.choice(("民间借贷纠纷", "买卖合同纠纷")) if odd else "追索劳动报酬纠纷",
        filed_on=filed,
        closed_on=filed + timedelta(rng.choice((3, 3, 3, 15, 15, 16))),
        close_mode=rng.choice(("mediation",) * 9 + ("judgment", "withdrawal")),
        amount_fen=rng.choice((None, *(3_000_000,) * 6, *(3_100_000,) * 3, 31_000_000)),
        plaintiffs=(rng.choice(_WORKERS),),
        defendants=(rng.choice(_EMPLOYERS),),
        agents=() if odd else (rng.choice((*("甲",) * 9, "乙")),),
        agent_kinds=() if odd else (rng.choice(("employee",) * 9 + ("lawyer",)),),
        agent_sides=() if odd else ("plaintiff",),
        absent_defendant=rng.random() < 0.8,
    )


def _execution(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.execution(
        key=f"E{n}",
        case_no=f"执{n}",
        base_no=rng.choice(("他案", "S1")),
        debtor=rng.choice(_EMPLOYERS),
        creditor=FIRMS[2],
        filed_on=rng.choice(days("2022-09-01", "2022-10-20", "2023-06-01")),
    )


def _enrolment(rng: Random) -> Record:
    n = rng.randint(1, 4)
    return make.enrolment(
        key=f"I{n}",
        person=rng.choice(_WORKERS),
        organisation=rng.choice((FIRMS[0], FIRMS[1], FIRMS[3])),
        kind=rng.choice(("pension", "medical")),
        since=date(2020, 1, 1),
        until=maybe(rng, days("2022-02-28", "2022-04-03"), 0.5),
        back_paid=rng.random() < 0.2,
    )


def _listing(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.listing(
        key=f"L{n}",
        person=rng.choice(_WORKERS),
        list="残疾",
        since=date(2020, 1, 1),
        until=maybe(rng, days("2023-02-10"), 0.4),
        grade=rng.choice(("1", "2", "4")),
    )


def _petition(rng: Random) -> Record:
    return make.company_event(
        key="P1",
        uscc=rng.choice((FIRMS[0], FIRMS[1])),
        kind="bankruptcy_applied",
        on=rng.choice(days("2023-08-31", "2023-09-01", "2023-11-30")),
    )


def _order(rng: Random) -> Record:
    return make.case_step(
        key="O1",
        case_no="劳监1",
        party=rng.choice(_EMPLOYERS),
        organ="agency",
        step=rng.choice(("order_served", "order_complied")),
        on=rng.choice(days("2022-02-01", "2023-03-10")),
        doc_no="",
        agency=rng.choice((make.POLICE, "人社局")),
    )


D05 = Theme(
    "D05",
    ("D05",),
    (
        (30, _suit),
        (2, _execution),
        (3, _enrolment),
        (1, _listing),
        (1, _petition),
        (1, _order),
    ),
    date(2023, 4, 1),
    date(2024, 6, 1),
    (Supply("enrolment", "Enrolment"),),
    other("D05", "smallest", 4),
    length=150,
    at_least=1,
    lists={
        "labour_inspection": ("人社局",),
        "batch_institution": (_WORKERS[3],),
        "blacklisted_agent": ("乙",),
    },
    derives=True,
)
