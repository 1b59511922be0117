"""D10: two people sentenced, supervised, lost, found, proposed for revocation, delivered or not."""

from __future__ import annotations

from random import Random

from schemas import Record
from tests import factories as make
from tests.proof.theme import COURT_CASES, PEOPLE, Supply, Theme, days, maybe

_FILES = ("SJ-1", "SJ-2")
_DAYS = days(
    "2024-03-05", "2024-03-11", "2024-03-20", "2024-04-15", "2024-05-16", "2024-06-17", "2024-08-05"
)
_EVENTS = (
    "reported",
    "warning",
    "warning",
    "admonition",
    "lost",
    "lost",
    "found",
    "leave",
    "told_of_detention",
    "proposal_revoke",
    "proposal_recall",
    "proposal_arrest",
    "closed",
    "notice_received",
)
_LONG = ("lost", "leave")
_STEPS = {
    "court": (
        "notice",
        "papers",
        "ruled_revocation",
        "recall_decided",
        "arrest_decided",
        "second_instance",
    ),
    "prison": ("handed_over", "delivered"),
}


def _judgment(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.judgment(
        key=f"J{n}",
        case_no=COURT_CASES[n - 1],
        party=rng.choice(PEOPLE),
        outcome=rng.choice(("guilty", "guilty", "guilty", "acquitted")),
        penalty=rng.choice(("有期徒刑", "有期徒刑", "管制")),
        months=rng.choice((2, 24)),
        pronounced_on=days("2024-02-20")[0],
        effective_on=maybe(rng, days("2024-03-04"), 0.85),
        probation_until=maybe(rng, days("2024-07-03", "2026-03-03"), 0.6),
        sentence_until=maybe(rng, days("2024-05-01", "2026-01-10"), 0.7),
        replaces=rng.choice(("", "", "", COURT_CASES[0])) if n == 2 else "",
    )


def _spell(rng: Random) -> Record:
    n = rng.randint(1, 2)
    return make.correction_spell(
        key=_FILES[n - 1],
        file_no=_FILES[n - 1],
        case_no=rng.choice((*COURT_CASES, "")),
        person=rng.choice(PEOPLE),
        kind=rng.choice(("probation", "probation", "parole", "control", "temporary_release")),
        effective_on=maybe(rng, days("2024-03-01", "2024-03-04"), 0.8),
        since=rng.choice(days("2024-03-08", "2024-03-20", "2024-05-20")),
        until=maybe(rng, days("2024-07-03", "2026-03-03"), 0.8),
        end_reason=rng.choice(("", "", "", "completed", "revoked", "transferred")),
    )


def _event(rng: Random) -> Record:
    kind = rng.choice(_EVENTS)
    on = rng.choice(_DAYS)
    return make.correction_event(
        key=f"{kind}-{rng.randint(1, 2)}",
        file_no=rng.choice(_FILES),
        case_no=rng.choice(("", *COURT_CASES)),
        person=rng.choice(PEOPLE),
        kind=kind,
        on=on,
        until=maybe(rng, days("2024-05-20", "2024-07-01"), 0.5)
        if kind in ("lost", "leave")
        else None,
    )


def _step(rng: Random) -> Record:
    organ = rng.choice(("court", "court", "prison"))
    step = rng.choice(_STEPS[organ])
    return make.case_step(
        feed=f"{organ}-step",
        key=f"{step}-{rng.randint(1, 2)}",
        case_no=rng.choice(COURT_CASES),
        party=rng.choice(PEOPLE),
        organ=organ,
        step=step,
        on=rng.choice(_DAYS),
    )


def _restraint(rng: Random) -> Record:
    n = rng.randint(1, 3)
    kind = rng.choice(("detention", "arrest", "prison", "prison", "administrative_detention"))
    until = maybe(rng, days("2024-03-15", "2024-04-20", "2024-06-20"), 0.6)
    return make.restraint(
        key=f"M{n}",
        measure_no=f"M{n}",
        case_no=rng.choice(COURT_CASES),
        person=rng.choice(PEOPLE),
        kind=kind,
        organ="prison" if kind == "prison" else "police",
        since=rng.choice(days("2024-03-03", "2024-03-12", "2024-04-10", "2024-06-03")),
        until=until,
        end_reason=rng.choice(("", "temporary_release", "lifted")) if until else "",
    )


def _order(rng: Random) -> Record:
    return make.drug_order(
        key="O1",
        order_no="O1",
        person=rng.choice(PEOPLE),
        kind=rng.choice(("compulsory", "community")),
        decided_on=rng.choice(days("2024-03-12", "2024-04-10")),
    )


def _penalty(rng: Random) -> Record:
    return make.penalty(
        key="Y1",
        decision_no="Y1",
        party=rng.choice(PEOPLE),
        cause=rng.choice(("supervision_breach", "theft")),
        decided_on=rng.choice(days("2024-03-12", "2024-04-10")),
        annulled_on=maybe(rng, days("2024-05-01"), 0.2),
    )


def _case(rng: Random) -> Record:
    return make.police_case(
        key="P1",
        police_case_no=f"{make.POLICE}/东公刑立〔2024〕9号",
        party=rng.choice(PEOPLE),
        filed_on=rng.choice(days("2024-02-01", "2024-05-02")),
    )


def _death(rng: Random) -> Record:
    return make.death(
        key="X1",
        person=rng.choice(PEOPLE),
        died_on=rng.choice(days("2024-03-10", "2024-06-01")),
        cancelled=rng.random() < 0.5,
    )


D10 = Theme(
    "D10",
    ("D10",),
    (
        (4, _judgment),
        (5, _spell),
        (9, _event),
        (5, _step),
        (4, _restraint),
        (1, _order),
        (1, _penalty),
        (1, _case),
        (1, _death),
    ),
    days("2024-03-08")[0],
    days("2024-10-20")[0],
    (
        *(Supply(f"{organ}-step", "CaseStep", {"organ": (organ,)}) for organ in _STEPS),
        Supply("correctionevent", "CorrectionEvent"),
        Supply("correctionspell", "CorrectionSpell"),
        Supply("restraint", "Restraint"),
    ),
    derives=True,
    length=70,
    at_least=4,
)
