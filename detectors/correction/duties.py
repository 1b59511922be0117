"""What every duty around a file says of itself, and how a finding is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from detectors import DAY, Context, Deadline, Finding, Judged, Outcome, Spell, distinct, performed
from schemas import Record


class DutyFacts(msgspec.Struct, frozen=True, kw_only=True):
    file_no: str  #: of the file, or of the case whose judgment has none yet
    kind: str
    effective_on: date | None
    deadline: Deadline
    done_on: date | None


class HeldFacts(DutyFacts, frozen=True, kw_only=True):
    measure: str
    measure_no: str
    measure_on: date


class RevokeFacts(DutyFacts, frozen=True, kw_only=True):
    limb: str
    breach_since: date
    breach_until: date | None
    met_on: date
    times: int


class DeliverFacts(DutyFacts, frozen=True, kw_only=True):
    papers_on: date | None
    revoked_on: date | None
    sentence_until: date | None


class CloseFacts(DutyFacts, frozen=True, kw_only=True):
    closed_early_on: date | None


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty: what is owed by when, what performed it, and where that would be written."""

    rule: str
    obligation: str
    act: date
    deadline: Deadline
    done: tuple[date, Record] | None
    rows: tuple[Record | None, ...]
    owner: Record  #: whose agency bears it
    refuted_by: tuple[tuple[type[Record], Mapping[str, object]], ...]
    parameter: str = ""
    excuse: str = ""

    @property
    def done_on(self) -> date | None:
        return self.done[0] if self.done is not None else None

    def judged(self, context: Context[Any]) -> Judged:
        legal = context.legal(self.parameter or self.rule, self.act, self.owner.source.region)
        return performed(
            context,
            self.deadline,
            self.done_on,
            refuted_by=(),
            legal=legal,
            also=self.refuted_by,
        )

    def at_once(self, context: Context[Any]) -> tuple[Judged, bool]:
        """The same where somebody's liberty is at stake: told on the first day over the term, and
        whether it is still unconfirmed."""
        due = self.deadline.due
        if self.done is not None or due is None or not context.reached(due + DAY):
            return self.judged(context), False
        known = [
            context.covered(k, Spell(self.deadline.start, due), **w) for k, w in self.refuted_by
        ]
        return Judged(Outcome.HOLDS), not all(known)

    def finding(
        self,
        context: Context[Any],
        facts: DutyFacts,
        *,
        judged: Judged | None = None,
        unconfirmed: bool = False,
        severity: str = "",
        also: tuple[str, ...] = (),
    ) -> Finding:
        judged = judged or self.judged(context)
        return Finding(
            rule=self.rule,
            obligation=self.obligation,
            outcome=Outcome.EXEMPT if self.excuse else judged.outcome,
            waiting=judged.waiting,
            excuse=self.excuse,
            act=self.act,
            basis=(self.parameter or self.rule, *also),
            facts=facts,
            evidence=distinct(*self.rows, self.done[1] if self.done else None),
            agency=self.owner.source.agency,
            region=self.owner.source.region,
            severity=severity,
            unconfirmed=unconfirmed and not self.excuse,
        )
