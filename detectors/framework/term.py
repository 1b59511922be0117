"""A term is a length of time in law, written ``<n> d|wd|m|y [exact]``."""

from __future__ import annotations

from calendar import isleap
from datetime import date
from typing import Any, Self

_UNITS = ("d", "wd", "m", "y")
_LAST = date.max.toordinal()
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Term(str):
    """``3 wd`` working days, ``90 d`` days, ``12 m`` months and ``2 y`` years date to date.

    ``exact`` marks a term that never rolls off a holiday: custody, and 24 or 48 hours that are
    written ``1 d exact`` and ``2 d exact``. Facts carry ``text``, because
    msgspec encodes no subclass of str.
    """

    __slots__ = ("exact", "number", "text", "unit")

    number: int
    unit: str
    exact: bool
    text: str

    def __new__(cls, text: str) -> Self:
        match text.split(" "):
            case [number, unit, *rest] if unit in _UNITS and rest in ([], ["exact"]):
                if number.isascii() and number.isdigit():
                    self = super().__new__(cls, text)
                    self.number, self.unit, self.exact = int(number), unit, bool(rest)
                    self.text = text
                    return self
        raise ValueError(
            f"{text!r} is not a term; write '<n> d|wd|m|y [exact]', for example '3 wd'"
        )

    def __reduce__(self) -> tuple[type[Term], tuple[str]]:
        return type(self), (str(self),)

    @property
    def working(self) -> bool:
        """Whether only working days are counted."""
        return self.unit == "wd"

    def after(self, day: date) -> date:
        """The day on which a term ends that starts on ``day``, before any pause or holiday.

        Months run date to date; from the last day of a month to the last day, and where the month
        has no such day, to its last (高法解释 202). What would fall after the year 9999 ends on
        its last day: agencies write 9999-12-31 for "no end".
        """
        return self._shifted(day, self.number)

    def before(self, day: date) -> date:
        """The day that lies the term before ``day``."""
        return self._shifted(day, -self.number)

    def _shifted(self, day: date, number: int) -> date:
        if self.unit == "d":
            return date.fromordinal(max(1, min(day.toordinal() + number, _LAST)))
        if self.unit == "wd":
            raise ValueError(
                f"{str(self)!r} needs the calendar: use Calendar.deadline or Calendar.before"
            )
        months = number * (12 if self.unit == "y" else 1) + day.month - 1
        year, month = day.year + months // 12, months % 12 + 1
        if not 1 <= year <= 9999:
            return date.max if year > 9999 else date.min
        last = days_in(year, month)
        from_last = day.day >= 28 and day.day == days_in(day.year, day.month)
        return date(year, month, last if from_last else min(day.day, last))


def days_in(year: int, month: int) -> int:
    """How many days a month has; calendar.monthrange also finds out on which weekday it begins."""
    return 29 if month == 2 and isleap(year) else _DAYS[month - 1]


def decode_term(kind: type[Any], value: object) -> Any:
    """Decode hook for msgspec: a string where a type says ``Term``."""
    if kind is Term:
        if isinstance(value, str):
            return Term(value)
        raise ValueError(
            f"{value!r} is not a term; write '<n> d|wd|m|y [exact]', for example '3 wd'"
        )
    raise NotImplementedError(f"{kind} cannot be decoded")
