"""Terms: how they are written, and months date to date."""

from __future__ import annotations

import pickle
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import Term
from detectors.framework.term import decode_term


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "wd 3",
        "3 w",
        "3wd",
        "-3 d",
        "3 d exactly",
        "3 d exact exact",
        "3  d",
        "³ d",
        "1.5 m",
    ],
)
def test_what_is_no_term_is_refused_with_the_right_form(text: str) -> None:
    with pytest.raises(ValueError, match=r"write '<n> d\|wd\|m\|y") as error:
        Term(text)
    assert repr(text) in str(error.value)


def test_a_term_knows_its_number_unit_and_exactness() -> None:
    term = Term("24 m exact")
    assert (term.number, term.unit, term.exact, term.text) == (24, "m", True, "24 m exact")
    assert pickle.loads(pickle.dumps(term)).number == 24


def test_a_term_is_decoded_where_a_type_says_so() -> None:
    class Terms(msgspec.Struct):
        one: Term
        many: dict[str, Term]

    found = msgspec.convert({"one": "3 wd", "many": {"a": "2 y"}}, Terms, dec_hook=decode_term)
    assert found.many["a"].unit == "y"
    with pytest.raises(msgspec.ValidationError, match="is not a term"):
        msgspec.convert({"one": 3, "many": {}}, Terms, dec_hook=decode_term)


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        (date(2025, 1, 31), "1 m", date(2025, 2, 28)),
        (date(2024, 1, 31), "1 m", date(2024, 2, 29)),
        (date(2025, 2, 28), "1 m", date(2025, 3, 31)),  # from the last day to the last day
        (date(2024, 2, 28), "1 m", date(2024, 3, 28)),
        (date(2024, 2, 29), "1 y", date(2025, 2, 28)),
        (date(2023, 2, 28), "1 y", date(2024, 2, 29)),
        (date(2025, 4, 30), "3 m", date(2025, 7, 31)),
        (date(2025, 1, 30), "1 m", date(2025, 2, 28)),
        (date(2025, 3, 10), "3 m", date(2025, 6, 10)),
        (date(2025, 11, 15), "2 m", date(2026, 1, 15)),
        (date(2025, 1, 24), "90 d", date(2025, 4, 24)),
    ],
)
def test_months_run_date_to_date_and_from_month_end_to_month_end(
    start: date, term: str, end: date
) -> None:
    assert Term(term).after(start) == end


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.integers(1, 60))
def test_months_forth_and_back_never_pass_the_start_by_more_than_the_rest_of_a_month(
    day: date, months: int
) -> None:
    term = Term(f"{months} m")
    after = term.after(day)
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == months
    assert abs((term.before(after) - day).days) <= 3


def test_terms_stop_at_the_ends_of_time() -> None:
    assert Term("9 y").after(date(9995, 1, 1)) == date.max
    assert Term("9 d").after(date.max) == date.max
    assert Term("9 y").before(date(5, 1, 1)) == date.min


def test_working_days_need_a_calendar() -> None:
    with pytest.raises(ValueError, match="needs the calendar"):
        Term("3 wd").after(date(2025, 1, 1))
