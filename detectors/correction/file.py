"""One file under community correction, with its judgment and its events."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from detectors import Dossier, by_number, final_on, replaced
from schemas import CorrectionEvent, CorrectionSpell, Judgment

#: Sentences that are served outside from the day on which the judgment is in force.
_OUTSIDE = "管制"


@dataclass(frozen=True, slots=True)
class CorrectionFile:
    """A file, or the judgment of a person of whom no office has made one."""

    judgment: Judgment | None
    spell: CorrectionSpell | None
    events: Mapping[str, tuple[CorrectionEvent, ...]] = field(default_factory=dict)
    earliest: bool = True  #: of the files of its judgment; a move to another office makes one more

    @property
    def kind(self) -> str:
        """How the sentence is served outside; empty if it is not."""
        if self.spell is not None:
            return self.spell.kind
        if self.judgment is None:
            return ""
        if self.judgment.probation_until is not None:
            return "probation"
        return "control" if self.judgment.penalty == _OUTSIDE else ""

    @property
    def number(self) -> str:
        """The number that texts print."""
        if self.spell is not None:
            return self.spell.file_no
        return self.judgment.case_no if self.judgment is not None else ""

    @property
    def effective_on(self) -> date | None:
        """When the judgment, ruling or decision took effect; the court's own word comes first.

        Of parole and temporary release a later paper decides, not the judgment.
        """
        sentenced = self.spell is None or self.spell.kind in ("control", "probation")
        if sentenced and self.judgment is not None and self.judgment.effective_on is not None:
            return self.judgment.effective_on
        return self.spell.effective_on if self.spell is not None else None

    def first(self, kinds: Iterable[str], since: date = date.min) -> CorrectionEvent | None:
        """The first of such events on or after a day."""
        found: list[CorrectionEvent] = []
        for kind in kinds:
            rows = self.events.get(kind, ())
            place = bisect_left(rows, since, key=lambda event: event.on)
            found += rows[place : place + 1]
        return min(found, key=lambda event: event.on, default=None)


def final_judgments(dossier: Dossier) -> tuple[Judgment, ...]:
    """The convictions in force, without those that a retrial took the place of."""
    rows = by_number(dossier.of(Judgment), "case_no")
    overturned = replaced(rows)
    found = [
        j
        for j in rows
        if j.effective_on is not None and j.outcome == "guilty" and j.case_no not in overturned
    ]
    return tuple(sorted(found, key=lambda j: (final_on(j), j.case_no)))


def correction_files(dossier: Dossier, judgments: Iterable[Judgment]) -> Iterator[CorrectionFile]:
    """Every file with its judgment; and every judgment to be served outside without a file."""
    files = {spell.file_no for spell in dossier.of(CorrectionSpell)}
    by_file: dict[str, dict[str, list[CorrectionEvent]]] = {}
    by_case: dict[str, dict[str, list[CorrectionEvent]]] = {}
    for event in dossier.of(CorrectionEvent):
        by_file.setdefault(event.file_no, {}).setdefault(event.kind, []).append(event)
        if event.case_no and event.file_no not in files:  # else it is in its own file
            by_case.setdefault(event.case_no, {}).setdefault(event.kind, []).append(event)
    named = {judgment.case_no: judgment for judgment in judgments}
    filed: set[str] = set()
    for spell in by_number(dossier.of(CorrectionSpell), "file_no"):
        judgment = named.get(spell.case_no)
        again = judgment is not None and judgment.case_no in filed
        if judgment is not None:
            filed.add(judgment.case_no)
        rows = [by_file.get(spell.file_no, {})]
        if judgment is not None and not again:
            rows.append(by_case.get(judgment.case_no, {}))  # written before the file had its number
        yield CorrectionFile(judgment, spell, _fixed(*rows), not again)
    for number, judgment in named.items():
        alone = CorrectionFile(judgment, None, _fixed(by_case.get(number, {})))
        if number not in filed and alone.kind:
            yield alone


def _fixed(
    *parts: Mapping[str, list[CorrectionEvent]],
) -> Mapping[str, tuple[CorrectionEvent, ...]]:
    kinds = {kind for events in parts for kind in events}
    found = {kind: [row for events in parts for row in events.get(kind, ())] for kind in kinds}
    return {kind: tuple(sorted(rows, key=lambda row: row.on)) for kind, rows in found.items()}
