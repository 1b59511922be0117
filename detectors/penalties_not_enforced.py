"""D21: fines neither paid nor brought before the court in time, and the court's own terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

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
    paid_up,
    performed,
)
from detectors.enforcement.litigation import window_of
from detectors.enforcement.non_litigation import CourtDuty, court_duties
from detectors.enforcement.penalty_case import PenaltyCase
from detectors.enforcement.surcharge import Surcharge, charged, most, since_day
from schemas import CaseStep, PartyEnded, Pause, Penalty, Receipt, Record


class D21Terms(msgspec.Struct, frozen=True):
    suit: Term
    suit_after_review: Term
    suit_not_informed: Term
    suit_demolition: Term | None
    apply: Term | None
    instalments: bool | None
    notice: Term
    reminder: Term | None
    pay: Term
    surcharge: float  #: share of the fine a day
    surcharge_cap: int | None  #: times the fine, at most
    surcharge_pause: bool | None
    court_accept: Term | None
    court_rule: Term | None
    court_hearing: Term | None
    not_carried_out: Term
    explain: Term | None


class ApplyFacts(msgspec.Struct, frozen=True, kw_only=True):
    decision_no: str
    decided_on: date
    served_on: date | None
    due_fen: int
    paid_fen: int
    left_fen: int
    demolish: str | None
    litigation: Deadline
    instalments_until: date | None
    deadline: Deadline
    applied_on: date | None
    fulfilled_on: date | None


class ReminderFacts(msgspec.Struct, frozen=True, kw_only=True):
    decision_no: str
    applied_on: date
    reminded_on: date | None
    earliest: Deadline | None
    repeated_on: date | None


class SurchargeFacts(msgspec.Struct, frozen=True, kw_only=True):
    decision_no: str
    fine_fen: int
    pay: Deadline
    demanded_on: date
    most: Surcharge
    demanded_fen: int
    excess_fen: int
    lowered_on: date | None


class CourtFacts(msgspec.Struct, frozen=True, kw_only=True):
    decision_no: str
    doc_no: str | None
    started_on: date
    hearing_on: date | None
    left_fen: int
    deadline: Deadline
    done_on: date | None


@detector(
    "D21",
    subject="case",
    reads=(Penalty, CaseStep, Pause, Receipt, PartyEnded),
    terms=D21Terms,
    needs=(Penalty,),
)
def penalties_not_enforced(dossier: Dossier, context: Context[D21Terms]) -> Iterator[Finding]:
    """What a party neither pays nor contests goes to the court in time, and the court acts."""
    rows = dossier.of(Penalty)
    if not rows:
        return  # sealed
    case = PenaltyCase(dossier, rows)
    rules = _Rules(case, context)
    organs = ("own_power_organs", "police_organs")  # these enforce what they impose themselves
    if not any(context.listed(name, case.agency) for name in organs):
        yield from rules.apply()
        yield from rules.reminder()
    yield from rules.surcharge()
    for steps in grouped(case.of("court"), "doc_no").values():
        yield from (found for duty in court_duties(steps) for found in rules.court(duty))


@dataclass(frozen=True)
class _Rules:
    case: PenaltyCase
    context: Context[D21Terms]

    def law(self, day: date) -> D21Terms:
        return self.context.law(day, self.case.region)

    def apply(self) -> Iterator[Finding]:
        """The agency applies within three months of the end of the litigation period."""
        case, law = self.case, self.law(self.case.act)
        if law.apply is None or not (case.due_fen or case.demolition):
            return
        window = window_of(case, self.context.calendar, law.apply, self.law)
        deadline, until = window.deadline, window.put_off_until
        applied = case.applications[0] if case.applications else None
        days = (applied and applied.on, case.fulfilled_on)
        undone = ("order_complied",) if case.demolition and not case.complied else ()
        judged = performed(
            self.context,
            msgspec.structs.replace(deadline, start=case.act),  # complete since the service
            min((day for day in days if day), default=None),
            refuted_by=CaseStep,
            notice=law.notice,
            also=((Receipt, {"kind": "paid"}), (Pause, {"ground": ("reconsideration", "suit")})),
            organ="agency",
            step=("applied_to_court", "instalments_granted", *undone),
        )
        facts = ApplyFacts(
            decision_no=case.decision_no,
            decided_on=case.decided_on,
            served_on=case.served_on,
            due_fen=case.due_fen,
            paid_fen=case.paid_fen,
            left_fen=case.left_fen,
            demolish="demolition" if case.demolition else None,
            litigation=window.litigation,
            instalments_until=until,
            deadline=deadline,
            applied_on=applied.on if applied else None,
            fulfilled_on=case.fulfilled_on,
        )
        told = ("review_decision_served", "order_complied", "instalments_granted")
        rows = (*case.of("agency", *told), applied, *case.contests, *case.receipts)
        basis = (window.basis, "apply", *(("instalments",) if until else ()))
        yield self._finding("apply", judged, case.act, basis, facts, rows, deadline)

    def reminder(self) -> Iterator[Finding]:
        """Before it applies, the agency reminds in writing and waits ten working days."""
        case, first = self.case, next(iter(self.case.applications), None)
        term = self.law(first.on).reminder if first else None
        if first is None or term is None:
            return
        reminded = next(iter(case.of("agency", "reminder_served")), None)
        earliest = self.context.calendar.deadline(reminded.on, term) if reminded else None
        ready = earliest.due if earliest and earliest.due else date.max
        proper = next((a for a in case.applications if a.on >= ready), None)
        asked = Spell(min(case.act, first.on), first.on)
        if proper is first:
            judged = Judged(Outcome.LAPSED)
        elif self.context.covered(CaseStep, asked, organ="agency", step="reminder_served"):
            judged = Judged(Outcome.CURED if proper else Outcome.HOLDS)
        else:
            judged = Judged(Outcome.PENDING, waiting=Waiting.NOT_COVERED)
        facts = ReminderFacts(
            decision_no=case.decision_no,
            applied_on=first.on,
            reminded_on=reminded.on if reminded else None,
            earliest=earliest,
            repeated_on=proper.on if proper else None,
        )
        rows, basis = (first, reminded, proper), ("reminder",)
        yield self._finding("reminder", judged, first.on, basis, facts, rows)

    def surcharge(self) -> Iterator[Finding]:
        """No more is demanded for late payment than three per cent a day, and than the fine."""
        case = self.case
        demands = [s for s in case.of("agency", "surcharge_demanded") if s.amount_fen]
        if not demands or not case.fine_fen or case.served_on is None:
            return
        found = charged(demands, lambda demand: self._most(demand, self._pay(demand)))
        lowered, worst = found.lowered, found.demand
        facts = SurchargeFacts(
            decision_no=case.decision_no,
            fine_fen=case.fine_fen,
            pay=self._pay(worst),
            demanded_on=worst.on,
            most=found.lawful,
            demanded_fen=worst.amount_fen or 0,
            excess_fen=found.excess_fen,
            lowered_on=lowered.on if lowered else None,
        )
        basis = ("pay", "surcharge", "surcharge_cap", "surcharge_pause")
        rows = (worst, lowered, case.deferred_by(worst.on), *case.contests, *case.receipts)
        yield self._finding("surcharge", Judged(found.outcome), worst.on, basis, facts, rows)

    def _pay(self, demand: CaseStep) -> Deadline:
        """When the fine was due, by what had been granted before the demand."""
        case, term = self.case, self.law(self.case.act).pay
        pay = self.context.calendar.deadline(case.act, term)
        grant = case.deferred_by(demand.on)
        if grant is None or grant.until is None or pay.due is None or grant.until <= pay.due:
            return pay
        return Deadline(grant.on, term.text, grant.until)

    def _most(self, demand: CaseStep, pay: Deadline) -> Surcharge:
        case, law = self.case, self.law(demand.on)
        spared = self.context.in_force("surcharge_pause", demand.on, case.region)
        pauses = since_day(case.contested, spared.in_force_from) if spared and spared.value else ()
        paid = paid_up(case.receipts, case.due_fen)
        until = min(day for day in (demand.until or demand.on, paid) if day)
        late = Spell((pay.due or demand.on) + DAY, until)
        return most(case.fine_fen, law.surcharge, late, pauses, capped=bool(law.surcharge_cap))

    def court(self, duty: CourtDuty) -> Iterator[Finding]:
        """The court accepts, rules and carries out within terms of its own."""
        case, start, last = self.case, duty.start, duty.rule == "not_carried_out"
        parameter = "court_hearing" if duty.hearing else duty.rule
        term: Term | None = getattr(self.law(start.on), parameter)
        if term is None:
            return
        halts = case.halts if last else ()
        pauses = [Spell(halt.since, halt.until) for halt in halts]
        deadline = self.context.calendar.deadline(start.on, term, pauses)
        days = (duty.done and duty.done.on, case.fulfilled_on)
        done_on = min((day for day in days if day and day >= start.on), default=None)
        judged = performed(
            self.context,
            deadline,
            done_on,
            refuted_by=CaseStep,
            legal=self.context.legal(parameter, start.on, case.region),
            also=((Receipt, {"kind": "paid"}),) if last else (),
            organ="court",
            step=duty.asked,
        )
        facts = CourtFacts(
            decision_no=case.decision_no,
            doc_no=start.doc_no or None,
            started_on=start.on,
            hearing_on=duty.hearing.on if duty.hearing else None,
            left_fen=case.left_fen,
            deadline=deadline,
            done_on=done_on,
        )
        rows = (start, duty.hearing, duty.done, *halts, *case.receipts)
        basis = (parameter, "explain") if last else (parameter,)
        bearer = (duty.key, start.source.agency)
        yield self._finding(duty.rule, judged, start.on, basis, facts, rows, deadline, *bearer)

    def _finding(
        self,
        rule: str,
        judged: Judged,
        act: date,
        basis: tuple[str, ...],
        facts: msgspec.Struct,
        rows: Iterable[Record | None],
        term: Deadline | None = None,
        key: str = "",
        agency: str = "",
    ) -> Finding:
        case = self.case
        excuse = case.excuse(term.due if term else act)
        return Finding(
            rule=rule,
            obligation=key or f"{case.decision_no}/{rule}",
            outcome=Outcome.EXEMPT if excuse else judged.outcome,
            stage=judged.stage,
            waiting=judged.waiting,
            excuse=excuse,
            act=act,
            basis=basis,
            facts=facts,
            evidence=(*case.rows, *(row for row in rows if row is not None), *case.ended),
            agency=agency or case.agency,
            region=case.region,
            amount_fen=facts.excess_fen if isinstance(facts, SurchargeFacts) else case.left_fen,
        )
