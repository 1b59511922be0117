"""One penalty decision with what followed it: service, payments, contests, steps of both sides."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from functools import cached_property

from detectors.framework.dossier import Dossier
from detectors.framework.grouped import grouped
from detectors.framework.paid import paid_up
from detectors.framework.spell import Spell
from schemas import CaseStep, PartyEnded, Pause, Penalty, Receipt

CONTESTED = ("reconsideration", "suit")


class PenaltyCase:
    """The dossier of a decision that several rows may tell of: two feeds, or one row a party."""

    def __init__(self, dossier: Dossier, rows: tuple[Penalty, ...]) -> None:
        self.rows, row = rows, rows[-1]
        self.decision_no, self.decided_on = row.decision_no, row.decided_on
        self.region = row.source.region
        self.agency = next((r.agency for r in rows if r.agency), row.source.agency)
        self.served_on = max((r.served_on for r in rows if r.served_on), default=None)
        self.act = self.served_on or self.decided_on
        parties = grouped(rows, "party")
        self.fine_fen = sum(max(r.fine_fen for r in told) for told in parties.values())
        self.due_fen = self.fine_fen + sum(
            max(r.confiscated_fen for r in told) for told in parties.values()
        )
        self.demolition = any(r.demolition for r in rows)
        self.informed = not any(r.suit_notice is False for r in rows)
        self.ended = dossier.of(PartyEnded)
        self.contests = dossier.of(Pause, ground=CONTESTED)
        self.contested = [Spell(pause.since, pause.until) for pause in self.contests]
        self.halts = dossier.of(Pause, ground="suspension")
        self.receipts = dossier.of(Receipt, for_no=self.decision_no, kind="paid")
        self.paid_fen = sum(receipt.amount_fen for receipt in self.receipts)
        self.left_fen = max(self.due_fen - self.paid_fen, 0)
        self._parties = set(parties)
        self._steps = grouped(
            (step for step in dossier.of(CaseStep) if step.on >= self.decided_on), "organ"
        )

    def of(self, organ: str, *codes: str) -> tuple[CaseStep, ...]:
        """The steps of an organ since the decision, all or those of some codes."""
        return tuple(s for s in self._steps.get(organ, ()) if not codes or s.step in codes)

    @cached_property
    def applications(self) -> tuple[CaseStep, ...]:
        """To the court, by the agency's record; what the court did first proves one by that day."""
        own, court = self.of("agency", "applied_to_court"), self.of("court")
        first = next((step for step in court if step.step.startswith("nl_")), None)
        if first is None or (own and own[0].on <= first.on):
            return own
        return (first, *own)

    @cached_property
    def _deferrals(self) -> tuple[list[date], list[CaseStep]]:
        """Grants of instalments or delay that reach further than those before, by their days."""
        further: list[CaseStep] = []
        for grant in self.of("agency", "instalments_granted"):
            if grant.until and (not further or grant.until > (further[-1].until or date.min)):
                further.append(grant)
        return [grant.on for grant in further], further

    def deferred_by(self, day: date) -> CaseStep | None:
        """The grant by a day that reaches furthest."""
        days, grants = self._deferrals
        place = bisect_right(days, day)
        return grants[place - 1] if place else None

    @cached_property
    def complied(self) -> date | None:
        """The day on which what was ordered beside the payment was done."""
        return next((step.on for step in self.of("agency", "order_complied")), None)

    @cached_property
    def fulfilled_on(self) -> date | None:
        """The day on which all was paid and done that the decision asks."""
        paid = paid_up(self.receipts, self.due_fen)
        if not self.demolition:
            return paid
        if not self.due_fen or self.complied is None:
            return self.complied
        return max(paid, self.complied) if paid else None

    def excuse(self, due: date | None) -> str:
        """Why nobody need enforce it: annulled, or its party gone before the term had passed."""
        if any(row.annulled_on for row in self.rows):
            return "annulled"
        gone = {end.party for end in self.ended if due is None or end.ended_on <= due}
        return "party_ended" if gone >= self._parties else ""
