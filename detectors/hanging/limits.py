"""How long each measure of a case may last, which ended last, and when a person was released."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from functools import cached_property
from typing import Any

from detectors import Context, Deadline
from detectors.hanging.case import OPEN, HangingCase, runs_by_organ
from schemas import Record, Restraint


class Limits:
    """The measures of one case under the law of their days."""

    def __init__(self, context: Context[Any], case: HangingCase) -> None:
        self._context, self._case = context, case

    @cached_property
    def limits(self) -> dict[str, tuple[Restraint, Deadline]]:
        """Each bail and residence with the last day of its organ's own time."""
        rows = [r for r in self._case.measures if r.kind in OPEN]
        first = runs_by_organ(rows, self._case.replaced)
        return {
            row.measure_no: (
                row,
                self._context.calendar.deadline(
                    first[row.measure_no],
                    getattr(self._context.law(row.since, row.source.region), row.kind),
                    self._case.wanted,
                ),
            )
            for row in rows
        }

    @cached_property
    def last(self) -> tuple[Restraint, date | None, Record | None] | None:
        """The measure that ended last, the day on which it ended or ought to have ended, and what
        says so; no day while one still runs."""
        last: tuple[Restraint, date | None, Record | None] | None = None
        for row in self._case.measures:
            end = self._case.replaced.get(row.measure_no)
            limit = self.limits[row.measure_no][1].due if row.measure_no in self.limits else None
            day = min(filter(None, (end[0] if end else None, limit)), default=None)
            if day is None:
                return row, None, None
            if last is None or last[1] is None or day >= last[1]:
                last = row, day, end[1] if end else None
        return last

    @cached_property
    def _detentions(self) -> list[Restraint]:
        return [r for r in self._case.measures if r.kind == "detention"]

    def release(self, day: date) -> tuple[Restraint, date] | None:
        """The end of the detention that the day lies in."""
        place = bisect_right(self._detentions, day, key=lambda r: r.since)
        row = self._detentions[place - 1] if place else None
        end = self._case.replaced.get(row.measure_no) if row is not None else None
        return (row, end[0]) if row is not None and end is not None and end[0] >= day else None
