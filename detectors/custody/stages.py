"""The stages of a criminal case through which a person is held, each with a clock of its own."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from detectors.framework.same_case import SameCase
from detectors.framework.spell import DAY, Spell
from detectors.framework.verdicts import case_of
from schemas import CaseStep, Restraint

HELD = ("detention", "arrest")  #: kinds of restraint that are custody before a sentence

#: Measures that end custody where the lock-up forgot to close its row.
_INSTEAD = ("bail", "residence", "prison", "compulsory_medical")

#: In the order in which they are taken where several are of one day.
_STEPS = {
    "arrest_requested": "arrest_review",
    "restart_160": "investigation",
    "sent_for_prosecution": "review",
    "review": "review",
    "returned_for_supplement": "supplement",
    "resubmitted": "review",
    "first_instance": "first_instance",
    "second_instance": "second_instance",
}
_ORDER = ("detention", "arrest", *_STEPS)
_CASE = ("review", "supplement", "first_instance", "second_instance")

#: What else says that the stage is over, before the next one begins.
_OVER = {"review": ("review_ended", "received"), "arrest_review": ("arrest_reviewed",)}


@dataclass(frozen=True, slots=True)
class Piece:
    """Days held within a stage; ``ending``: the row that ended them."""

    spell: Spell
    measure: Restraint
    ending: Restraint | CaseStep | None

    @property
    def how(self) -> str:
        """How they ended: the step, the measure that took the place, or the end of the measure."""
        row = self.ending
        if isinstance(row, CaseStep):
            return row.step
        if row is None or row.until == self.spell.until:
            return (row.end_reason if row else "") or "released"
        return row.kind


@dataclass(slots=True)
class CustodyStage:
    """One stage with the days held in it; ``row`` is what began it."""

    name: str
    row: Restraint | CaseStep
    start: date
    steps: Sequence[CaseStep] = ()  #: of the case, from its beginning to its end
    pieces: list[Piece] = field(default_factory=list)

    @property
    def case_no(self) -> str:
        row = self.row
        return row.case_no or (row.measure_no if isinstance(row, Restraint) else "")

    @property
    def by_police(self) -> bool:
        """Whether a measure of the police began it: the lock-up, whose row that is, only keeps."""
        return isinstance(self.row, Restraint) and self.row.organ == "police"

    @property
    def procedure(self) -> str:
        return self.row.procedure if isinstance(self.row, CaseStep) else ""

    def piece(self, due: date | None) -> Piece:
        """The days held on the day after ``due``, or the last before it."""
        if due is None:
            return self.pieces[-1]
        place = bisect_right(self.pieces, due.toordinal() + 1, key=_began)
        return self.pieces[max(place - 1, 0)]


@dataclass(slots=True)
class _Run:
    since: date
    until: date | None
    rows: list[Restraint]
    ending: Restraint | CaseStep | None


def custody_stages(
    restraints: Sequence[Restraint], steps: Sequence[CaseStep], same: SameCase, supplements: int
) -> Iterator[CustodyStage]:
    """Every stage of every case of a person, in which the person was held.

    ``supplements``: how many times a case may be sent back; a further time stops no clock.
    """
    taken: dict[str, list[CaseStep]] = {}
    for step in steps:
        taken.setdefault(same.of(step.case_no), []).append(step)
    rows: dict[str, list[Restraint]] = {}
    for row in restraints:
        rows.setdefault(same.of(case_of(row)), []).append(row)
    for case in rows:
        own = taken.get(case, [])
        runs = list(_runs(rows[case], own))
        if runs:
            yield from _held(_stages(runs, own, supplements), runs, own)


def _runs(rows: Sequence[Restraint], steps: Sequence[CaseStep]) -> Iterator[_Run]:
    """Times in custody, joined where they touch; a row left open ends with what came instead."""
    rows = [row for row in rows if row.until is None or row.until >= row.since]
    released = [s for s in steps if s.step == "released"]
    instead: list[Restraint | CaseStep] = [r for r in rows if r.kind in _INSTEAD]
    instead = sorted([*instead, *released], key=lambda row: row.day)
    arrests = [row for row in rows if row.kind == "arrest"]
    run: _Run | None = None
    for row in rows:
        if row.kind not in HELD:
            continue
        until: date | None = row.until
        ending: Restraint | CaseStep | None = row if row.until else None
        enders = [_after(instead, row.since)]
        if row.kind == "detention":
            enders.append(_after(arrests, row.since))
        for other in enders:
            if other is not None and (until is None or other.day < until):
                until, ending = other.day, other
        if run is not None and (run.until is None or row.since <= run.until + DAY):
            run.rows.append(row)
            if run.until is not None and (until is None or until >= run.until):
                run.until, run.ending = until, ending
            continue
        if run is not None:
            yield run
        run = _Run(row.since, until, [row], ending)
    if run is not None:
        yield run


def _after(
    rows: Sequence[Restraint] | Sequence[Restraint | CaseStep], day: date
) -> Restraint | CaseStep | None:
    place = bisect_right(rows, day, key=lambda row: row.day)
    return rows[place] if place < len(rows) else None


def _stages(
    runs: Iterable[_Run], steps: Sequence[CaseStep], supplements: int
) -> list[CustodyStage]:
    """The stages in order, also those in which nobody was held."""
    events: list[tuple[date, int, int, Restraint | CaseStep]] = []
    for run in runs:
        for kind in HELD:
            first = next((row for row in run.rows if row.kind == kind), None)
            if first is not None and (kind == "arrest" or first is run.rows[0]):
                # Detained on the day on which the case came from the supervision commission: later.
                rank = len(_ORDER) if first.organ == "procuratorate" else _ORDER.index(kind)
                events.append((first.since, rank, len(events), first))
    for step in steps:
        if step.step in _STEPS:
            events.append((step.on, _ORDER.index(step.step), len(events), step))
    found: list[CustodyStage] = []
    sent_back = 0
    host = "review"
    for day, _, _, row in sorted(events, key=lambda event: event[:3]):
        last = found[-1] if found else None
        name = _begins(row, found)
        if name == "supplement":
            host = last.name if last is not None else host
            sent_back = sent_back + 1
            name = name if sent_back <= supplements else ""
        elif name == "resubmitted":
            name = host
        if not name or (last is not None and _same(last, name, row)):
            if last is not None and _only_sent(last) and last.start == day and name == last.name:
                last.row = row  # the stage's own row, of the same day, names it better
            continue
        if name != "supplement" and name != host:
            sent_back = 0
        found.append(CustodyStage(name, row, day))
    return found


def _begins(row: Restraint | CaseStep, found: Sequence[CustodyStage]) -> str:
    """The stage that a row begins after those before it; empty if it begins none."""
    now = found[-1].name if found else ""
    if isinstance(row, Restraint):
        if row.kind == "arrest":
            if row.organ == "court" and now not in ("detention", "detention_own"):
                return ""  # in a trial, or for a ruling on probation: nothing is investigated
            if now == "detention_own" and len(found) > 1 and found[-2].name == "review":
                return "review"  # of a supervision case: its detention is no part of the review
            return "" if now in _CASE else "investigation"
        if row.organ == "procuratorate":
            return "detention_own" if now == "review" or now not in _CASE else ""
        return "" if now in _CASE else "detention"
    match row.step:
        case "arrest_requested":
            return "arrest_review" if now == "detention" else ""
        case "restart_160":
            return "investigation" if now == "investigation" else ""
        case "returned_for_supplement":
            return "supplement" if now in ("review", "first_instance") else ""
        case "resubmitted" | "sent_for_prosecution":
            # Sent again, it was sent: an investigation is over, whatever was not entered between.
            if now == "supplement":
                return "resubmitted"
            return "review" if now not in _CASE else ""
    return _STEPS[row.step]


def _same(last: CustodyStage, name: str, row: Restraint | CaseStep) -> bool:
    """Whether a row only repeats the stage that runs: its clock begins anew only at another organ,
    in another procedure, or where the law says so."""
    if last.name != name or name in ("detention", "detention_own") or isinstance(row, Restraint):
        return False
    if last.start == row.on:
        return True
    if row.step in ("restart_160", "resubmitted", "sent_for_prosecution"):
        return False
    if _only_sent(last) or last.row.source.agency != row.source.agency:
        return False
    return (last.procedure or "ordinary") == (row.procedure or "ordinary")


def _only_sent(stage: CustodyStage) -> bool:
    return isinstance(stage.row, CaseStep) and stage.row.step == "sent_for_prosecution"


def _held(
    stages: Sequence[CustodyStage], runs: Sequence[_Run], steps: Sequence[CaseStep]
) -> Iterator[CustodyStage]:
    over = {name: [s for s in steps if s.step in codes] for name, codes in _OVER.items()}
    for number, stage in enumerate(stages):
        following = stages[number + 1] if number + 1 < len(stages) else None
        until, ending = (following.start, following.row) if following else (None, None)
        row = stage.row
        marks: list[tuple[date, Restraint | CaseStep]] = []
        if isinstance(row, CaseStep) and row.step == stage.name and row.until is not None:
            marks.append((row.until, row))
        if stage.name != "arrest_review" or (following and isinstance(following.row, Restraint)):
            # A decision on arrest after which nobody is arrested has to release: it ends nothing.
            marks += [(s.day, s) for s in over.get(stage.name, ())]
        for day, mark in marks:
            if day >= stage.start and (until is None or day < until):
                until, ending = day, mark
        first = bisect_left(steps, stage.start, key=lambda s: s.on)
        last = len(steps) if until is None else bisect_right(steps, until, key=lambda s: s.on)
        stage.steps = steps[first:last]
        place = max(bisect_right(runs, stage.start, key=lambda run: run.since) - 1, 0)
        while place < len(runs) and (until is None or runs[place].since < until):
            run = runs[place]
            place += 1
            since = max(run.since, stage.start)
            ends = run.until is not None and (until is None or run.until <= until)
            last_day = run.until if ends else until
            if last_day is None or last_day >= since:
                ended = run.ending if ends else ending
                stage.pieces.append(Piece(Spell(since, last_day), run.rows[0], ended))
        if stage.pieces:
            yield stage


def _began(piece: Piece) -> int:
    return piece.spell.since.toordinal()
