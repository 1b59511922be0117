"""Terms that approvals make longer: granted in time, or not at all."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from detectors import Calendar, Extension, Spell, Term, prolonged
from schemas import CaseStep
from tests import factories as make

CALENDAR = Calendar()
TWO, ONE = Term("2 m exact"), Term("1 m exact")
DAYS = st.dates(date(2019, 1, 1), date(2025, 6, 1))


def approval(on: date, until: date | None = None, step: str = "s156") -> CaseStep:
    return make.case_step(organ="police", step=step, on=on, until=until)


@given(DAYS, st.integers(0, 200))
def test_an_approval_counts_if_and_only_if_it_is_dated_while_the_term_runs(
    start: date, after: int
) -> None:
    on = start + timedelta(after)
    plain = TWO.after(start)
    found = prolonged(CALENDAR, start, (TWO,), [Extension(approval(on), "s156", (ONE,))])
    assert found.deadline.due == (ONE.after(plain) if on <= plain else plain)
    assert bool(found.granted) == (on <= plain)
    assert bool(found.late) == (on > plain)


@given(DAYS, st.integers(-40, 80))
def test_a_stated_last_day_never_goes_beyond_what_the_law_allows(start: date, days: int) -> None:
    plain = TWO.after(start)
    until = plain + timedelta(days)
    paper = approval(start, until)
    due = prolonged(CALENDAR, start, (TWO,), [Extension(paper, "s156", (ONE,))]).deadline.due
    assert due == max(plain, min(until, ONE.after(plain)))


@given(DAYS, st.integers(1, 30))
def test_days_left_out_move_the_last_day_by_as_many(start: date, length: int) -> None:
    pause = Spell(start + timedelta(5), start + timedelta(4 + length))
    term = Term("30 d exact")
    due = prolonged(CALENDAR, start, (term,), [], [pause]).deadline.due
    assert due == start + timedelta(30 + length)


def test_extensions_follow_each_other_in_the_order_of_their_days() -> None:
    start = date(2025, 1, 10)
    later = Extension(approval(date(2025, 4, 9), step="s158"), "s158", (TWO,))
    first = Extension(approval(date(2025, 3, 10)), "s156", (ONE,))
    found = prolonged(CALENDAR, start, (TWO,), [later, first])
    assert [g.due for g in found.granted] == [date(2025, 4, 10), date(2025, 6, 10)]


def test_an_extension_to_a_length_is_counted_from_the_start() -> None:
    start = date(2025, 3, 10)
    whole = Extension(approval(date(2025, 3, 12)), "grave", (Term("30 d exact"),), anew=True)
    assert prolonged(CALENDAR, start, (Term("3 d exact"),), [whole]).deadline.due == date(
        2025, 4, 9
    )


def test_a_pause_without_an_end_leaves_the_last_day_open_and_approvals_count() -> None:
    start = date(2025, 3, 10)
    extension = Extension(approval(date(2025, 9, 1)), "s156", (ONE,))
    found = prolonged(CALENDAR, start, (TWO,), [extension], [Spell(date(2025, 4, 1))])
    assert found.deadline.due is None
    assert [g.due for g in found.granted] == [None]
