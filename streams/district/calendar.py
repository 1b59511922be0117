"""Dates as the district's clerks count them: office days, months, and the end of a term.

Written for the planned truth alone, apart from the calendar of the detectors, which it checks.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cache

from chinese_calendar import is_workday

_LAST_KNOWN = date(2026, 12, 31)


@cache
def works(day: date) -> bool:
    """Whether offices are open; beyond the published years weekends alone are free."""
    return is_workday(day) if day <= _LAST_KNOWN else day.weekday() < 5


def working_days(start: date, count: int) -> date:
    """The last of ``count`` working days after ``start``."""
    day = start
    while count:
        day += timedelta(1)
        count -= works(day)
    return day


def rolled(day: date) -> date:
    """The day itself, or the next one on which offices are open."""
    while not works(day):
        day += timedelta(1)
    return day


def month_start(day: date, months: int = 0) -> date:
    """The first day of the month ``months`` after that of ``day``."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def month_end(day: date) -> date:
    """The last day of the month of ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def same_day(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of that month."""
    first = month_start(day, months)
    return first.replace(day=min(day.day, month_end(first).day))


def months_between(first: date, last: date) -> list[date]:
    """First days of the months from that of ``first`` to that of ``last``, both included."""
    found, month = [], month_start(first)
    while month <= last:
        found.append(month)
        month = month_start(month, 1)
    return found
