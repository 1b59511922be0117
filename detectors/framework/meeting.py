"""Rows that are about a time, found by a time that they meet."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date
from itertools import accumulate
from typing import Generic, TypeVar

from detectors.framework.spell import Spell

R = TypeVar("R")


class Meeting(Generic[R]):
    """A question costs the logarithm of the rows, and the rows that still run when it is about."""

    __slots__ = ("_latest", "_rows", "_since")

    def __init__(self, rows: Iterable[R], about: Callable[[R], Spell]) -> None:
        told = ((place, row, about(row)) for place, row in enumerate(rows))
        self._rows = sorted(
            ((place, row, spell) for place, row, spell in told if not spell.empty),
            key=lambda one: one[2].since,
        )
        self._since = [spell.since for _, _, spell in self._rows]
        self._latest = list(accumulate((s.until or date.max for _, _, s in self._rows), max))

    def of(self, spell: Spell) -> list[R]:
        """The rows that have a day in common with it, in the order in which they were given."""
        if spell.empty:
            return []
        place, found = bisect_right(self._since, spell.until or date.max), list[tuple[int, R]]()
        while place and self._latest[place - 1] >= spell.since:
            place -= 1
            number, row, about = self._rows[place]
            if about.until is None or about.until >= spell.since:
                found.append((number, row))
        return [row for _, row in sorted(found, key=lambda one: one[0])]
