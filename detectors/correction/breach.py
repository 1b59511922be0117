"""When a breach of supervision is such that probation or parole has to be revoked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from detectors import DAY, Spell, Spells, Term, distinct, merged
from detectors.correction.file import CorrectionFile
from schemas import Penalty, Record

#: Events that account for an absence, with the excuse that they are.
COVERING = {"leave": "leave", "hospital": "hospital", "transfer": "transfer_of_place"}


@dataclass(frozen=True, slots=True)
class Breach:
    """The condition of one limb: ``since`` its facts began, ``met_on`` it was met; or, with an
    ``excuse``, why it was not."""

    limb: str
    since: date
    met_on: date
    rows: tuple[Record, ...]
    times: int = 1
    until: date | None = None
    excuse: str = ""


def out_of_contact(
    file: CorrectionFile, late: Spell | None, held: Spells, longest: Term
) -> Breach | None:
    """Late with reporting in, or out of contact, for longer than the term, and unaccounted for."""
    gaps: list[tuple[Spell, tuple[Record, ...]]] = []
    if late is not None:
        gaps.append((late, distinct(file.spell, file.judgment)))
    for lost in file.events.get("lost", ()):
        found = file.first(("found",), lost.on)
        until = found.on - DAY if found is not None else lost.until
        if lost.until is not None and until is not None:
            until = min(until, lost.until)
        gaps.append((Spell(lost.on, until), distinct(lost, found)))
    covering = [
        (Spell(e.on, e.until or e.on), e) for kind in COVERING for e in file.events.get(kind, ())
    ]
    accounted = merged([*(spell for spell, _ in covering), *held])
    excused: Breach | None = None
    for gap, rows in sorted(gaps, key=lambda g: g[0].since):
        for piece in _without(gap, accounted):
            met = _passed(piece, longest)
            if met is not None:
                return Breach("lost", piece.since, met, rows, until=piece.until)
        met = _passed(gap, longest)
        if met is not None and excused is None:
            cover = next((e for spell, e in covering if spell.meets(gap)), None)
            why = COVERING[cover.kind] if cover is not None else "in_custody"
            excused = Breach(
                "lost", gap.since, met, distinct(*rows, cover), until=gap.until, excuse=why
            )
    return excused


def after_warnings(file: CorrectionFile, number: int) -> Breach | None:
    """Warned so many times, and in breach again after it: not corrected."""
    warnings = file.events.get("warning", ())
    days = sorted({warning.on for warning in warnings})
    if len(days) < number:
        return None
    again = file.first(("admonition", "warning", "lost"), days[number - 1] + DAY)
    if again is None:
        return None
    rows = distinct(*(w for w in warnings if w.on <= days[number - 1]), again)
    return Breach("warnings", days[0], again.on, rows, number)


def penalised(file: CorrectionFile, penalties: Sequence[Penalty]) -> Breach | None:
    """Punished by the police for a breach of supervision, and in breach again after it."""
    for penalty in penalties:
        again = file.first(("admonition", "warning", "lost"), penalty.decided_on + DAY)
        if again is not None:
            return Breach("penalised", penalty.decided_on, again.on, (penalty, again))
    return None


def any_breach(file: CorrectionFile) -> Breach | None:
    """Parole ends at any breach of its rules: the first for which the office warned."""
    warning = file.first(("warning",))
    return Breach("breach", warning.on, warning.on, (warning,)) if warning else None


def _passed(gap: Spell, longest: Term) -> date | None:
    """The first day on which the gap is longer than the term; None if it never is."""
    met = longest.after(gap.since) + DAY
    return met if gap.until is None or gap.until >= met else None


def _without(gap: Spell, spells: Sequence[Spell]) -> Iterator[Spell]:
    """The parts of a gap that no spell accounts for."""
    since: date | None = gap.since
    place = bisect_left(spells, gap.since.toordinal(), key=_last_day)
    while since is not None and place < len(spells):
        spell = spells[place]
        if gap.until is not None and spell.since > gap.until:
            break
        if spell.since > since:
            yield Spell(since, spell.since - DAY)
        since = spell.until + DAY if spell.until is not None and spell.until < date.max else None
        place += 1
    if since is not None and (gap.until is None or since <= gap.until):
        yield Spell(since, gap.until)


def _last_day(spell: Spell) -> int:
    return (spell.until or date.max).toordinal()
