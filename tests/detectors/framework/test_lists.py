"""Reference lists: who stands on one, and on which days."""

from __future__ import annotations

from datetime import date

import pytest

from detectors.framework.lists import Lists
from schemas.errors import CardError

LISTS = Lists({"lenders": ("A", "B 2018-01-01", "C 2018-01-01 2019-12-31", "C 2022-01-01")})


def test_an_entry_holds_always_or_from_a_day_or_for_a_time() -> None:
    days = [date(2017, 12, 31), date(2018, 1, 1), date(2019, 12, 31), date(2020, 1, 1)]
    held = {key: [LISTS.has("lenders", key, day) for day in days] for key in "ABCD"}

    assert held == {
        "A": [True, True, True, True],
        "B": [False, True, True, True],
        "C": [False, True, True, False],
        "D": [False, False, False, False],
    }
    assert LISTS.has("lenders", "C", date(2022, 1, 1))


def test_without_a_day_any_entry_counts_and_an_unknown_list_is_empty() -> None:
    assert LISTS.has("lenders", "C")
    assert not LISTS.has("lenders", "D")
    assert not LISTS.has("borrowers", "A")


@pytest.mark.parametrize(
    "entry", ["", "A soon", "A 2018-01-01 2019-01-01 2020-01-01", "A 2018-13-01"]
)
def test_a_malformed_entry_is_refused_with_its_text(entry: str) -> None:
    with pytest.raises(CardError, match="lenders"):
        Lists({"lenders": (entry,)})
