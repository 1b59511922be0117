"""The legal calendar: working days with make-up weekend days, and deadlines with their pauses."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

import msgspec

from detectors.framework.holiday_years import HolidayYears, load_years
from detectors.framework.spell import Spell, merged
from detectors.framework.term import Term

_LAST = date.max.toordinal()


class Deadline(msgspec.Struct, frozen=True, omit_defaults=True):
    """A due date with all that a person needs to compute it again.

    ``due`` None: paused without an end. ``Deadline(start, term, due)`` states a date that a
    document fixed and no calendar computed.
    """

    start: date  #: not counted
    term: str
    due: date | None  #: the last day in time
    paused: tuple[Spell, ...] = ()  #: joined intervals whose days were left out
    provisional: bool = False  #: rests on a year whose holidays are not known
    last: date | None = None  #: where the count ended, when that day was off and ``due`` rolled on


class Calendar:
    """Counts days as Chinese procedure does; every question is answered from a table.

    Outside the known years Monday to Friday are taken for working days, and what rests on that is
    marked provisional.
    """

    __slots__ = (
        "_at_first", "_at_last", "_counts", "_first", "_last", "_off", "_unpaused",
        "_weekdays_at_last", "_worked", "_working", "digest", "known_since", "known_until",
    )  # fmt: skip

    def __init__(self, years: HolidayYears | None = None) -> None:
        years = years or load_years()
        self.known_since, self.known_until = date(years.first, 1, 1), date(years.last, 12, 31)
        self._first, self._last = self.known_since.toordinal(), self.known_until.toordinal()
        self._off, self._worked = years.off, years.worked
        off = {day.toordinal() for day in years.off}
        worked = {day.toordinal() for day in years.worked}
        self._at_first = count = _weekdays(self._first - 1)
        self._counts, self._working = array("l"), array("l")
        for ordinal in range(self._first, self._last + 1):
            if ordinal in worked or ((ordinal - 1) % 7 < 5 and ordinal not in off):
                count += 1
                self._working.append(ordinal)
            self._counts.append(count)
        self._at_last, self._weekdays_at_last = count, _weekdays(self._last)
        self._unpaused = lru_cache(50_000)(
            lambda start, term, roll: self._deadline(start, term, (), roll)
        )
        self.digest = hashlib.sha256(
            repr((self._first, self._working.tolist())).encode()
        ).hexdigest()

    def works(self, day: date) -> bool:
        """Whether it is a working day."""
        ordinal = day.toordinal()
        return self._count(ordinal) > self._count(ordinal - 1)

    def known(self, day: date) -> bool:
        """Whether the holidays of its year are known."""
        return self.known_since <= day <= self.known_until

    def holiday(self, day: date) -> str:
        """English name of the public holiday of a day off; empty for other days."""
        return self._off.get(day, "")

    def worked_in_exchange(self, day: date) -> bool:
        """Whether it is a Saturday or Sunday that is worked for a holiday."""
        return day in self._worked

    def working_days(self, since: date, until: date) -> int:
        """How many working days lie from ``since`` to ``until``, both included."""
        return self._count(until.toordinal()) - self._count(since.toordinal() - 1)

    def next_working(self, day: date) -> date:
        """The first working day on or after ``day``."""
        return _day(self._nth(self._count(day.toordinal() - 1) + 1))

    def before(self, day: date, term: Term) -> date:
        """The day that lies the term before ``day``: when a notice of a deadline is due."""
        if not term.working:
            return term.before(day)
        return (
            _day(self._nth(self._count(day.toordinal() - 1) - term.number + 1))
            if term.number
            else day
        )

    def deadline(
        self, start: date, term: Term, pauses: Iterable[Spell] = (), roll: bool = True
    ) -> Deadline:
        """When a term that starts on ``start`` ends, the start day not counted.

        Days inside ``pauses`` are left out; a pause without an end leaves the due date open. A last
        day that is off rolls on to the next working day that is not paused, unless the term is
        ``exact`` or ``roll`` is false (custody ends on the day itself; 刑诉法 105).
        """
        if not pauses:  # most terms run on, and many from one day: the end of a month, a holiday
            return self._unpaused(start, term, roll)
        excluded = merged(s for s in pauses if s.until is None or s.until > start)
        return self._deadline(start, term, excluded, roll)

    def _deadline(
        self, start: date, term: Term, excluded: tuple[Spell, ...], roll: bool
    ) -> Deadline:
        term = term if isinstance(term, Term) else Term(term)
        end = self._counted_to(start, term, excluded)
        if end is None:
            return Deadline(start, term.text, None, _used(excluded, None))
        due: int | None = end
        rolls = roll and not term.exact and not term.working
        if rolls:
            due = self._rolled(end, excluded)
            if due is None:
                return Deadline(start, term.text, None, _used(excluded, None), last=_day(end))
        else:
            due = end
        known = self._first <= (end if rolls else start.toordinal() + 1) and due <= self._last
        return Deadline(
            start,
            term.text,
            _day(due),
            _used(excluded, _day(due)),
            provisional=not known and (rolls or (term.working and term.number > 0)),
            last=_day(end) if due != end else None,
        )

    def _counted_to(self, start: date, term: Term, excluded: tuple[Spell, ...]) -> int | None:
        """Ordinal of the day on which the count of the term ends; None: paused without an end."""
        at = start.toordinal()
        left = term.number if term.working else term.after(start).toordinal() - at
        for pause in excluded if left else ():
            before = pause.since.toordinal() - 1
            free = self._between(at, before, term) if before > at else 0
            if free >= left:
                break
            if pause.until is None:
                return None
            left -= free
            at = max(at, pause.until.toordinal())
        return self._nth(self._count(at) + left) if term.working and left else at + left

    def _between(self, after: int, until: int, term: Term) -> int:
        return self._count(until) - self._count(after) if term.working else until - after

    def _rolled(self, ordinal: int, excluded: tuple[Spell, ...]) -> int | None:
        due = self._nth(self._count(ordinal - 1) + 1)
        for pause in excluded:
            # A pause that begins on the off days before the rolled date still met a running term.
            if pause.since.toordinal() <= due:
                if pause.until is None:
                    return None
                if pause.until.toordinal() >= due:
                    due = self._nth(self._count(pause.until.toordinal()) + 1)
        return due

    def _count(self, ordinal: int) -> int:
        """Working days up to and including ``ordinal``."""
        if ordinal > self._last:
            return self._at_last + _weekdays(ordinal) - self._weekdays_at_last
        if ordinal < self._first:
            return _weekdays(ordinal)
        return self._counts[ordinal - self._first]

    def _nth(self, number: int) -> int:
        """Ordinal of the n-th working day, the inverse of ``_count``."""
        if number > self._at_last:
            return _weekday(number - self._at_last + self._weekdays_at_last)
        if number <= self._at_first:
            return _weekday(number)
        return self._working[number - self._at_first - 1]


@cache
def legal_calendar(directory: Path | None = None) -> Calendar:
    """The calendar of all known years, those of a deployment's ``directory`` laid over them."""
    return Calendar(load_years(() if directory is None else (directory,)))


def _used(excluded: tuple[Spell, ...], due: date | None) -> tuple[Spell, ...]:
    if not excluded or due is None:
        return excluded[: next((n for n, s in enumerate(excluded, 1) if s.until is None), None)]
    return tuple(s for s in excluded if s.since <= due)


def _day(ordinal: int) -> date:
    return date.fromordinal(max(1, min(ordinal, _LAST)))


def _weekdays(ordinal: int) -> int:
    """Mondays to Fridays up to ``ordinal``; day 1 of the proleptic calendar is a Monday."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * 5 + min(rest, 5)


def _weekday(number: int) -> int:
    weeks, rest = divmod(number - 1, 5)
    return weeks * 7 + rest + 1
