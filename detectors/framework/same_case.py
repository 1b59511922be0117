"""Which numbers mean one criminal case: police, procuratorate, court and lock-up each have one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from detectors.framework.spell import DAY, Spell
from detectors.framework.verdicts import case_of
from schemas import CaseStep, Restraint


class SameCase:
    """The cases of one person, told apart by the numbers that their papers quote.

    A step that names another number (joined, split, moved, or the former organ's number) makes both
    one case. A number that only steps have, and that no step links, belongs to the one case in
    which a measure was running on the day of its first step, if there is only one such case.
    """

    def __init__(self, steps: Iterable[CaseStep], measures: Iterable[tuple[str, Spell]]) -> None:
        self._parent: dict[str, str] = {}
        measured = sorted(measures, key=lambda m: (m[1].since, m[0]))
        first: dict[str, date] = {}
        for step in steps:
            first.setdefault(step.case_no, step.on)
            if step.other_no:
                self._join(step.case_no, step.other_no)
        own = {self.of(number) for number, _ in measured}
        orphans = sorted((on, number) for number, on in first.items() if self.of(number) not in own)
        if orphans and measured:
            self._adopt(orphans, measured)

    @classmethod
    def of_person(cls, steps: Iterable[CaseStep], restraints: Iterable[Restraint]) -> SameCase:
        """By the measures against the person's liberty; one without a number is its own case."""
        spells = ((case_of(r), Spell(r.since, r.until)) for r in restraints)
        return cls(steps, spells)

    def of(self, number: str) -> str:
        """What stands for the case of a number; it is no key, because papers to come change it."""
        parent = self._parent
        while (above := parent.get(number, number)) != number:
            parent[number] = number = parent.get(above, above)
        return number

    def _join(self, one: str, other: str) -> None:
        low, high = sorted((self.of(one), self.of(other)))
        if low != high:
            self._parent[high] = low

    def _adopt(
        self, orphans: Iterable[tuple[date, str]], measured: Iterable[tuple[str, Spell]]
    ) -> None:
        changes: list[tuple[date, int, str]] = []
        for number, spell in measured:
            if not spell.empty:
                changes.append((spell.since, 1, number))
                if spell.until is not None and spell.until < date.max - timedelta(1):
                    changes.append((spell.until + DAY, -1, number))
        changes.sort()
        running: Counter[str] = Counter()
        at = 0
        found: list[tuple[str, str]] = []
        for on, number in orphans:
            while at < len(changes) and changes[at][0] <= on:
                _, by, case = changes[at]
                at += 1
                running[case := self.of(case)] += by
                if not running[case]:
                    del running[case]
            if len(running) == 1:
                found.append((number, next(iter(running))))
        for number, case in found:
            self._join(number, case)
