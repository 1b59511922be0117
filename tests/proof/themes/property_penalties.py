"""D09: two judgments of two people with a fine and restitution, paid, executed or left."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import COURT_CASES, PEOPLE, Supply, Theme, days, maybe

_EFFECTIVE = days("2024-03-01", "2024-05-06")
_STEPS = days("2024-03-15", "2024-04-10", "2024-04-11", "2024-06-03", "2024-10-14", "2025-01-06")
_RUNS = tuple(f"{make.COURT}/（2024）鲁1102执{n}号" for n in (1, 2))


def _item(rng: Random) -> Record:
    kind = rng.choice(("fine", "fine", "restitution", "confiscation"))
    since = rng.choice(_EFFECTIVE)
    n = rng.randint(1, 2)
    return make.property_item(
        key=f"{kind}-{n}",
        item_no=rng.choice(("", "", f"{kind}-{n}")),
        case_no=rng.choice(COURT_CASES),
        party=rng.choice(PEOPLE),
        kind=kind,
        amount_fen=rng.choice((None, 500_000, 1_000_000, 1_000_000)),
        joint=rng.random() < 0.3,
        effective_on=since,
        due_on=maybe(rng, (since + timedelta(days=10),), 0.8) if kind == "fine" else None,
        instalments_due=(),
        instalments_fen=(),
    )


def _step(rng: Random) -> Record:
    kind = rng.choice(
        ("handed_to_filing", "handed_to_filing", "execution_filed", "execution_closed", "extended")
    )
    return make.case_step(
        feed="court-step",
        key=f"{kind}-{rng.randint(1, 2)}",
        case_no=rng.choice((*COURT_CASES, *COURT_CASES, *_RUNS)),
        party=rng.choice(PEOPLE),
        organ="court",
        step=kind,
        on=rng.choice(_STEPS),
        until=maybe(rng, days("2024-12-02"), 0.8) if kind == "extended" else None,
        doc_no=rng.choice(("", "", "", "fine-1")),
    )


def _proposal(rng: Random) -> Record:
    kind = rng.choice(("commutation_proposed", "commutation_proposed", "commutation_withdrawn"))
    return make.case_step(
        feed="prison-step",
        key=f"{kind}-{rng.randint(1, 2)}",
        case_no=rng.choice(COURT_CASES),
        party=rng.choice(PEOPLE),
        organ="prison",
        step=kind,
        on=rng.choice(days("2024-04-30", "2024-06-03", "2024-12-02")),
    )


def _execution(rng: Random) -> Record:
    n = rng.randint(1, 2)
    filed = rng.choice(_STEPS)
    closed = maybe(rng, (filed + timedelta(days=60), filed + timedelta(days=250)), 0.6)
    return make.execution(
        key=f"E{n}",
        case_no=_RUNS[n - 1],
        base_no=rng.choice(COURT_CASES),
        debtor=rng.choice(PEOPLE),
        creditor=rng.choice(("", *PEOPLE)),
        filed_on=filed,
        closed_on=closed,
        closing=rng.choice(("执行完毕", "终本", "终结", "恢复")) if closed else "",
    )


def _receipt(rng: Random) -> Record:
    n = rng.randint(1, 5)
    return make.receipt(
        key=f"R{n}",
        voucher_no=f"R{rng.randint(1, 4)}",
        for_no=rng.choice((*COURT_CASES, *COURT_CASES, *_RUNS, "fine-1", "F1")),
        party=rng.choice((*PEOPLE, *PEOPLE, "")),
        kind=rng.choice(("paid", "paid", "treasury")),
        on=rng.choice(days("2024-03-05", "2024-04-10", "2024-06-20", "2024-09-02")),
        amount_fen=rng.choice((200_000, 500_000, 1_000_000)),
        item=rng.choice(("", "", "fine", "restitution")),
    )


def _holding(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.holding(
        key=f"H{n}",
        object_no=f"H{n}",
        owner=rng.choice(PEOPLE),
        kind=rng.choice(("vehicle", "pension", "realty")),
        value_fen=rng.choice((None, 150_000, 900_000, 5_000_000)),
        encumbered_fen=rng.choice((None, 0, 800_000)),
        share_pct=rng.choice((None, 50, 100)),
        since=maybe(rng, days("2020-01-01", "2024-06-01"), 0.8),
        until=maybe(rng, days("2024-07-01"), 0.3),
        exempt=rng.random() < 0.15,
    )


def _pause(rng: Random) -> Record:
    since = rng.choice(days("2024-03-20", "2024-06-10"))
    return make.pause(
        key=f"L{rng.randint(1, 2)}",
        case_no=rng.choice((*COURT_CASES, *_RUNS)),
        party=rng.choice(PEOPLE),
        ground=rng.choice(("relief", "relief", "suspension")),
        since=since,
        until=maybe(rng, (since + timedelta(days=20),), 0.7),
    )


def _judgment(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.judgment(
        key=f"J{n}",
        case_no=COURT_CASES[0] if n == 1 else f"{make.COURT}/再1",
        party=rng.choice(PEOPLE),
        charges=("264",),
        outcome="guilty",
        pronounced_on=date(2024, 2, 20),
        effective_on=maybe(rng, _EFFECTIVE, 0.8),
        replaces=rng.choice(COURT_CASES) if n == 2 else "",
    )


def _penalty(rng: Random) -> Record:
    return make.penalty(
        key="F1",
        decision_no="F1",
        party=rng.choice(PEOPLE),
        cause=rng.choice(("theft", "fraud")),
        fine_fen=rng.choice((100_000, 1_000_000)),
        decided_on=rng.choice(days("2023-10-10", "2024-02-25")),
        agency=make.POLICE,
    )


def _death(rng: Random) -> Record:
    return make.death(
        key=f"D{rng.randint(1, 2)}",
        person=rng.choice(PEOPLE),
        died_on=rng.choice(days("2024-04-01", "2024-07-20")),
        cancelled=rng.random() < 0.3,
    )


D09 = Theme(
    "D09",
    ("D09",),
    (
        (7, _item),
        (5, _step),
        (3, _proposal),
        (3, _execution),
        (5, _receipt),
        (4, _holding),
        (1, _pause),
        (1, _judgment),
        (1, _penalty),
        (1, _death),
    ),
    date(2024, 3, 20),
    date(2025, 8, 20),
    (
        Supply("court-step", "CaseStep", {"organ": ("court",)}),
        Supply("execution", "Execution"),
        Supply("receipt-paid", "Receipt", {"kind": ("paid",)}),
        Supply("receipt-treasury", "Receipt", {"kind": ("treasury",)}),
    ),
    derives=True,
    length=70,
    at_least=4,
)
