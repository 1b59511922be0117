"""D16: injuries, awards, deaths and custody around stays of two people; cards in two shops."""

from __future__ import annotations

from datetime import date
from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import FIRMS, PEOPLE, Supply, Theme, days, maybe, other

_WHO = (*PEOPLE, make.person(3), make.person(4))
_BILLS = tuple(f"JS-{n}" for n in range(1, 7))
_ADMITTED = days("2024-02-01", "2024-02-04", "2024-03-01", "2024-03-10", "2024-06-02")
_OUT = days("2024-02-04", "2024-03-05", "2024-03-12", "2024-06-05")


def _stay(rng: Random) -> Record:
    bill, since = rng.choice(_BILLS), rng.choice(_ADMITTED)
    kind = rng.choice(("住院", "住院", "门诊", "药店"))
    out_on = maybe(rng, _OUT, 0.8) if kind == "住院" else None
    return make.settlement(
        key=bill,
        settlement_no=bill,
        person=rng.choice(PEOPLE),
        institution=rng.choice(FIRMS[:2]),
        kind=kind,
        in_on=since,
        out_on=out_on,
        settled_on=max(since, out_on or since),
        diagnoses=(rng.choice(("S06.500x002", "I63.900")),),
        fund_fen=rng.choice((0, 1_000_000, 1_000_000)),
        promise_no_third_party=maybe(rng, (True, False)),
        place=rng.choice(("371102", "371102", "370200", "")),
    )


def _purchase(rng: Random) -> Record:
    n = rng.randint(1, 12)
    on = rng.choice(days("2024-01-31", "2024-02-01", "2024-03-02", "2024-07-01"))
    return make.settlement(
        key=f"Y{n}",
        settlement_no=f"Y{n}",
        person=rng.choice(_WHO),
        institution=rng.choice(FIRMS[:2]),
        kind="药店",
        in_on=None,
        out_on=None,
        settled_on=on,
        diagnoses=(),
        fund_fen=9_000,
    )


def _card(rng: Random) -> Record:
    n = rng.randint(1, 4)
    return make.listing(
        key=f"K{n}",
        list_no=f"K{n}",
        person=_WHO[n - 1],
        list=rng.choice(("known_card", "known_card", "known_card", "低保")),
        since=rng.choice(days("2023-06-01", "2024-02-01")),
        until=maybe(rng, days("2024-01-31", "2024-06-30"), 0.2),
    )


def _incident(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.incident(
        key=f"I{n}",
        incident_no=f"I{n}",
        person=rng.choice(PEOPLE),
        role=rng.choice(("victim", "victim", "both", "liable")),
        on=rng.choice(days("2024-01-29", "2024-02-01", "2024-02-05", "2024-03-09")),
        kind=rng.choice(("traffic", "assault", "fall")),
        liability_pct=rng.choice((0, 0, 30, 100, None)),
        compensated_fen=maybe(rng, (500, 2_000_000), 0.3),
        payer_unknown=rng.random() < 0.2,
    )


def _suit(rng: Random) -> Record:
    return make.civil_case(
        key="S1",
        case_no="S1",
        cause="机动车交通事故责任纠纷",
        plaintiffs=(rng.choice(PEOPLE),),
        filed_on=date(2024, 4, 1),
        closed_on=maybe(rng, days("2024-05-06", "2024-07-01"), 0.8),
        close_mode=rng.choice(("judgment", "mediation", "withdrawal")),
        medical_since=maybe(rng, days("2024-02-01", "2024-03-06"), 0.8),
        medical_until=maybe(rng, days("2024-02-28", "2024-03-10")),
        medical_fen=rng.choice((None, 400_000, 3_000_000)),
    )


def _recourse(rng: Random) -> Record:
    return make.case_step(
        key="R1",
        case_no=rng.choice((*_BILLS, "I1")),
        party=rng.choice(PEOPLE),
        organ="agency",
        step="recourse",
        on=rng.choice(days("2024-04-01", "2024-05-06", "2024-08-01")),
    )


def _refund(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.refund(
        key=f"T{n}",
        for_no=rng.choice(_BILLS),
        person=rng.choice(PEOPLE),
        refunded_on=rng.choice(days("2024-06-01", "2024-09-01")),
        amount_fen=rng.choice((400_000, 1_000_000)),
    )


def _death(rng: Random) -> Record:
    return make.death(
        key="D1",
        person=rng.choice(PEOPLE),
        died_on=rng.choice(days("2024-01-31", "2024-03-05", "2024-12-01")),
        cancelled=rng.random() < 0.3,
    )


def _held(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.restraint(
        key=f"M{n}",
        measure_no=f"M{n}",
        person=rng.choice(PEOPLE),
        kind=rng.choice(("detention", "arrest", "prison", "bail")),
        since=rng.choice(days("2024-01-15", "2024-02-28", "2024-03-01")),
        until=maybe(rng, days("2024-02-20", "2024-03-20")),
        sealed_basis="custody",
    )


def _released(rng: Random) -> Record:
    return make.correction_spell(
        key="F1",
        file_no="F1",
        person=rng.choice(PEOPLE),
        kind="temporary_release",
        since=rng.choice(days("2024-02-01", "2024-03-02")),
        until=maybe(
            rng,
            days(
                "2024-03-20",
            ),
        ),
    )


D16 = Theme(
    "D16",
    ("D16",),
    (
        (8, _stay),
        (8, _purchase),
        (4, _card),
        (3, _incident),
        (2, _suit),
        (1, _recourse),
        (2, _refund),
        (1, _death),
        (2, _held),
        (1, _released),
    ),
    date(2024, 2, 1),
    date(2025, 4, 1),
    (Supply("recourse", "CaseStep", {"step": ("recourse",)}),),
    {"D16": {**other("D16", "cards", 2)["D16"], **other("D16", "cards_leave", 1)["D16"]}},
    grants=("medical", "custody"),
    lists={"custody_hospitals": (FIRMS[1],)},
    derives=True,
    at_least=4,
    length=90,
)
