"""What a court owes an agency that applies for enforcement of its decision (非诉执行审查)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from schemas import CaseStep

#: What was carried out has been ruled on, and what was ruled on or heard had been accepted.
RULED = ("nl_ruled", "nl_refused", "nl_executed")
ACCEPTED = ("nl_accepted", "nl_hearing", *RULED)


class CourtDuty(NamedTuple):
    """One step that the court must take after another: accept, rule, carry out."""

    rule: str
    key: str  #: of the application or ruling, and the rule
    start: CaseStep
    done: CaseStep | None
    hearing: CaseStep | None
    asked: tuple[str, ...]  #: the steps that would have been entered if it had been done


def court_duties(steps: Sequence[CaseStep]) -> Iterator[CourtDuty]:
    """The duties that the court's steps on one application show to have begun.

    The court's number names them; where the steps quote none, the row that starts each does.
    """
    received = _first(steps, date.min, "nl_received")
    since = received.on if received else date.min
    accepted = _first(steps, since, "nl_accepted")
    # A refusal may be overturned by the court above, and a ruling follow.
    ruled = _first(steps, accepted.on if accepted else since, "nl_ruled")
    if received:
        done = _first(steps, since, *ACCEPTED)
        yield _duty("court_accept", "court_accept", received, done, ("nl_accepted", "nl_refused"))
    if accepted:
        heard = _first(steps, accepted.on, "nl_hearing")
        done = _first(steps, accepted.on, *RULED)
        duty = _duty("court_rule", "court_rule", accepted, done, ("nl_ruled", "nl_refused"))
        yield duty._replace(hearing=heard)
    if ruled:
        done = _first(steps, ruled.on, "nl_executed")
        yield _duty("not_carried_out", "execution", ruled, done, ("nl_executed",))


def _duty(
    rule: str, key: str, start: CaseStep, done: CaseStep | None, asked: tuple[str, ...]
) -> CourtDuty:
    return CourtDuty(rule, f"{start.doc_no or start.source.key}/{key}", start, done, None, asked)


def _first(steps: Iterable[CaseStep], since: date, *codes: str) -> CaseStep | None:
    return next((step for step in steps if step.step in codes and step.on >= since), None)
