"""What else is known of a person under correction: steps, times held, death, other cases."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date

from detectors import DAY, Dossier, Spell, Spells, accepted_death, by_number, first_since
from schemas import CaseStep, CorrectionSpell, DrugOrder, Judgment, Penalty, PoliceCase, Restraint

HELD = ("detention", "arrest", "prison", "administrative_detention", "compulsory_medical")
AWAITING = ("detention", "arrest")

#: The cause of a penalty for a breach of supervision (违反监督管理规定).
BREACH = "supervision_breach"


class Person:
    """The rows that are no part of a file, ready to be asked by day."""

    def __init__(self, dossier: Dossier, judgments: Sequence[Judgment]) -> None:
        self.judgments = judgments
        self.death = accepted_death(dossier)
        self.restraints = sorted(
            by_number(dossier.of(Restraint), "measure_no"), key=lambda r: (r.since, r.measure_no)
        )
        self.orders = by_number(dossier.of(DrugOrder, kind="compulsory"), "order_no")
        self.penalties = [p for p in dossier.of(Penalty, cause=BREACH) if not p.annulled_on]
        self.held = Spells(Spell(r.since, r.until) for r in self.restraints if r.kind in HELD)
        self._cases = dossier.of(PoliceCase)
        self._steps: dict[str, list[CaseStep]] = {}
        self._of_case: dict[tuple[str, str], list[CaseStep]] = {}
        for step in dossier.of(CaseStep):
            self._steps.setdefault(step.step, []).append(step)
            self._of_case.setdefault((step.case_no, step.step), []).append(step)
        spells = dossier.of(CorrectionSpell, kind="temporary_release")
        self.releases = sorted(
            by_number(spells, "file_no"), key=lambda spell: (spell.since, spell.file_no)
        )
        self._released = {s.case_no for s in self.releases if s.case_no}
        self._outside = [Spell(s.effective_on or s.since, s.until) for s in self.releases]
        self._arrests = [r for r in self.restraints if r.kind == "arrest"]
        self._prison = [r for r in self.restraints if r.kind == "prison"]
        self._kept = [r for r in self.restraints if r.kind in HELD]

    def step(self, code: str, since: date, case_no: str = "") -> CaseStep | None:
        """The first such step on or after a day, in one case or in any."""
        rows = self._of_case.get((case_no, code), ()) if case_no else self._steps.get(code, ())
        return first_since(rows, since)

    def steps(self, code: str) -> Sequence[CaseStep]:
        return self._steps.get(code, ())

    def in_prison(self, since: date) -> Restraint | None:
        """The time in prison that runs on the day, or the first that begins after it."""
        return _from(self._prison, since)

    def kept(self, since: date) -> Restraint | None:
        """The same of any time in which the person was held."""
        return _from(self._kept, since)

    def first_arrest(self, since: date) -> Restraint | None:
        """The first arrest on or after a day."""
        place = bisect_left(self._arrests, since, key=lambda row: row.since)
        return self._arrests[place] if place < len(self._arrests) else None

    def let_out(self, case_no: str, spell: Spell) -> bool:
        """Whether a temporary release was decided in the case, or ran meanwhile."""
        return case_no in self._released or any(s.meets(spell) for s in self._outside)

    def measures(self, kinds: tuple[str, ...], spell: Spell) -> list[Restraint]:
        """Measures that began inside a spell, without those that only go on from the one before."""
        first = bisect_left(self.restraints, spell.since, key=lambda r: r.since)
        found: list[Restraint] = []
        reached: date | None = None
        for row in self.restraints[first:]:
            if spell.until is not None and row.since > spell.until:
                break
            if row.kind not in kinds or (row.until is not None and row.until < row.since):
                continue
            if reached is None or row.since > reached + DAY:
                found.append(row)
            reached = max(reached or date.min, row.until or date.max - DAY)
        return found

    def died_before(self, day: date | None) -> bool:
        """Whether the person died, and nothing was done while alive."""
        return self.death is not None and (day is None or self.death.died_on <= day)

    def new_case(self, spell: Spell) -> PoliceCase | Restraint | None:
        """Another crime that came up in the spell: the court that tries it revokes."""
        place = bisect_left(self._cases, spell.since, key=lambda case: case.filed_on)
        for case in self._cases[place : place + 1]:
            if spell.until is None or case.filed_on <= spell.until:
                return case
        found = self.measures(AWAITING, spell)
        return found[0] if found else None


def _from(rows: Sequence[Restraint], since: date) -> Restraint | None:
    place = bisect_right(rows, since, key=lambda row: row.since)
    running = (row for row in rows[:place] if row.until is None or row.until >= since)
    return next(running, rows[place] if place < len(rows) else None)
