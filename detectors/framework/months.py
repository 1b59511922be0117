"""Whole months: the unit in which benefits are paid and claimed back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from detectors.framework.spell import DAY, Spell
from detectors.framework.term import days_in


class PaidMonth(msgspec.Struct, frozen=True):
    """A fact: what was paid, or is owed, for one month."""

    month: date
    amount_fen: int


def month_of(day: date) -> Spell:
    """The month that the day lies in, from its first to its last day."""
    last = days_in(day.year, day.month)
    return Spell(day.replace(day=1), day.replace(day=last))


def months_between(since: date, until: date) -> Iterator[date]:
    """The first days of the months that have a day between the two, both included."""
    month = since.replace(day=1)
    while month <= until:
        yield month
        month = month.replace(day=days_in(month.year, month.month)) + DAY
