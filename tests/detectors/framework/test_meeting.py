"""Rows about a time are found by what they meet, as by looking at each of them."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from detectors import Meeting, Spell

_DAYS = st.integers(0, 30).map(lambda n: date(2024, 1, 1) + timedelta(n))
_SPELLS = st.builds(Spell, _DAYS, st.none() | _DAYS)


@given(st.lists(_SPELLS, max_size=8), _SPELLS)
def test_it_finds_what_looking_at_each_finds_in_the_same_order(
    rows: list[Spell], asked: Spell
) -> None:
    found = Meeting(rows, lambda row: row).of(asked)
    assert found == [row for row in rows if not row.empty and row.meets(asked)]


def test_nothing_meets_among_no_rows() -> None:
    assert Meeting([], lambda row: row).of(Spell(date(2024, 1, 1))) == []
