"""D20: two people who are hurt, owed, old, disabled, parents and children, around every term."""

from __future__ import annotations

from datetime import date
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import PEOPLE, Supply, Theme, days, maybe, other

_CHILD, _PARENTS = make.person(3), (make.person(4), make.person(5))
_ALL = (*PEOPLE, _CHILD)
_LISTS = ("低保", "特困", "残疾", "残疾", "孤儿")


def _home(rng: Random) -> Record:
    n = rng.randint(1, 3)
    return make.resident(
        key=f"H{n}",
        person=_ALL[n - 1],
        birth=rng.choice(
            days("1944-02-01", "1944-03-02", "1980-01-01", "2006-03-01", "2015-01-01", "2015-01-01")
        ),
        hukou_since=maybe(rng, days("1990-01-01", "2024-01-20"), 0.8),
    )


def _parent(rng: Random) -> Record:
    n = rng.randint(1, 2)
    children = ((_CHILD,), (_CHILD,), (_CHILD,), (_CHILD, PEOPLE[0]), ())
    return make.resident(
        key=f"E{n}",
        person=_PARENTS[n - 1],
        birth=date(1980, 1, 1),
        hukou_since=date(1990, 1, 1),
        children=rng.choice(children),
    )


def _list(rng: Random) -> Record:
    n = rng.randint(1, 4)
    return make.listing(
        key=f"L{n}",
        list_no=f"L{n}",
        person=rng.choice((*_ALL, *_PARENTS)),
        list=rng.choice(_LISTS),
        grade=rng.choice(("", "1", "2", "3")),
        since=rng.choice(days("2023-01-01", "2024-01-15", "2024-02-15")),
        until=maybe(rng, days("2024-02-10", "2024-03-12", "2024-06-01"), 0.3),
    )


def _incident(rng: Random) -> Record:
    return make.incident(
        key="I1",
        incident_no="I1",
        person=rng.choice(PEOPLE),
        on=rng.choice(days("2024-01-12", "2024-02-01")),
        kind="assault",
        harm=rng.choice(("死亡", "重伤", "轻伤", "轻微")),
        case_no=rng.choice(("", "K1")),
        compensated_fen=maybe(rng, (0, 100), 0.3),
    )


def _execution(rng: Random) -> Record:
    return make.execution(
        key="E1",
        case_no="E1",
        base_no="B1",
        debtor=rng.choice(PEOPLE),
        creditor=rng.choice(PEOPLE),
        cause=rng.choice(("", "抚养费", "抚养费", "赡养费纠纷", "买卖合同纠纷")),
        closed_on=maybe(rng, days("2024-01-11", "2024-02-02"), 0.9),
        closing=rng.choice(("终本", "终本", "执行完毕")),
        outstanding_fen=rng.choice((None, 0, 700)),
    )


def _suit(rng: Random) -> Record:
    return make.civil_case(
        key="B1",
        case_no="B1",
        cause=rng.choice(("赡养纠纷", "买卖合同纠纷")),
        plaintiffs=PEOPLE[:1],
        defendants=PEOPLE[1:],
    )


def _aid(rng: Random) -> Record:
    number, on = rng.choice(("I1", "K1", "E1", "")), rng.choice(days("2024-01-20", "2024-05-01"))
    if rng.random() < 0.5:
        return make.case_step(
            key="A1", case_no=number or "Z", party=rng.choice(PEOPLE), step="aid_paid", on=on
        )
    kind = rng.choice(("aid", "compensation", "paid"))
    return make.receipt(
        key="A2", voucher_no="A2", for_no=number, party=rng.choice(PEOPLE), kind=kind, on=on
    )


def _benefit(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.benefit(
        key=f"G{n}",
        benefit_no=f"G{n}",
        person=rng.choice(PEOPLE),
        scheme=rng.choice(("高龄", "残疾生活", "残疾护理")),
        since=rng.choice(days("2023-06-01", "2024-02-20", "2024-07-20")),
        stopped_on=maybe(rng, days("2024-03-05", "2024-08-20"), 0.4),
    )


def _death(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.death(
        key=f"D{n}",
        person=rng.choice((*_PARENTS, *_PARENTS, _CHILD, PEOPLE[0])),
        died_on=rng.choice(days("2024-01-15", "2024-02-20", "2024-06-10")),
        cancelled=rng.random() < 0.2,
    )


def _held(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.restraint(
        key=f"M{n}",
        measure_no=f"M{n}",
        person=rng.choice(_PARENTS),
        kind=rng.choice(("detention", "prison", "bail")),
        since=rng.choice(days("2024-01-10", "2024-02-20")),
        until=maybe(rng, days("2024-02-25", "2024-05-01"), 0.5),
        sealed_basis=rng.choice(("", "custody")),
    )


def _drugs(rng: Random) -> Record:
    return make.drug_order(
        key="O1",
        order_no="O1",
        person=rng.choice(_PARENTS),
        kind=rng.choice(("compulsory", "community")),
        decided_on=rng.choice(days("2024-01-10", "2024-03-01")),
        until=maybe(rng, days("2026-01-09")),
        annulled_on=maybe(rng, days("2024-04-01"), 0.2),
        sealed_basis="public_security",
    )


D20 = Theme(
    "D20",
    ("D20",),
    (
        (7, _home),
        (5, _parent),
        (8, _list),
        (3, _incident),
        (3, _execution),
        (1, _suit),
        (2, _aid),
        (3, _benefit),
        (4, _death),
        (3, _held),
        (1, _drugs),
    ),
    date(2024, 1, 10),
    date(2025, 1, 20),
    (
        Supply("casestep", "CaseStep", {"step": ("aid_paid",)}),
        Supply("receipt", "Receipt", {"kind": ("aid",)}),
        Supply("benefit", "Benefit"),
        Supply("listing", "Listing"),
    ),
    other("D20", "aid", "30 d"),
    derives=True,
    at_least=6,
    length=140,
)
