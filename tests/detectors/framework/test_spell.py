"""Spells against sets of days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from detectors import Spell, merged

BASE = date(2024, 2, 1)
END = 60  # open spells are compared on the days before this one


def spells() -> st.SearchStrategy[Spell]:
    def made(since: int, length: int | None) -> Spell:
        begins = BASE + timedelta(since)
        return Spell(begins, None if length is None else begins + timedelta(length))

    return st.builds(made, st.integers(0, 40), st.none() | st.integers(-2, 20))


def days_of(spell: Spell | None) -> set[int]:
    return {n for n in range(END + 30) if spell is not None and BASE + timedelta(n) in spell}


@given(spells(), spells())
def test_overlap_is_the_days_in_common(a: Spell, b: Spell) -> None:
    assert days_of(a.overlap(b)) == days_of(a) & days_of(b)
    assert a.meets(b) == bool(days_of(a) & days_of(b))


@given(st.lists(spells(), max_size=6))
def test_merged_spells_hold_the_same_days_and_have_gaps_between(many: list[Spell]) -> None:
    joined = merged(many)
    assert set().union(*map(days_of, joined)) == set().union(*map(days_of, many))
    for earlier, later in pairwise(joined):
        assert earlier.until is not None
        assert later.since > earlier.until + timedelta(1)


@given(spells())
def test_days_are_counted_with_both_ends(spell: Spell) -> None:
    assert spell.days() is None if spell.until is None else spell.days() == len(days_of(spell))


def test_a_month_is_held_only_whole() -> None:
    month = date(2024, 2, 1)
    assert Spell(date(2024, 2, 1), date(2024, 2, 29)).holds_month(month)
    assert not Spell(date(2024, 2, 1), date(2024, 2, 28)).holds_month(month)
    assert not Spell(date(2024, 2, 2)).holds_month(month)
    assert Spell(date(2024, 1, 31)).holds_month(date(2024, 2, 15))


def test_a_spell_that_ends_before_it_begins_holds_no_day() -> None:
    wrong = Spell(date(2024, 5, 2), date(2024, 5, 1))
    assert wrong.empty
    assert date(2024, 5, 2) not in wrong
    assert not wrong.meets(Spell(date(2024, 1, 1)))
    assert merged([wrong]) == ()
    assert wrong.days() == 0
