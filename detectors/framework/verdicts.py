"""How the criminal cases behind a person's times in custody ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from schemas import Judgment, Restraint


class Verdicts:
    """The final judgments on a person and the ends of the measures taken against the person.

    A judgment that a retrial took the place of, or that is not yet in effect, does not count.
    """

    def __init__(self, restraints: Iterable[Restraint], judgments: Sequence[Judgment]) -> None:
        overturned = replaced(judgments)
        final = [j for j in judgments if j.effective_on and j.case_no not in overturned]
        self.acquittals = sorted(
            (j for j in final if j.outcome == "acquitted"), key=lambda j: (final_on(j), j.case_no)
        )
        self.convicted = frozenset(j.case_no for j in final if j.outcome == "guilty")
        self._penalties = {j.case_no: j.penalty for j in final}
        # A retrial acquits in the case whose judgment it took the place of.
        self._ends: dict[str, set[str]] = {
            case: {"acquitted"} for j in self.acquittals for case in _cases(j)
        }
        for restraint in restraints:
            self._ends.setdefault(case_of(restraint), set()).add(restraint.end_reason)

    def ended(self, restraint: Restraint, how: Iterable[str]) -> str:
        """The first of these ends that the case of the measure came to; empty if to none, or if
        the case led to a conviction after all."""
        case = case_of(restraint)
        if case in self.convicted:
            return ""
        return next((end for end in how if end in self._ends[case]), "")

    def acquittal_of(self, restraint: Restraint) -> Judgment | None:
        """The judgment that acquitted in the case of the measure.

        Police and court number a case differently: where the court's number is not quoted, the
        measure itself must say that it ended with an acquittal.
        """
        case = case_of(restraint)
        quoted = next((j for j in self.acquittals if case in _cases(j)), None)
        if quoted is not None or "acquitted" not in self._ends[case]:
            return quoted
        return next((j for j in self.acquittals if final_on(j) >= restraint.since), None)

    def penalty(self, case_no: str) -> str:
        """The principal penalty of the final judgment in a case; empty if none is known."""
        return self._penalties.get(case_no, "")


def replaced(judgments: Iterable[Judgment]) -> set[str]:
    """The cases whose judgment a retrial took the place of; one not yet in effect takes none."""
    return {j.replaces for j in judgments if j.replaces and j.effective_on}


def case_of(restraint: Restraint) -> str:
    """The case of a measure; a measure without a case number is a case of its own."""
    return restraint.case_no or restraint.measure_no


def _cases(judgment: Judgment) -> tuple[str, ...]:
    """The numbers of the case that a judgment decides."""
    return tuple(filter(None, (judgment.case_no, judgment.replaces)))


def final_on(judgment: Judgment) -> date:
    """The day on which a judgment took effect; the last day of all for one that has not."""
    return judgment.effective_on or date.max
