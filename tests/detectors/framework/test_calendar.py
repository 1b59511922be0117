"""The legal calendar against the library it is tabulated from, and against counting day by day."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from chinese_calendar import is_workday
from hypothesis import given
from hypothesis import strategies as st

from detectors import Calendar, Deadline, Spell, Term, legal_calendar
from detectors.framework.holiday_years import load_years
from schemas.errors import CardError

DAY = timedelta(1)
CALENDAR = legal_calendar()
days = st.dates(date(2003, 6, 1), date(2027, 12, 31))


@st.composite
def pauses(draw: st.DrawFn) -> list[Spell]:
    found = []
    for _ in range(draw(st.integers(0, 4))):
        since = draw(st.dates(date(2003, 6, 1), date(2028, 3, 1)))
        length = draw(st.one_of(st.integers(-3, 60), st.none()))
        if length is None and draw(st.integers(0, 3)):
            length = 5
        found.append(Spell(since, None if length is None else since + timedelta(length)))
    return found


def walked(start: date, term: Term, paused: list[Spell], roll: bool) -> date | None:
    """The due day by walking: the definition, with none of the calendar's tables."""

    def works(day: date) -> bool:
        return is_workday(day) if 2004 <= day.year <= 2026 else day.weekday() < 5

    def out(day: date) -> bool:
        return any(day in pause for pause in paused)

    far = start + timedelta(20_000)
    left = term.number if term.unit == "wd" else (term.after(start) - start).days
    day = start
    while left:
        day += DAY
        if day > far:
            return None
        if not out(day) and (term.unit != "wd" or works(day)):
            left -= 1
    while term.unit != "wd" and roll and not term.exact and (not works(day) or out(day)):
        day += DAY
        if day > far:
            return None
    return day


def test_every_day_from_2004_to_2026_is_as_the_library_has_it() -> None:
    day = date(2004, 1, 1)
    while day.year <= 2026:
        assert CALENDAR.works(day) == is_workday(day), day
        day += DAY
    assert CALENDAR.known_until == date(2026, 12, 31)


@given(
    days,
    st.integers(0, 60),
    st.sampled_from(["d", "wd", "m", "y", "d exact", "m exact"]),
    pauses(),
    st.booleans(),
)
def test_a_deadline_is_what_walking_day_by_day_gives(
    start: date, number: int, unit: str, paused: list[Spell], roll: bool
) -> None:
    number = min(number, 3) if unit == "y" else number
    term = Term(f"{number} {unit}")
    assert CALENDAR.deadline(start, term, paused, roll).due == walked(start, term, paused, roll)


@given(days, st.integers(1, 400), st.sampled_from(["d", "wd", "m"]), pauses())
def test_what_a_deadline_keeps_is_enough_to_compute_it_again(
    start: date, number: int, unit: str, paused: list[Spell]
) -> None:
    found = CALENDAR.deadline(start, Term(f"{min(number, 40)} {unit}"), paused)
    assert CALENDAR.deadline(found.start, Term(found.term), found.paused) == found


@given(days, st.integers(1, 30))
def test_counting_back_and_forth_in_working_days_meet(day: date, number: int) -> None:
    before = CALENDAR.before(day, Term(f"{number} wd"))
    assert CALENDAR.works(before)
    assert CALENDAR.working_days(before, day - DAY) == number


def test_three_working_days_across_spring_festival_end_on_the_fifth_of_february_2025() -> None:
    found = CALENDAR.deadline(date(2025, 1, 24), Term("3 wd"))
    assert found == Deadline(date(2025, 1, 24), "3 wd", date(2025, 2, 5))
    assert CALENDAR.worked_in_exchange(date(2025, 1, 26))


def test_the_last_day_on_a_holiday_rolls_on_unless_exact_or_told_not_to() -> None:
    over = CALENDAR.deadline(date(2025, 9, 3), Term("1 m"))
    assert (over.last, over.due) == (date(2025, 10, 3), date(2025, 10, 9))
    assert CALENDAR.deadline(date(2025, 9, 3), Term("1 m exact")).due == date(2025, 10, 3)
    assert CALENDAR.deadline(date(2025, 9, 3), Term("1 m"), roll=False).due == date(2025, 10, 3)


def test_a_pause_without_an_end_leaves_the_due_day_open() -> None:
    found = CALENDAR.deadline(date(2025, 3, 3), Term("10 wd"), [Spell(date(2025, 3, 5))])
    assert found.due is None
    assert found.paused == (Spell(date(2025, 3, 5)),)


def test_a_pause_that_begins_after_the_due_day_changes_nothing() -> None:
    found = CALENDAR.deadline(date(2025, 3, 3), Term("10 d"), [Spell(date(2025, 3, 14))])
    assert found == CALENDAR.deadline(date(2025, 3, 3), Term("10 d"))


def test_a_pause_that_begins_on_the_holiday_before_the_rolled_day_still_counts() -> None:
    # 2025-10-03 lies in the National Day holidays; the term runs until 10-09.
    found = CALENDAR.deadline(
        date(2025, 9, 3), Term("1 m"), [Spell(date(2025, 10, 5), date(2025, 10, 20))]
    )
    assert found.due == date(2025, 10, 21)


def test_only_what_rests_on_unknown_holidays_is_provisional() -> None:
    start = date(2026, 12, 30)
    assert not CALENDAR.deadline(start, Term("1 wd")).provisional
    assert CALENDAR.deadline(start, Term("3 wd")).provisional
    assert CALENDAR.deadline(start, Term("1 m")).provisional
    assert not CALENDAR.deadline(start, Term("1 m exact")).provisional
    assert not CALENDAR.deadline(start, Term("1 m"), roll=False).provisional
    assert CALENDAR.deadline(date(2003, 12, 30), Term("3 wd")).provisional
    assert not CALENDAR.deadline(date(2003, 12, 31), Term("3 wd")).provisional


def test_dates_at_the_ends_of_time_do_not_crash() -> None:
    assert CALENDAR.deadline(date(9999, 12, 30), Term("3 m")).due == date.max
    assert CALENDAR.deadline(date(9999, 12, 30), Term("30 wd")).due == date.max
    assert CALENDAR.deadline(date.min, Term("3 wd")).due is not None
    assert CALENDAR.before(date.min, Term("9 wd")) == date.min
    forever = [Spell(date(2025, 1, 2), date.max)]
    assert CALENDAR.deadline(date(2025, 1, 1), Term("10 d"), forever).due == date.max


def test_ten_thousand_deadlines_with_pauses_take_well_under_a_second() -> None:
    paused = [Spell(date(2015 + n, 2, 1), date(2015 + n, 3, 1)) for n in range(8)]
    started = time.perf_counter()
    for n in range(10_000):
        CALENDAR.deadline(date(2015, 1, 1) + timedelta(n % 3000), Term("90 d"), paused)
    assert time.perf_counter() - started < 1.0


def year_file(tmp_path: Path, text: str, name: str = "2027.toml") -> Path:
    (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


NEXT = """
year = 2027
source = "announcement"
worked = [2027-01-31]
[[holidays]]
name = "Spring Festival"
since = 2027-02-05
until = 2027-02-11
"""


def test_the_next_year_comes_from_a_file(tmp_path: Path) -> None:
    calendar = Calendar(load_years([year_file(tmp_path, NEXT)]))
    assert calendar.known_until == date(2027, 12, 31)
    assert calendar.works(date(2027, 1, 31))
    assert not calendar.works(date(2027, 2, 10))
    found = calendar.deadline(date(2027, 2, 4), Term("1 wd"))
    assert (found.due, found.provisional) == (date(2027, 2, 12), False)
    assert calendar.digest != CALENDAR.digest


def test_a_file_corrects_a_known_year(tmp_path: Path) -> None:
    text = NEXT.replace("2027", "2026").replace("2026-01-31", "2026-03-07")
    calendar = Calendar(load_years([year_file(tmp_path, text)]))
    assert not calendar.works(date(2026, 2, 5))
    assert calendar.works(date(2026, 3, 7))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("2027", "2032"), "2032 follows no known year; add 2027 first"),
        (("2027-02-11", "2027-02-01"), "holidays[0]: since – until must be in order"),
        (("[2027-01-31]", "[2027-02-01]"), "2027-02-01 is no weekend day"),
        (("[2027-01-31]", "[2025-01-26]"), "2025-01-26 is not a day of 2027"),
        (("name =", "nme ="), "nme"),
        (("source", "]"), "2027.toml"),
    ],
)
def test_a_wrong_year_file_is_named_with_its_mistake(
    tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    with pytest.raises(CardError) as error:
        load_years([year_file(tmp_path, NEXT.replace(*change))])
    assert told in str(error.value)
    assert "2027.toml" in str(error.value)


def test_a_missing_directory_of_years_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="no such directory"):
        load_years([tmp_path / "nowhere"])
