"""One criminal case of a person, under whatever numbers: measures, steps, and how it moved on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property

from detectors import DAY, Dossier, SameCase, Spell, by_number, case_of, first_since, grouped
from schemas import CaseStep, Decision, Judgment, Pause, PoliceCase, Record, Restraint

OPEN = ("bail", "residence")  #: measures at large, each with a longest length for each organ
MEASURES = ("detention", "arrest", *OPEN)
_INSTEAD = (*MEASURES, "prison", "compulsory_medical")

#: The case moved on from the police: sent, withdrawn or ended, or already in review or trial.
MOVED_ON = ("sent_for_prosecution", "withdrawn", "investigation_ended")
_LATER = ("review", "resubmitted", "received", "first_instance", "second_instance")
_OTHERS = ("procuratorate", "court")
_REVIEWED = ("prosecution", "non_prosecution_")


class HangingCase:
    """What the papers of one case say; every list in the order of days."""

    def __init__(self) -> None:
        self.police: list[PoliceCase] = []
        self.restraints: list[Restraint] = []
        self.decisions: list[Decision] = []
        self.steps: list[CaseStep] = []
        self.pauses: list[Pause] = []
        self.judgments: list[Judgment] = []

    @cached_property
    def measures(self) -> list[Restraint]:
        return [r for r in self.restraints if r.kind in MEASURES and not _reversed(r)]

    @cached_property
    def wanted(self) -> list[Spell]:
        """Days on which the person was sought: no term of a measure runs."""
        sought = [Spell(r.since, r.until) for r in self.restraints if r.kind == "wanted"]
        return sought + [Spell(p.since, p.until) for p in self.pauses if p.ground == "absconded"]

    @cached_property
    def _by_code(self) -> dict[str, tuple[CaseStep, ...]]:
        return grouped(self.steps, "step")

    def step(self, codes: Iterable[str], since: date = date.min) -> CaseStep | None:
        """The first of such steps on or after a day."""
        found = (first_since(self._by_code.get(code, ()), since) for code in codes)
        return min((s for s in found if s is not None), key=lambda s: s.on, default=None)

    def steps_of(self, code: str) -> tuple[CaseStep, ...]:
        return self._by_code.get(code, ())

    def extensions(self, since: date, until: date) -> Iterator[CaseStep]:
        """The approvals of a longer detention between two days, of each ground the first."""
        seen: set[str] = set()
        rows = self.steps_of("extended")
        for row in rows[bisect_left(rows, since, key=lambda s: s.on) :]:
            if row.on > until:
                return
            if row.organ == "police" and row.ground not in seen:
                seen.add(row.ground)
                yield row

    @cached_property
    def closings(self) -> list[tuple[date, PoliceCase]]:
        """The days on which the police closed the case, in order."""
        closed = [(c.closed_on, c) for c in self.police if c.closed_on is not None]
        return sorted(closed, key=lambda end: end[0])

    def ended(self, codes: Iterable[str], since: date) -> tuple[date, Record] | None:
        """The first of such steps, or the closing of the case, on or after a day."""
        step = self.step(codes, since)
        place = bisect_left(self.closings, since, key=lambda end: end[0])
        ends: list[tuple[date, Record]] = [*self.closings[place : place + 1]]
        ends += [(step.on, step)] if step is not None else []
        return min(ends, key=lambda end: end[0], default=None)

    @cached_property
    def replaced(self) -> dict[str, tuple[date, Record]]:
        """By measure, the day on which it ended, and what says so: its own end, the next measure,
        or the judgment in force, where the register was left open."""
        rows = [r for r in self.restraints if r.kind in _INSTEAD and not _reversed(r)]
        verdicts = sorted(
            (j for j in self.judgments if j.effective_on), key=lambda j: j.effective_on or date.max
        )
        found: dict[str, tuple[date, Record]] = {}
        following: Restraint | None = None
        later: Restraint | None = None  #: the first row of a later day than ``following``
        for row in reversed(rows):
            if following is not None and following.since > row.since:
                later = following
            ends: list[tuple[date, Record]] = []
            if row.until is not None:
                ends.append((row.until, row))
            if later is not None:
                ends.append((later.since, later))
            place = bisect_left(verdicts, row.since, key=lambda j: j.effective_on or date.max)
            if place < len(verdicts):
                ends.append((verdicts[place].effective_on or date.max, verdicts[place]))
            if ends:
                found[row.measure_no] = min(ends, key=lambda end: end[0])
            following = row
        return found

    @cached_property
    def _onwards(self) -> list[tuple[date, Record]]:
        """What shows that the case went on from the police, in order. That it did not is concluded
        from the steps of the police alone: these rows only spare them where they wrote none."""
        rows: list[tuple[date, Record]] = [
            (step.on, step) for step in self.steps if step.step in (*MOVED_ON, *_LATER)
        ]
        rows += [(d.decided_on, d) for d in self.decisions if d.kind.startswith(_REVIEWED)]
        rows += [(j.pronounced_on, j) for j in self.judgments]
        # Who leaves the person at large has the case; an arrest others only approve.
        rows += [(r.since, r) for r in self.measures if r.kind in OPEN and r.organ in _OTHERS]
        rows += self.closings
        return sorted(rows, key=lambda row: row[0])

    def onward(self, since: date) -> tuple[date, Record] | None:
        """The first row, on or after a day, that took the case on from the police or ended it."""
        place = bisect_left(self._onwards, since, key=lambda row: row[0])
        return next(iter(self._onwards[place : place + 1]), None)

    @cached_property
    def moved_on(self) -> tuple[tuple[date, Record] | None, date | None]:
        """The first row that took the case on, unless it was sent back and lies there since; and
        the day on which it was sent back last."""
        sent_back = self.steps_of("returned_for_supplement")
        back = sent_back[-1].on if sent_back else None
        return self.onward(back or date.min), back

    @cached_property
    def _told_to_open(self) -> list[PoliceCase]:
        return [case for case in self.police if case.filed_by_supervision]

    def opened_after(self, order: date) -> tuple[date, Record] | None:
        """When the police opened the case that they were told to open."""
        place = bisect_left(self._told_to_open, order, key=lambda c: c.filed_on)
        for case in self._told_to_open[place : place + 1]:
            return case.filed_on, case
        filed = self.step(("filed",), order)
        return (filed.on, filed) if filed else None

    def elsewhere(self, since: date) -> CaseStep | None:
        """The step with which the case went to another place, where the duty goes on."""
        return self.step(("moved",), since)


def hanging_cases(dossier: Dossier) -> Iterator[HangingCase]:
    """The cases of a person, each with all its papers."""
    steps, judgments = dossier.of(CaseStep), dossier.of(Judgment)
    police = by_number(dossier.of(PoliceCase), "police_case_no")
    restraints = by_number(dossier.of(Restraint), "measure_no")
    opened = ((c.police_case_no, Spell(c.filed_on, c.closed_on)) for c in police)
    spells = ((case_of(r), Spell(r.since, r.until)) for r in restraints)
    same = SameCase(steps, (*spells, *opened))
    found: dict[str, HangingCase] = {}

    def of(number: str) -> HangingCase:
        return found.setdefault(same.of(number), HangingCase())

    for case in police:
        of(case.police_case_no).police.append(case)
    for restraint in restraints:
        of(case_of(restraint)).restraints.append(restraint)
    for step in steps:
        of(step.case_no).steps.append(step)
    for decision in by_number(dossier.of(Decision), "decision_no"):
        of(decision.case_no).decisions.append(decision)
    for pause in dossier.of(Pause):
        of(pause.case_no).pauses.append(pause)
    known = [case for case in found.values() if case.police or case.restraints]
    for judgment in judgments:
        linked = found.get(same.of(judgment.case_no))
        if linked is None and len(known) == 1:
            linked = known[0]  # the court's own number, and only one case that it can mean
        if linked is not None:
            linked.judgments.append(judgment)
    for whole in found.values():
        whole.restraints.sort(key=lambda r: (r.since, r.measure_no))
        yield whole


def runs_by_organ(
    rows: Sequence[Restraint], ended: dict[str, tuple[date, Record]]
) -> dict[str, date]:
    """By measure, the first day from which its organ's own time counts: the organ that renews its
    measure day on day gains nothing, another organ's measure runs anew."""
    first: dict[str, date] = {}
    last: dict[tuple[str, str], tuple[date, date | None]] = {}
    for row in rows:
        key = row.kind, row.organ or row.source.agency
        end = ended[row.measure_no][0] if row.measure_no in ended else None
        before = last.get(key)
        since = row.since
        if before is not None and (before[1] is None or row.since <= before[1] + DAY):
            since = before[0]
        first[row.measure_no] = since
        last[key] = since, end
    return first


def ending(row: Restraint, end: Record) -> str:
    """How a measure ended: as its own row says, by the next measure, or by a judgment."""
    if end is row:
        return row.end_reason or "lifted"
    return end.kind if isinstance(end, Restraint) else "judgment"


def _reversed(row: Restraint) -> bool:
    return row.until is not None and row.until < row.since
