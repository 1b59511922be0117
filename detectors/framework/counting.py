"""Counts and scores over legal time, with hysteresis that needs no memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from detectors.framework.spell import DAY, Spell
from detectors.framework.term import Term

#: From this day on, the level is this; ascending, one step a day.
Steps = list[tuple[date, int]]


def counted(spells: Iterable[Spell]) -> Steps:
    """How many spells are open on each day."""
    change: Counter[date] = Counter()
    for spell in spells:
        if spell.empty:
            continue
        change[spell.since] += 1
        if spell.until is not None and spell.until < date.max:
            change[spell.until + DAY] -= 1
    return _levels(change)


def window(days: Iterable[date], term: Term) -> Steps:
    """How many events lie within the term: each counts from its day until the term has run.

    With ``1 y`` an event of 10 March counts up to 9 March of the next year: a year, both ends
    counted. A term in working days has no such window and is a ``ValueError``.
    """
    change: Counter[date] = Counter()
    for day, times in Counter(days).items():
        change[day] += times
        change[term.after(day)] -= times
    return _levels(change)


def rolling(days: Sequence[date], term: Term) -> Iterator[tuple[date, int, int]]:
    """Which events lie within the term, on each day on which one enters or leaves.

    ``days`` are in order; what is in the window is always one piece of them, given by its first
    place and the place after its last. Sums over the piece come from running totals, so that a
    window costs the same however many events it holds. Counts as :func:`window` does.
    """
    end = {day: term.after(day) for day in dict.fromkeys(days)}
    ends = [end[day] for day in days]
    first = last = 0
    while first < len(days):
        day = ends[first] if last == len(days) else min(ends[first], days[last])
        while last < len(days) and days[last] <= day:
            last += 1
        while first < last and ends[first] <= day:
            first += 1
        yield day, first, last


def latch(
    steps: Iterable[tuple[date, float]], enter: float, leave: float, linger: Term | None = None
) -> list[Spell]:
    """Spells from reaching ``enter`` until below ``leave`` for as long as ``linger``.

    The steps carry future expiries too, so nothing is remembered between evaluations: a fact that
    *ended* is damped, a row that was *wrong* never was, and nothing lingers of it.
    """
    if leave > enter:
        raise ValueError(f"latch: leave {leave} lies above enter {enter}; it would never be open")
    spells: list[Spell] = []
    since: date | None = None
    ends: date | None = None  # day on which it closes unless the level is back at ``leave`` before
    for day, level in steps:
        if since is not None and ends is not None:
            if day >= ends:
                spells.append(Spell(since, ends - DAY))
                since = ends = None
            elif level >= leave:
                ends = None
        if since is None:
            if level >= enter:
                since = day
        elif ends is None and level < leave:
            ends = linger.after(day) if linger else day
            if ends == day:
                spells.append(Spell(since, day - DAY))
                since = ends = None
    if since is not None:
        spells.append(Spell(since, ends - DAY if ends else None))
    return spells


def _levels(change: Mapping[date, int]) -> Steps:
    level, steps = 0, []
    for day in sorted(change):
        if change[day]:
            level += change[day]
            steps.append((day, level))
    return steps
