"""D09: fines and other property parts of criminal judgments that nobody collects in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

import msgspec

from detectors import (
    DAY,
    Context,
    Deadline,
    Dossier,
    Finding,
    Judged,
    Outcome,
    Spell,
    Term,
    Waiting,
    detector,
    grouped,
    performed,
    standing,
)
from detectors.collection.convicted import Convicted
from detectors.collection.ledger import Owed, SetOff, ledger
from detectors.collection.reachable import Reachable, reachable
from detectors.collection.stages import Course, Stretch, course
from detectors.collection.treasury import treasury
from schemas import (
    CaseStep,
    Death,
    Execution,
    Holding,
    JointPaid,
    Judgment,
    Pause,
    Penalty,
    PropertyItem,
    Receipt,
    Record,
)


class D09Terms(msgspec.Struct, frozen=True):
    fine_due: bool | None
    transfer: Term
    filing: Term | None
    execution: Term | None
    order: bool | None
    floor_yuan: int
    living_yuan: int
    treasury: Term
    commutation: Term | None
    same_facts: Term


class ItemFacts(msgspec.Struct, frozen=True, kw_only=True):
    case_no: str
    kind: str
    effective_on: date
    owed_fen: int | None
    set_off_fen: int | None
    paid_fen: int
    left_fen: int
    joint: str | None


class DutyFacts(ItemFacts, frozen=True, kw_only=True):
    deadline: Deadline
    done_on: date | None


class SeenFacts(ItemFacts, frozen=True, kw_only=True):
    seen: Reachable
    closed_on: date | None


class TreasuryFacts(ItemFacts, frozen=True, kw_only=True):
    received_on: date
    received_fen: int
    deadline: Deadline


class CommutationFacts(ItemFacts, frozen=True, kw_only=True):
    proposed_on: date
    seen: Reachable
    paid_on: date | None
    earliest: Deadline | None


@detector(
    "D09",
    subject="party",
    reads=(
        PropertyItem,
        Judgment,
        CaseStep,
        Execution,
        Receipt,
        JointPaid,
        Holding,
        Pause,
        Death,
        Penalty,
    ),
    terms=D09Terms,
    needs=(PropertyItem,),
)
def property_penalties(dossier: Dossier, context: Context[D09Terms]) -> Iterator[Finding]:
    """What a judgment takes is handed over, filed, executed, collected and passed on in time."""
    party = Convicted(dossier)
    rules = _Rules(dossier, context, party)

    def set_off(item: PropertyItem) -> SetOff:
        law = context.law(item.effective_on, item.source.region)
        return party.set_off(item, law.same_facts)

    for items in ledger(dossier, set_off).values():
        before = 0  # what is left of the items that come first
        for owed in items:
            way = rules.course(owed)
            yield from (rules.stage(owed, stage) for stage in way.stages)
            yield from rules.property_seen(owed, way, before)
            yield from rules.commutation(owed, before)
            before += owed.left_fen
        yield from rules.treasury(items)


class _Told(NamedTuple):
    """What identifies a finding, and under which law it is made."""

    rule: str
    key: str
    act: date
    basis: tuple[str, ...]
    due: date | None = None
    amount_fen: int | None = None
    agency: str = ""


class _Rules:
    def __init__(self, dossier: Dossier, context: Context[D09Terms], party: Convicted) -> None:
        self.context, self.party = context, party
        self.steps = grouped(dossier.of(CaseStep), "case_no")
        self.proposals = dossier.of(CaseStep, step="commutation_proposed")
        self.taken_back = dossier.of(CaseStep, step="commutation_withdrawn")
        self.pauses = grouped(dossier.of(Pause, ground=("relief", "suspension")), "case_no")

    def law(self, owed: Owed, day: date) -> D09Terms:
        return self.context.law(day, owed.item.source.region)

    def course(self, owed: Owed) -> Course:
        calendar = self.context.calendar
        return course(owed, self.steps, self.pauses, calendar, lambda day: self.law(owed, day))

    def stage(self, owed: Owed, stage: Stretch) -> Finding:
        """The court hands over, files and executes within its terms."""
        rule = stage.rule
        judged = performed(
            self.context,
            msgspec.structs.replace(stage.deadline, start=owed.item.effective_on),
            stage.done_on,
            refuted_by=(),
            legal=self.context.legal(rule, stage.act, owed.item.source.region),
            also=((Receipt, {"kind": "paid"}), *stage.refuted_by),
        )
        facts = DutyFacts(**_told(owed), deadline=stage.deadline, done_on=stage.done_on)
        basis = ("fine_due", rule) if rule == "transfer" and owed.item.kind == "fine" else (rule,)
        told = _Told(rule, stage.key, stage.act, basis, stage.deadline.due)
        return self._finding(owed, told, judged, facts, stage.rows)

    def property_seen(self, owed: Owed, way: Course, before: int) -> Iterator[Finding]:
        """What is left unpaid is taken from property that stands in a register."""
        if way.idle_from is None or owed.owed_fen == 0:
            return
        for holding in self.party.holdings:
            seen = self._seen(owed, holding, before)
            if seen is None:
                continue
            since = max(way.idle_from, holding.since or date.min)
            now = standing(self.context, Spell(since, holding.until))
            outcome = Outcome.LAPSED if owed.paid_on else now
            judged = self._unpaid(outcome, Spell(owed.item.effective_on, since))
            closed = way.closed.closed_on if way.closed else None
            facts = SeenFacts(**_told(owed), seen=seen, closed_on=closed)
            key, basis = f"property/{holding.source.key}", ("fine_due", "order", "floor_yuan")
            whole = owed.owed_fen is None  # all that the party has
            fen = seen.net_fen if whole else min(seen.net_fen, owed.left_fen)
            told = _Told("property_seen", key, since, basis, since, fen)
            yield self._finding(owed, told, judged, facts, (holding, *way.stages[-1].rows))

    def _seen(self, owed: Owed, holding: Holding, before: int) -> Reachable | None:
        """What a holding leaves for the item, where it is worth the while."""
        law = self.law(owed, owed.item.effective_on)
        seen = reachable(holding, before, law.living_yuan * 100)
        least = law.floor_yuan * 100
        if owed.owed_fen is not None:
            least = min(least, owed.left_fen or owed.owed_fen)
        return seen if seen and seen.net_fen >= least else None

    def _unpaid(self, outcome: Outcome, spell: Spell) -> Judged:
        """That something is unpaid is said only where payments are known to be complete."""
        if outcome is Outcome.HOLDS and not self.context.covered(Receipt, spell, kind="paid"):
            return Judged(Outcome.PENDING, waiting=Waiting.NOT_COVERED)
        return Judged(outcome)

    def treasury(self, items: tuple[Owed, ...]) -> Iterator[Finding]:
        """What the court receives of fines and confiscations goes on to the treasury."""
        for owed, receipt, received_fen, passed_on in treasury(items, self.party.receipts):
            deadline = self.context.calendar.deadline(
                receipt.on, self.law(owed, receipt.on).treasury
            )
            judged = performed(
                self.context,
                deadline,
                passed_on.on if passed_on else None,
                refuted_by=Receipt,
                legal=self.context.legal("treasury", receipt.on, owed.item.source.region),
                kind="treasury",
            )
            facts = TreasuryFacts(
                **_told(owed), received_on=receipt.on, received_fen=received_fen, deadline=deadline
            )
            key = f"{receipt.source.key}/treasury"
            told = _Told("treasury", key, receipt.on, ("treasury",), amount_fen=received_fen)
            yield self._finding(owed, told, judged, facts, (receipt, passed_on))

    def commutation(self, owed: Owed, before: int) -> Iterator[Finding]:
        """Who can pay and does not is proposed for no commutation, nor for six months after."""
        due, paid = owed.due_on, owed.paid_on
        for step in self.proposals if due else ():
            term = self.law(owed, step.on).commutation
            if term is None or due is None or step.on <= due or owed.owed_fen == 0:
                continue
            late = paid if paid and paid <= step.on else None
            earliest = self.context.calendar.deadline(late, term) if late else None
            ready = earliest.due if earliest and earliest.due else date.max
            if late and (late <= due or step.on > ready):
                continue
            able = self.party.held(Spell(due + DAY, late or step.on))
            seen = next((s for h in able if (s := self._seen(owed, h, before))), None)
            if seen is None:
                continue
            back = next((s for s in self.taken_back if s.on >= step.on), None)
            outcome = Outcome.LAPSED if back else Outcome.HOLDS
            judged = self._unpaid(outcome, Spell(owed.item.effective_on, step.on))
            facts = CommutationFacts(
                **_told(owed), proposed_on=step.on, seen=seen, paid_on=paid, earliest=earliest
            )
            key, agency = f"commutation/{step.source.key}", step.source.agency
            told = _Told("commutation", key, step.on, ("commutation",), step.on, agency=agency)
            yield self._finding(owed, told, judged, facts, (step, back, *able))

    def _finding(
        self,
        owed: Owed,
        told: _Told,
        judged: Judged,
        facts: ItemFacts,
        rows: Iterable[Record | None],
    ) -> Finding:
        excuse, why = "", tuple[Record, ...]()
        if told.rule != "treasury":  # what was received has to be passed on whatever happens
            excuse, why = self.party.excuse(owed, told.due)
        return Finding(
            rule=told.rule,
            obligation=told.key if told.rule == "treasury" else f"{owed.key}/{told.key}",
            outcome=Outcome.EXEMPT if excuse else judged.outcome,
            waiting=judged.waiting,
            excuse=excuse,
            act=told.act,
            basis=told.basis,
            facts=facts,
            evidence=tuple(row for row in (*owed.rows, *rows, *why) if row is not None),
            agency=told.agency or owed.item.source.agency,
            region=owed.item.source.region,
            amount_fen=owed.left_fen if told.amount_fen is None else told.amount_fen,
        )


def _told(owed: Owed) -> dict[str, Any]:
    return {
        "case_no": owed.item.case_no,
        "kind": owed.item.kind,
        "effective_on": owed.item.effective_on,
        "owed_fen": owed.owed_fen,
        "set_off_fen": owed.set_off.amount_fen or None,
        "paid_fen": owed.paid_fen,
        "left_fen": owed.left_fen,
        "joint": "joint" if owed.item.joint else None,
    }
