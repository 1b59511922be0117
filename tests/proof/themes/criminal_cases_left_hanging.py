"""D07: two people in three cases, on bail, refused, ordered, sent, sent back, joined, dead."""

from __future__ import annotations

from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import PEOPLE, Supply, Theme, days, maybe

_CASES = tuple(f"{make.POLICE}/东公刑立〔2023〕{n}号" for n in (1, 2, 3))
_MEASURES = days("2023-03-06", "2023-03-10", "2023-09-04", "2024-03-08")
_LATER = days("2023-03-13", "2023-09-06", "2024-03-07", "2024-09-09", "2025-03-10", "2025-04-01")
_POLICE = (
    "sent_for_prosecution",
    "withdrawn",
    "reconsideration_asked",
    "filed",
    "extended",
    "joined",
    "moved",
)
_OWN = ("filing_ordered", "arrest_requested", "returned_for_supplement")


def _case(rng: Random) -> Record:
    n = rng.randint(1, 3)
    closed = maybe(rng, _LATER, 0.1)
    return make.police_case(
        key=f"P{n}",
        police_case_no=_CASES[n - 1],
        party=rng.choice(PEOPLE),
        filed_on=rng.choice(days("2023-03-01", "2023-03-20")),
        filed_by_supervision=rng.random() < 0.6,
        economic=rng.random() < 0.3,
        closed_on=closed,
        closing="withdrawn" if closed else "",
    )


def _measure(rng: Random) -> Record:
    n = rng.randint(1, 3)
    return make.restraint(
        key=f"M{n}",
        measure_no=f"M{n}",
        case_no=rng.choice((*_CASES, "")),
        person=rng.choice(PEOPLE),
        kind=rng.choice(("bail", "bail", "residence", "detention", "arrest", "wanted")),
        organ=rng.choice(("police", "police", "procuratorate")),
        since=rng.choice(_MEASURES),
        until=maybe(rng, _LATER, 0.4),
        end_reason=rng.choice(("", "lifted", "changed")),
    )


def _step(rng: Random) -> Record:
    organ = rng.choice(("police", "police", "procuratorate"))
    step = rng.choice(_POLICE if organ == "police" else _OWN)
    return make.case_step(
        feed=f"{organ}-step",
        key=f"{step}-{rng.randint(1, 2)}",
        case_no=rng.choice(_CASES),
        party=rng.choice(PEOPLE),
        organ=organ,
        step=step,
        on=rng.choice((*_MEASURES, *_LATER)),
        other_no=_CASES[0] if step == "joined" else "",
        ground=rng.choice(("", "gang")) if step == "extended" else "",
    )


def _detained(rng: Random) -> Record:
    return make.restraint(
        key="M4",
        measure_no="M4",
        case_no=rng.choice(_CASES[:2]),
        person=rng.choice(PEOPLE),
        kind="detention",
        organ="police",
        since=days("2023-03-06")[0],
        until=maybe(rng, days("2023-04-10"), 0.5),
    )


def _ordered(rng: Random) -> Record:
    return make.case_step(
        feed="procuratorate-step",
        key=f"order-{rng.randint(1, 2)}",
        case_no=rng.choice(_CASES[:2]),
        party=rng.choice(PEOPLE),
        organ="procuratorate",
        step="filing_ordered",
        on=days("2023-02-27")[0],
    )


def _requested(rng: Random) -> Record:
    return make.case_step(
        feed="procuratorate-step",
        key=f"request-{rng.randint(1, 2)}",
        case_no=rng.choice(_CASES[:2]),
        party=rng.choice(PEOPLE),
        organ="procuratorate",
        step="arrest_requested",
        on=rng.choice(days("2023-03-08", "2023-03-13", "2023-04-07")),
    )


def _decision(rng: Random) -> Record:
    n = rng.randint(1, 2)
    decided = rng.choice(days("2023-03-10", "2023-09-04"))
    return make.decision(
        key=f"D{n}",
        decision_no=f"{make.PROCURATORATE}/东检不捕〔2023〕{n}号",
        case_no=rng.choice(_CASES),
        party=rng.choice(PEOPLE),
        kind=rng.choice(("no_arrest_no_crime", "no_arrest_no_crime", "non_prosecution_doubt")),
        decided_on=decided,
        served_on=maybe(rng, (decided,), 0.7),
        revoked_on=maybe(rng, days("2023-10-01"), 0.1),
    )


def _absconded(rng: Random) -> Record:
    return make.pause(
        key="W1",
        case_no=rng.choice(_CASES),
        party=rng.choice(PEOPLE),
        ground=rng.choice(("absconded", "psychiatric_appraisal")),
        since=rng.choice(days("2023-03-12", "2023-08-01")),
        until=maybe(rng, days("2023-09-01"), 0.8),
    )


def _judgment(rng: Random) -> Record:
    return make.judgment(
        key="J1",
        case_no=rng.choice((*_CASES, f"{make.COURT}/（2024）鲁1102刑初1号")),
        party=rng.choice(PEOPLE),
        pronounced_on=days("2024-01-08")[0],
        effective_on=maybe(rng, days("2024-01-19"), 0.7),
    )


def _death(rng: Random) -> Record:
    return make.death(
        key="X1",
        person=rng.choice(PEOPLE),
        died_on=rng.choice(days("2023-08-01", "2024-08-01")),
        cancelled=rng.random() < 0.5,
    )


D07 = Theme(
    "D07",
    ("D07",),
    (
        (5, _case),
        (6, _measure),
        (6, _step),
        (3, _detained),
        (3, _requested),
        (2, _ordered),
        (3, _decision),
        (1, _absconded),
        (1, _judgment),
        (1, _death),
    ),
    days("2023-03-08")[0],
    days("2025-06-20")[0],
    (
        Supply("police-step", "CaseStep", {"organ": ("police",)}),
        Supply("procuratorate-step", "CaseStep", {"organ": ("procuratorate",)}),
        Supply("decision", "Decision"),
        Supply("restraint", "Restraint"),
    ),
    derives=True,
    length=80,
    at_least=4,
)
