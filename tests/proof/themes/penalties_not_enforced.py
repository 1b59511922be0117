"""D21: two penalties around the end of their windows, with suits, instalments and a court."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import PEOPLE, Supply, Theme, days, maybe

_NOS = tuple(f"{make.MARKET}/F{n}" for n in (1, 2))
_SERVED = days("2024-01-10", "2024-01-11", "2024-01-31")
_STEPS = days("2024-07-10", "2024-09-02", "2024-10-10", "2024-10-11", "2024-10-14", "2024-11-01")
_AGENCY = (
    "applied_to_court",
    "applied_to_court",
    "reminder_served",
    "reminder_served",
    "instalments_granted",
    "review_decision_served",
    "surcharge_demanded",
    "surcharge_demanded",
    "order_complied",
)
_COURT = (
    "nl_received",
    "nl_received",
    "nl_accepted",
    "nl_hearing",
    "nl_ruled",
    "nl_refused",
    "nl_executed",
)


def _penalty(rng: Random) -> Record:
    n = rng.randint(1, 3)
    return make.penalty(
        key=f"P{n}",
        decision_no=rng.choice(_NOS),
        party=rng.choice(PEOPLE),
        cause="other",
        decided_on=date(2024, 1, 8),
        served_on=maybe(rng, _SERVED, 0.9),
        fine_fen=rng.choice((0, 1_000_000, 1_000_000)),
        confiscated_fen=rng.choice((0, 0, 50_000)),
        suit_notice=rng.choice((None, True, True, False)),
        demolition=rng.random() < 0.2,
        annulled_on=maybe(rng, days("2024-09-10"), 0.1),
        agency=rng.choice((make.MARKET, make.MARKET, make.MARKET, make.POLICE)),
    )


def _step(rng: Random) -> Record:
    kind = rng.choice(_AGENCY)
    until = maybe(rng, days("2024-08-10", "2024-12-31"), 0.8)
    return make.case_step(
        feed="agency-step",
        key=f"{kind}-{rng.randint(1, 2)}",
        case_no=rng.choice(_NOS),
        party="",
        organ="agency",
        step=kind,
        on=rng.choice((date(2024, 2, 5), *_STEPS)),
        until=until if kind == "instalments_granted" else None,
        amount_fen=rng.choice((200_000, 1_000_000, 1_200_000)) if "surcharge" in kind else None,
    )


def _court(rng: Random) -> Record:
    kind = rng.choice(_COURT)
    return make.case_step(
        feed="court-step",
        key=f"{kind}-{rng.randint(1, 2)}",
        case_no=rng.choice(_NOS),
        party="",
        organ="court",
        step=kind,
        on=rng.choice(_STEPS),
        doc_no=rng.choice(("X1", "X1", "X2", "")),
    )


def _contest(rng: Random) -> Record:
    since = rng.choice(days("2024-02-01", "2024-06-20", "2024-09-20"))
    return make.pause(
        key=f"C{rng.randint(1, 2)}",
        case_no=rng.choice(_NOS),
        party="",
        ground=rng.choice(("reconsideration", "suit", "suit", "suspension", "hearing")),
        since=since,
        until=maybe(rng, (since + timedelta(days=10), since + timedelta(days=40)), 0.8),
    )


def _paid(rng: Random) -> Record:
    n = rng.randint(1, 3)
    return make.receipt(
        key=f"V{n}",
        voucher_no=f"V{n}",
        for_no=rng.choice(_NOS),
        party="",
        kind=rng.choice(("paid", "paid", "paid", "treasury")),
        on=rng.choice(days("2024-02-20", "2024-10-10", "2024-10-20")),
        amount_fen=rng.choice((50_000, 500_000, 1_000_000)),
    )


def _death(rng: Random) -> Record:
    return make.death(
        key=f"D{rng.randint(1, 2)}",
        person=rng.choice(PEOPLE),
        died_on=rng.choice(days("2024-05-05", "2024-10-20")),
        cancelled=rng.random() < 0.3,
    )


D21 = Theme(
    "D21",
    ("D21",),
    ((5, _penalty), (6, _step), (6, _court), (3, _contest), (3, _paid), (1, _death)),
    date(2024, 6, 1),
    date(2025, 6, 20),
    (
        Supply("agency-step", "CaseStep", {"organ": ("agency",)}),
        Supply("court-step", "CaseStep", {"organ": ("court",)}),
        Supply("pause", "Pause"),
        Supply("receipt", "Receipt"),
    ),
    derives=True,
    at_least=4,
)
