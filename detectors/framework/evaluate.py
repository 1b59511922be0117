"""One evaluation: one model over one dossier; what it said, what it asked and what proved it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import msgspec

from detectors.framework.clues import office_of
from detectors.framework.context import Wait
from detectors.framework.coverage import Knowledge
from detectors.framework.dossier import Dossier
from detectors.framework.finding import Finding, Outcome
from detectors.framework.ruleset import Running
from schemas.alert import Proof, Status
from schemas.errors import CardError

_encoder = msgspec.json.Encoder()

#: Status of an alert whose obligation has this outcome; the other outcomes only end one.
ACTIVE = {Outcome.HOLDS: Status.HOLDS, Outcome.CURED: Status.CURED}


class Asked(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What one model was answered "not yet" about one dossier: its wake-ups."""

    wake: date | None = None
    waits: tuple[Wait, ...] = ()
    leaned: bool = False  #: a yes about completeness was used: a retraction concerns it


NOTHING_ASKED = Asked()


@dataclass(slots=True)
class Said:
    """One finding with what was proved complete on the way to it."""

    finding: Finding
    proofs: tuple[Proof, ...]


@dataclass(slots=True)
class Evaluation:
    """What one model says of one dossier, by obligation, and what it wants to be woken for."""

    said: dict[str, Said]
    asked: Asked


NOTHING = Evaluation({}, NOTHING_ASKED)

#: Of a dossier that has more rows than the model takes on.
TOO_BIG = Evaluation({}, NOTHING_ASKED)


def evaluate(
    running: Running,
    dossier: Dossier,
    as_of: date,
    knowledge: Knowledge,
    unreadable: frozenset[str] = frozenset(),
) -> Evaluation:
    """Run one model.

    Raises what the model raises, and ``CardError`` for two findings of one obligation.
    """
    detector = running.model.detector
    needs, at_most = detector.needs, detector.at_most
    if needs and not dossier.has(needs):
        return NOTHING
    if at_most is not None and dossier.count(needs or detector.reads) > at_most:
        return TOO_BIG
    context = running.context
    context.at(as_of, knowledge, unreadable)
    said: dict[str, Said] = {}
    for finding in detector.evaluate(dossier.shown_to(running.reads, running.allowed), context):
        proofs, context.proofs = tuple(context.proofs), []
        if finding.act < running.acts_from:
            continue
        if finding.obligation in said:
            raise CardError(
                f"{running.model.id} reports {finding.obligation!r} twice in one evaluation"
            )
        said[finding.obligation] = Said(finding, proofs)
    if context.wake is None and not context.waits and not context.leaned:
        return Evaluation(said, NOTHING_ASKED)
    return Evaluation(said, Asked(context.wake, tuple(sorted(context.waits)), context.leaned))


def severity(running: Running, finding: Finding) -> str:
    """The card's severity for the amount, or the finding's own where that is higher."""
    return running.model.card.severity_of(finding.amount_fen, finding.severity)


def content(running: Running, finding: Finding) -> str:
    """What is compared of an active alert, as a digest: status, stage, severity, day, agency,
    region, amounts, facts and the keys of its evidence. Positions, proofs and times are history."""
    evidence = sorted({f"{row.source.feed}\0{row.source.key}" for row in finding.evidence})
    compared = (
        finding.outcome,
        finding.stage,
        severity(running, finding),
        finding.rule,
        finding.act,
        finding.agency,
        finding.region,
        finding.amount_fen,
        finding.unconfirmed,
        finding.facts,
        evidence,
        *filter(None, (office_of(finding, running.offices),)),
    )
    return hashlib.blake2b(_encoder.encode(compared), digest_size=16).hexdigest()


def active_set(evaluations: Mapping[str, tuple[Running, Evaluation]]) -> dict[tuple[str, str], str]:
    """Active findings of some models over a dossier: (model, obligation) to compared content."""
    return {
        (model, obligation): content(running, said.finding)
        for model, (running, evaluation) in evaluations.items()
        for obligation, said in evaluation.said.items()
        if said.finding.outcome in ACTIVE
    }
