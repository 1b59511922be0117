"""Many spells as one: joined, in order, answering by bisection."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date

from detectors.framework.spell import Spell, merged


class Spells:
    """Spells joined where they touch; a question costs the logarithm of their number."""

    __slots__ = ("_joined", "_since")

    def __init__(self, spells: Iterable[Spell]) -> None:
        self._joined = merged(spells)
        self._since = [spell.since for spell in self._joined]

    def at(self, day: date) -> Spell | None:
        """The joined spell that holds the day."""
        found = self._last_before(day)
        return found if found is not None and day in found else None

    def meets(self, spell: Spell) -> bool:
        """Whether any day of ``spell`` lies inside."""
        if spell.until is None:
            last = self._joined[-1] if self._joined else None
            return last is not None and last.meets(spell)
        found = self._last_before(spell.until)
        return found is not None and found.meets(spell)

    def holds_month(self, month: date) -> bool:
        """Whether every day of the month of ``month`` lies inside one of the joined spells."""
        found = self._last_before(month)
        return found is not None and found.holds_month(month)

    def __iter__(self) -> Iterator[Spell]:
        return iter(self._joined)

    def __bool__(self) -> bool:
        return bool(self._joined)

    def _last_before(self, day: date) -> Spell | None:
        place = bisect_right(self._since, day)
        return self._joined[place - 1] if place else None
