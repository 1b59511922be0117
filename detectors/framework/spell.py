"""A spell is a run of days: what the law calls a period, a state, a time in custody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from detectors.framework.term import days_in

DAY = timedelta(days=1)


class Spell(msgspec.Struct, frozen=True, omit_defaults=True):
    """Days ``since`` to ``until``, both included; ``until`` None is open.

    Agencies send rows that end before they begin. Such a spell holds no day and meets nothing,
    so that one wrong row does not stop a model from judging the others.
    """

    since: date
    until: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def empty(self) -> bool:
        return self.until is not None and self.until < self.since

    def meets(self, other: Spell) -> bool:
        """Whether they have a day in common."""
        return self.overlap(other) is not None

    def overlap(self, other: Spell) -> Spell | None:
        """The days in common."""
        since = max(self.since, other.since)
        until = _earlier(self.until, other.until)
        return None if until is not None and until < since else Spell(since, until)

    def holds_month(self, month: date) -> bool:
        """Whether every day of the month of ``month`` lies inside."""
        last = month.replace(day=days_in(month.year, month.month))
        return month.replace(day=1) in self and last in self

    def days(self) -> int | None:
        """How many days, both ends counted; None while open."""
        if self.until is None:
            return None
        return max((self.until - self.since).days + 1, 0)


def merged(spells: Iterable[Spell]) -> tuple[Spell, ...]:
    """Join what overlaps or follows day on day: detention, then arrest, is one time in custody."""
    joined: list[Spell] = []
    for spell in sorted((s for s in spells if not s.empty), key=lambda s: s.since):
        last = joined[-1] if joined else None
        if last is None or (
            last.until is not None and spell.since.toordinal() > last.until.toordinal() + 1
        ):
            joined.append(spell)
        elif last.until is not None and (spell.until is None or spell.until > last.until):
            joined[-1] = Spell(last.since, spell.until)
    return tuple(joined)


def common(*groups: Iterable[Spell]) -> tuple[Spell, ...]:
    """The days that lie in a spell of every group, joined, in order; of no group, none."""
    if not groups:
        return ()
    shared = merged(groups[0])
    for group in groups[1:]:
        others, met = merged(group), list[Spell]()
        at = 0
        for spell in shared:
            # What ended before this spell began ended before all later ones began too.
            while at < len(others) and _ended_before(others[at], spell):
                at += 1
            for other in others[at:]:
                both = spell.overlap(other)
                if both is None:
                    break
                met.append(both)
        shared = tuple(met)
    return shared


def _ended_before(spell: Spell, other: Spell) -> bool:
    return spell.until is not None and spell.until < other.since


def _earlier(a: date | None, b: date | None) -> date | None:
    if a is None or b is None:
        return a or b
    return min(a, b)
