"""Counts, windows and hysteresis against brute force over days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import Spell, Term, counted, latch, rolling, window

BASE = date(2024, 1, 1)
SPAN = 120


def on(n: int) -> date:
    return BASE + timedelta(n)


def level_on(steps: list[tuple[date, int]], day: date) -> int:
    return max(((d, level) for d, level in steps if d <= day), default=(day, 0))[1]


events = st.lists(st.integers(0, 30), max_size=20)


@given(events, st.integers(1, 30))
def test_a_window_counts_each_event_for_the_length_of_the_term(
    days: list[int], length: int
) -> None:
    steps = window(map(on, days), Term(f"{length} d"))
    for n in range(SPAN):
        assert level_on(steps, on(n)) == sum(d <= n < d + length for d in days)


@given(events, st.integers(1, 30))
def test_a_rolling_window_holds_the_events_that_a_window_counts(
    days: list[int], length: int
) -> None:
    events, term = sorted(map(on, days)), Term(f"{length} d")
    inside = list(rolling(events, term))
    for n in range(SPAN):
        held = [events[first:last] for day, first, last in inside if day <= on(n)] or [[]]
        assert held[-1] == [on(d) for d in sorted(days) if d <= n < d + length]


@given(st.lists(st.tuples(st.integers(0, 60), st.none() | st.integers(-2, 30)), max_size=10))
def test_counted_is_the_number_of_open_spells(spells: list[tuple[int, int | None]]) -> None:
    made = [Spell(on(s), None if n is None else on(s) + timedelta(n)) for s, n in spells]
    steps = counted(made)
    for n in range(SPAN):
        assert level_on(steps, on(n)) == sum(on(n) in spell for spell in made)


def latched(steps: list[tuple[date, int]], enter: int, leave: int, linger: int) -> set[int]:
    """The days on which a latch is closed, by walking with a memory."""
    held, closed, below = set(), False, 0
    for n in range(SPAN + 60):
        level = level_on(steps, on(n))
        if closed and linger and below == linger:
            closed = False  # it has been below for all of the term when this day begins
        if closed:
            below = 0 if level >= leave else below + 1
            closed = linger > 0 or not below
        if not closed and level >= enter:
            closed, below = True, 0
        if closed:
            held.add(n)
    return held


@given(events, st.integers(1, 30), st.integers(1, 5), st.integers(0, 4), st.integers(0, 40))
def test_a_latch_is_a_walk_with_memory_made_pure(
    days: list[int], length: int, enter: int, gap: int, linger: int
) -> None:
    steps = window(map(on, days), Term(f"{length} d"))
    leave = max(enter - gap, 1)
    spells = latch(steps, enter, leave, Term(f"{linger} d") if linger else None)
    held = {n for n in range(SPAN + 60) if any(on(n) in spell for spell in spells)}
    assert held == latched(steps, enter, leave, linger)
    for earlier, later in pairwise(spells):
        assert earlier.until is not None
        assert earlier.until < later.since


def test_a_latch_that_could_never_close_is_refused() -> None:
    with pytest.raises(ValueError, match="leave 5 lies above enter 4"):
        latch([], 4, 5)


def test_an_open_count_stays_open() -> None:
    assert latch(counted([Spell(on(0)), Spell(on(5))]), 2, 2) == [Spell(on(5))]


def test_back_at_leave_within_the_term_it_never_left() -> None:
    steps = [(on(0), 3), (on(5), 1), (on(9), 2), (on(20), 1), (on(40), 0)]
    assert latch(steps, 3, 2, Term("10 d")) == [Spell(on(0), on(29))]
    assert latch(steps, 3, 2) == [Spell(on(0), on(4))]
