"""What became of an offence at the police: passed on, filed as a case, or declined."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date

from detectors.framework.dossier import Dossier
from detectors.framework.grouped import grouped
from detectors.framework.term import Term
from schemas import CaseStep, Decision, Penalty, PoliceCase
from schemas.penalties import CAUSES

#: Decisions that end a prosecution review: a criminal case there was.
CONCLUDED = (
    "non_prosecution_statutory",
    "non_prosecution_relative",
    "non_prosecution_doubt",
    "non_prosecution_conditional",
    "prosecution",
)


class Transfers:
    """A party's transfers to the police and the cases that the police opened."""

    def __init__(self, dossier: Dossier, numbers: Iterable[str], same_facts: Term) -> None:
        """``numbers`` are those of all penalties: a step under another may mean any of them.

        Where the day of an offence is not recorded, it may lie ``same_facts`` before the penalty.
        """
        self._same_facts = same_facts
        self._decisions: dict[str, list[Decision]] = {}
        for decision in dossier.of(Decision, kind=CONCLUDED):
            for charge in decision.charges:
                self._decisions.setdefault(charge, []).append(decision)
        self._steps = grouped(dossier.of(CaseStep), "case_no")
        known = frozenset(numbers)
        sent = dossier.of(CaseStep, organ="agency", step="transferred_to_police")
        other = tuple(step for step in sent if step.case_no not in known)
        self._other: dict[str, list[CaseStep]] = {}
        for step in other:
            self._other.setdefault(step.source.agency, []).append(step)
        self._filed: dict[str, list[PoliceCase]] = {}
        for case in dossier.of(PoliceCase):
            self._filed.setdefault(case.charge, []).append(case)

    def sent(self, penalty: Penalty) -> CaseStep | None:
        """The transfer by the agency that punished, under the penalty's number or none known."""
        act = self._since(penalty)  # in order it is passed on before it is punished
        mine = self._of(penalty, "transferred_to_police")
        other = self._other.get(penalty.source.agency, [])
        place = bisect_left(other, act, key=lambda step: step.on)
        quoted = next((step for step in mine if step.on >= act), None)
        return quoted or next(iter(other[place : place + 1]), None)

    def filed(self, penalty: Penalty, charge: str) -> PoliceCase | None:
        """The first case since the offence for a crime that it may be."""
        act = self._since(penalty)
        charges = dict.fromkeys(("", charge, *CAUSES.get(penalty.cause, ())))
        firsts: list[PoliceCase] = []
        for one in charges:
            cases = self._filed.get(one, [])
            place = bisect_left(cases, act, key=lambda case: case.filed_on)
            firsts += cases[place : place + 1]
        return min(firsts, key=lambda case: case.filed_on, default=None)

    def concluded(self, penalty: Penalty, charge: str) -> Decision | None:
        """A decision of the procuratorate on the same act: the penalty may come from it."""
        since, until = self._since(penalty), self._same_facts.after(penalty.decided_on)
        found: list[Decision] = []
        for one in dict.fromkeys((charge, *CAUSES.get(penalty.cause, ()))):
            decisions = self._decisions.get(one, [])
            place = bisect_left(decisions, since, key=lambda decision: decision.decided_on)
            found += decisions[place : place + 1]
        return next((decision for decision in found if decision.decided_on <= until), None)

    def declined(self, penalty: Penalty, case: PoliceCase | None) -> CaseStep | None:
        """The refusal to open a case that the agency accepted: it did not ask for another look,
        and no case followed."""
        refused = next(iter(self._of(penalty, "not_filed")), None)
        if refused is None or (case is not None and case.filed_on >= refused.on):
            return None
        asked = any(s.on >= refused.on for s in self._of(penalty, "reconsideration_asked"))
        return None if asked else refused

    def _since(self, penalty: Penalty) -> date:
        return penalty.act_on or self._same_facts.before(penalty.decided_on)

    def _of(self, penalty: Penalty, code: str) -> list[CaseStep]:
        return [s for s in self._steps.get(penalty.decision_no, ()) if s.step == code]
