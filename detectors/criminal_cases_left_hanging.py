"""D07: bail and residence past their limit, and criminal cases that nobody takes on or ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from detectors import (
    Context,
    Deadline,
    Dossier,
    Finding,
    Judged,
    Outcome,
    Stage,
    Term,
    accepted_death,
    case_of,
    detector,
    distinct,
    nearest_notice,
    performed,
)
from detectors.hanging.case import MOVED_ON, HangingCase, ending, hanging_cases
from detectors.hanging.facts import (
    AfterFacts,
    CaseFacts,
    FollowUpFacts,
    MeasureFacts,
    RequestFacts,
    StallFacts,
)
from detectors.hanging.limits import Limits
from detectors.hanging.request import RequestLaw, late_requests
from schemas import CaseStep, Death, Decision, Judgment, Pause, PoliceCase, Record, Restraint

#: What the police do after a refusal to arrest for want of a crime.
FOLLOWED = ("reconsideration_asked", "review_asked", *MOVED_ON)


class D07Terms(RequestLaw, frozen=True):
    bail: Term
    residence: Term
    notices: tuple[Term, ...]
    after_measure: Term | None
    after_measure_economic: Term | None
    no_measure: Term | None
    no_measure_economic: Term | None
    no_arrest_followup: Term | None
    supervised_stall: Term | None


@detector(
    "D07",
    subject="person",
    reads=(PoliceCase, Restraint, Decision, CaseStep, Pause, Death, Judgment),
    terms=D07Terms,
    needs=(PoliceCase, Restraint, Decision, CaseStep),
)
def criminal_cases_left_hanging(dossier: Dossier, context: Context[D07Terms]) -> Iterator[Finding]:
    """No measure outlives its limit, and no case is left lying by the police."""
    death = accepted_death(dossier)
    for case in hanging_cases(dossier):
        hanging = _Hanging(context, case, Limits(context, case), death)
        yield from hanging.at_large()
        for police in case.police:
            yield from hanging.lying(police)
        for decision in case.decisions:
            if decision.kind == "no_arrest_no_crime":
                yield from hanging.follow_up(decision)
        yield from hanging.stalled()
        for row, judged, deadline, facts, rows, basis in late_requests(context, case):
            key = f"{row.measure_no}/request"
            yield hanging.finding("request_late", key, judged, deadline, facts, row, rows, *basis)


@dataclass(frozen=True)
class _Hanging:
    """One case with the questions that are asked of it."""

    context: Context[D07Terms]
    case: HangingCase
    limits: Limits
    death: Death | None

    def at_large(self) -> Iterator[Finding]:
        """Bail and residence are lifted or changed within the time of the organ that decided."""
        for row, deadline in self.limits.limits.values():
            law = self.context.law(row.since, row.source.region)
            done = self.case.replaced.get(row.measure_no)
            judged = performed(
                self.context,
                deadline,
                done[0] if done else None,
                refuted_by=Restraint,
                legal=self.context.legal(row.kind, row.since, row.source.region),
                organ=row.organ or "police",
            )
            notice = None
            if done is None and judged == Judged(Outcome.PENDING):
                notice = nearest_notice(self.context, deadline, law.notices)
                judged = Judged(Outcome.HOLDS, Stage.NOTICE) if notice else judged
            facts = MeasureFacts(
                case_no=case_of(row),
                measure_no=row.measure_no,
                organ=row.organ or None,
                deadline=deadline,
                notice=notice.text if notice else None,
                done_on=done[0] if done else None,
                done_by=ending(row, done[1]) if done else None,
            )
            rows = (row, done[1] if done else None)
            yield self.finding(row.kind, row.measure_no, judged, deadline, facts, row, rows)

    def lying(self, police: PoliceCase) -> Iterator[Finding]:
        """The police send, end or withdraw a case within a year after the last measure, or within
        two years from opening it where none was taken."""
        region = police.source.region
        moved, back = self.case.moved_on
        last = self.limits.last
        start = police.filed_on if last is None else last[1]
        rule = "no_measure" if last is None else "after_measure"
        if start is not None and back is not None and moved is None:
            start = max(start, back)
        act = start or police.filed_on
        law = self.context.law(act, region)
        economic = getattr(law, f"{rule}_economic") if police.economic else None
        term: Term | None = economic or getattr(law, rule)
        if term is None:
            return
        if start is None:  # a measure still runs
            deadline = Deadline(act, term.text, None)
        else:
            deadline = self.context.calendar.deadline(start, term)
        parameter = f"{rule}_economic" if economic else rule
        done = moved[0] if moved else None
        judged = performed(
            self.context,
            deadline,
            done,
            refuted_by=CaseStep,
            legal=self.context.legal(parameter, act, region),
            also=((Decision, {}), (Restraint, {"organ": "police"})),
            step=MOVED_ON,
        )
        told: dict[str, Any] = {
            "case_no": police.police_case_no,
            "charge": police.charge or None,
            "filed_on": police.filed_on,
            "economic": police.economic,
            "deadline": deadline,
            "done_on": done,
        }
        facts: CaseFacts
        if last is None:
            facts = CaseFacts(**told)
        else:
            facts = AfterFacts(
                **told, measure=last[0].kind, measure_since=last[0].since, returned_on=back
            )
        rows = (
            police,
            last[0] if last else None,
            last[2] if last else None,
            moved[1] if moved else None,
        )
        key = f"{police.police_case_no}/{rule}"
        yield self.finding(rule, key, judged, deadline, facts, police, rows, parameter)

    def follow_up(self, decision: Decision) -> Iterator[Finding]:
        """After a refusal to arrest for want of a crime the police object, or end the case."""
        region, day = decision.source.region, decision.decided_on
        term = self.context.law(day, region).no_arrest_followup
        if term is None:
            return
        release = self.limits.release(day)  # they released the person, so they had received it
        received = decision.served_on or (release[1] if release else None)
        if received is None:
            deadline = Deadline(day, term.text, None)
        else:
            deadline = self.context.calendar.deadline(received, term)
        end = self.case.ended((*FOLLOWED, "arrest_requested"), day)
        judged = performed(
            self.context,
            deadline,
            end[0] if end else None,
            refuted_by=CaseStep,
            legal=self.context.legal("no_arrest_followup", day, region),
            step=FOLLOWED,
            organ="police",
        )
        facts = FollowUpFacts(
            decision_no=decision.decision_no,
            decided_on=day,
            charges=decision.charges,
            deadline=deadline,
            done_on=end[0] if end else None,
        )
        rows = (decision, release[0] if release else None, end[1] if end else None)
        police = self.case.police[0] if self.case.police else None
        yield self.finding(
            "no_arrest_followup",
            f"{decision.decision_no}/followup",
            judged,
            deadline,
            facts,
            police or decision,
            (*rows, police),
            excuse="decision_revoked" if decision.revoked_on else "",
        )

    def stalled(self) -> Iterator[Finding]:
        """A case opened under supervision is investigated within three months."""
        orders = {o.source.key: o for o in self.case.steps_of("filing_ordered")}
        for key, order in orders.items():
            region = order.source.region
            term = self.context.law(order.on, region).supervised_stall
            if term is None:
                continue
            began = self.case.opened_after(order.on)
            if began is None:
                deadline, end = Deadline(order.on, term.text, None), None
            else:
                deadline = self.context.calendar.deadline(began[0], term)
                end = self.case.onward(began[0])
            judged = performed(
                self.context,
                deadline,
                end[0] if end else None,
                refuted_by=CaseStep,
                legal=False,  # what the law lets the procuratorate do is to urge, no more
                step=MOVED_ON,
                organ="police",
            )
            police = began[1] if began and isinstance(began[1], PoliceCase) else None
            facts = StallFacts(
                case_no=order.case_no,
                ordered_on=order.on,
                charge=(police.charge or None) if police else None,
                deadline=deadline,
                done_on=end[0] if end else None,
            )
            rows = (order, began[1] if began else None, end[1] if end else None)
            yield self.finding(
                "supervised_stall", f"{key}/stall", judged, deadline, facts, police or order, rows
            )

    def _excuse(self, rule: str, start: date, done: date | None) -> str:
        """The person died before it was done, or the case went on in another place."""
        if rule == "request_late":
            return ""
        death = self.death
        if death is not None and (done is None or death.died_on <= done):
            return "died"
        moved = self.case.elsewhere(start)
        return "other_place" if moved and (done is None or moved.on <= done) else ""

    def finding(
        self,
        rule: str,
        obligation: str,
        judged: Judged,
        deadline: Deadline,
        facts: MeasureFacts | CaseFacts | FollowUpFacts | StallFacts | RequestFacts,
        duty: Record,
        rows: tuple[Record | None, ...],
        *basis: str,
        excuse: str = "",
    ) -> Finding:
        done = None if isinstance(facts, RequestFacts) else facts.done_on
        # A case may have gone elsewhere before the term of what was left undone here began.
        since = duty.day if isinstance(duty, PoliceCase) else deadline.start
        excuse = excuse or self._excuse(rule, since, done)
        also: tuple[Record | None, ...] = ()
        if excuse == "died":
            also = (self.death,)
        elif excuse == "other_place":
            also = (self.case.elsewhere(since),)
        return Finding(
            rule=rule,
            obligation=obligation,
            outcome=Outcome.EXEMPT if excuse else judged.outcome,
            stage=judged.stage,
            waiting=judged.waiting,
            excuse=excuse,
            act=deadline.start,
            basis=basis or (rule,),
            facts=facts,
            evidence=distinct(*rows, *also),
            agency=duty.source.agency,
            region=duty.source.region,
        )
