"""How what a model says now and what was told before become transitions of alerts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from detectors.framework.evaluate import ACTIVE, Evaluation, Said, content
from detectors.framework.finding import Outcome, Waiting
from detectors.framework.remembered import AlertState
from detectors.framework.ruleset import Running
from detectors.framework.telling import Telling
from schemas.alert import (
    Kind,
    Reason,
    Status,
    Transition,
    alert_id,
    decode_transition,
    encode_transition,
    sealed,
)

#: References to evidence that an alert carries; all of it is counted and hashed.
EVIDENCE_AT_MOST = 200


@dataclass(slots=True)
class Step:
    """One obligation's way from what was told to what is so: what kind of transition, if any."""

    kind: Kind
    status: Status
    said: Said | None = None
    reason: Reason | None = None
    excuse: str = ""
    other: str = ""  #: the alert that supersedes, or is superseded


def active_step(before: AlertState | None, status: Status, compared: str) -> Step | None:
    """The row "holds" or "cured" of the table of outcomes."""
    if before is None:
        return Step(Kind.RAISED, status)
    if not before.status.active:
        return Step(Kind.REOPENED, status)
    if before.status is not status:
        return Step(Kind.CURED if status is Status.CURED else Kind.REOPENED, status)
    return Step(Kind.UPDATED, status) if before.content != compared else None


def ending_step(said: Said) -> Step:
    """How an open alert ends whose obligation is still reported, but holds no more."""
    finding = said.finding
    if finding.outcome is Outcome.LAPSED:
        return Step(Kind.LAPSED, Status.LAPSED, said)
    if finding.outcome is Outcome.EXEMPT:
        return Step(Kind.WITHDRAWN, Status.WITHDRAWN, said, Reason.EXEMPT, finding.excuse)
    moved = finding.waiting is Waiting.NOT_DUE
    return Step(
        Kind.WITHDRAWN, Status.WITHDRAWN, said, Reason.DEADLINE_MOVED if moved else Reason.COVERAGE
    )


def settle(
    model: str,
    running: Running | None,
    before: Mapping[str, AlertState],
    now: Evaluation,
    telling: Telling,
    vanished: Callable[[AlertState], Reason],
) -> list[tuple[str, AlertState, Transition]]:
    """Compare what is said now with what was told: new states and transitions, by obligation.

    ``vanished`` names the reason for an alert whose obligation is not reported any more.
    ``running`` None: the model's code is gone, and with it its texts.
    """
    steps: dict[str, Step] = {}
    compared: dict[str, str] = {}
    for obligation, said in now.said.items():
        old = before.get(obligation)
        status = ACTIVE.get(said.finding.outcome)
        if status is not None and running is not None:
            compared[obligation] = content(running, said.finding)
            step = active_step(old, status, compared[obligation])
            if step is not None:
                step.said = said
                steps[obligation] = step
        elif old is not None and old.status.active:
            steps[obligation] = ending_step(said)
    gone = [o for o, old in before.items() if old.status.active and o not in now.said]
    if gone:
        _vanish(model, sorted(gone), steps, before, telling.subject, vanished)
    return [
        _told(
            running,
            obligation,
            steps[obligation],
            before.get(obligation),
            compared.get(obligation, ""),
            telling,
        )
        for obligation in sorted(steps)
    ]


def _vanish(
    model: str,
    gone: Sequence[str],
    steps: dict[str, Step],
    before: Mapping[str, AlertState],
    subject: str,
    vanished: Callable[[AlertState], Reason],
) -> None:
    """End alerts no longer reported: superseded by a new one over shared evidence, or withdrawn."""
    fresh = {
        obligation: {f"{row.source.feed}\0{row.source.key}" for row in step.said.finding.evidence}
        for obligation, step in sorted(steps.items())
        if step.kind in (Kind.RAISED, Kind.REOPENED) and step.said is not None
        if not (obligation in before and before[obligation].status.active)
    }
    for obligation in gone:
        rested = set(before[obligation].evidence)
        heir = next((o for o, keys in fresh.items() if rested & keys), None)
        if heir is None:
            steps[obligation] = Step(
                Kind.WITHDRAWN, Status.WITHDRAWN, reason=vanished(before[obligation])
            )
        else:
            other = alert_id(model, subject, heir)
            steps[obligation] = Step(Kind.SUPERSEDED, Status.SUPERSEDED, other=other)
            steps[heir].other = alert_id(model, subject, obligation)


def _told(
    running: Running | None,
    obligation: str,
    step: Step,
    old: AlertState | None,
    compared: str,
    telling: Telling,
) -> tuple[str, AlertState, Transition]:
    revision = old.revision + 1 if old else 1
    raised_ms = old.raised_ms if old else telling.at_ms
    previous = old.digest if old else ""
    common = {
        "revision": revision,
        "kind": step.kind,
        "status": step.status,
        "reason": step.reason,
        "excuse": step.excuse,
        "superseded_by": step.other if step.kind is Kind.SUPERSEDED else "",
        "replaces": step.other if step.kind is not Kind.SUPERSEDED else "",
        "at_ms": telling.at_ms,
        "raised_ms": raised_ms,
        "cause": telling.cause,
        "rules_number": telling.rules.number,
        "rules_hash": telling.rules.hash,
        "previous": previous,
        "digest": "",
        "texts": {},
    }
    if step.status.active and step.said is not None and running is not None:
        bare = telling.transition(running, obligation, step.said, common)
        evidence = step.said.finding.evidence
        keys = tuple(dict.fromkeys(f"{r.source.feed}\0{r.source.key}" for r in evidence))
    else:  # what ends is told with the facts it was last told with
        if old is None:
            raise ValueError(f"{obligation!r} ends and was never told")
        bare = msgspec.structs.replace(decode_transition(bytes(old.last)), **common)
        keys, compared = old.evidence, ""
    last = msgspec.Raw(encode_transition(bare))
    # A rule that the card has no more has no texts either; its alerts must end all the same.
    worded = running is not None and bare.rule in running.model.card.texts
    transition = sealed(telling.with_texts(running, bare) if running and worded else bare)
    state = AlertState(
        step.status,
        revision,
        transition.digest,
        compared,
        raised_ms,
        keys[:EVIDENCE_AT_MOST],
        len(keys),
        last,
        old.counted if old else "",
    )
    return obligation, state, transition
