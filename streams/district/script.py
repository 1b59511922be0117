"""The script of the district: papers opened, changed and closed, and what follows from them in law.

Lives (:mod:`streams.district.lives`) write it in the agencies' words; the timeline plays it. A day
is legal time; a row is entered a little later, never later than the table's lag unless the life
says so, and reaches the topic at once, unless the agency's connector stands still.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any, TypeAlias

from schemas.identifiers import party_kind
from streams.district.event import Op, Row, at_ms, day_of
from streams.district.organisations import Organisation
from streams.district.people import Person
from streams.district.places import Numbering
from streams.district.tables import TABLES
from streams.district.truth import Expected

Subject: TypeAlias = Person | Organisation | str

_OPENS_S, _CLOSES_S = 8 * 3600 + 1800, 17 * 3600 + 1800


@dataclass(frozen=True, slots=True)
class Window:
    """The days that the district is played for; rows older than ``since`` come as a snapshot."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Outage:
    """An agency's connector that stands still and then catches up; nothing is lost."""

    agency: str
    since: date
    until: date


@dataclass(slots=True)
class PayPlan:
    """How one benefit is paid where that is not simply every month."""

    last: date | None = None  #: first day of the last month paid
    gaps: set[date] = field(default_factory=set)  #: months not paid, or entered by the life itself
    no_rise: set[int] = field(default_factory=set)  #: years whose rise is withheld


@dataclass(slots=True)
class FilingPlan:
    """What a company declares where that is not simply every month and every year."""

    last: date | None = None  #: first day of the last month declared
    gaps: set[date] = field(default_factory=set)  #: months not declared, or entered by the life
    idle: set[date] = field(default_factory=set)  #: months declared with nothing but zeros
    no_reports: set[int] = field(default_factory=set)  #: years in which no report is handed in

    def files(self, month: date) -> bool:
        return (self.last is None or month <= self.last) and month not in self.gaps


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One change in a source, in the order in which it reaches the topic."""

    at_ms: int
    number: int
    feed: str = field(compare=False)
    op: Op = field(compare=False)
    before: Row | None = field(compare=False)
    row: Row | None = field(compare=False)
    committed_ms: int = field(compare=False)
    note: str = field(compare=False, default="")


class Paper:
    """One row of one table through its life."""

    def __init__(self, script: Script, feed: str, row: Row, committed_ms: int) -> None:
        self._script, self.feed, self.row = script, feed, row
        self.first = row  #: as the first snapshot has it, for a row that was there before
        self._committed_ms = committed_ms
        self.known = script.arrival(feed, committed_ms)

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(str(self.row[column]) for column in TABLES[self.feed].key)

    @property
    def record_key(self) -> str:
        """The key of the record that the row becomes, for obligations that are made of it.

        A person's number stands in braces: the run has its token there.
        """
        parts = [f"{{{part}}}" if _names_a_person(part) else part for part in self.key]
        if len(parts) == 1:
            return parts[0]
        return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)

    def change(
        self, on: date, *, entered: date | None = None, note: str = "", **columns: object
    ) -> date:
        """Change columns for what happened on a day; returns the day on which it is known."""
        row = {**self.row, **columns}
        self._commit(on, entered, "update", row, note)
        self.row = row
        return self.known

    def delete(self, on: date, *, entered: date | None = None, note: str = "") -> date:
        """Delete the row; returns the day on which that is known."""
        self._commit(on, entered, "delete", None, note)
        return self.known

    def _commit(self, on: date, entered: date | None, op: Op, row: Row | None, note: str) -> None:
        script = self._script
        # Two changes of one row lie apart: Canal and Maxwell tell the time in seconds.
        committed_ms = max(script.commit(self.feed, on, entered), self._committed_ms + 61_000)
        if committed_ms >= at_ms(script.window.since):
            script.add(self.feed, op, self.row, row, committed_ms, note)
        elif row is not None:
            self.first = row
        self._committed_ms = committed_ms
        self.known = script.arrival(self.feed, committed_ms)


class Script:
    """Everything that is planned for one district."""

    def __init__(self, rng: Random, window: Window, outages: Iterable[Outage] = ()) -> None:
        self.rng, self.window, self.outages = rng, window, tuple(outages)
        self.numbers = Numbering()
        self.entries: list[Entry] = []
        self.standing: dict[tuple[str, str], Paper] = {}  #: base rows that a life has changed
        self.opening: list[Paper] = []  #: further rows of the first snapshot
        self.pay: dict[str, PayPlan] = {}
        self.renumbered: set[date] = set()  #: birthdays of which somebody has a corrected number
        self.ungranted: set[int] = set()  #: who reaches eighty and is granted no allowance
        self.filings: dict[str, FilingPlan] = {}  #: by credit code
        self.founded: list[Organisation] = []  #: companies of lives that file as the others do
        self.expected: list[Expected] = []
        self.play = 0  #: which play of a life is written
        self.papers: list[tuple[int, Paper]] = []  #: who wrote what: the play and its papers

    def open(
        self, feed: str, on: date, row: Row, *, entered: date | None = None, note: str = ""
    ) -> Paper:
        """Enter a new row for what happened on a day; columns that are not named are empty."""
        columns = TABLES[feed].columns
        if strange := row.keys() - columns.keys():
            raise KeyError(f"{feed} has no column {', '.join(sorted(strange))}")
        full: Row = {column: row.get(column) for column in columns}
        committed_ms = self.commit(feed, on, entered)
        paper = Paper(self, feed, full, committed_ms)
        self.papers.append((self.play, paper))
        if committed_ms < at_ms(self.window.since):
            self.opening.append(paper)
        else:
            self.add(feed, "insert", None, full, committed_ms, note)
        return paper

    def stands(self, feed: str, row: Row) -> Paper:
        """Take a row of the first snapshot into a life, which may then change it."""
        paper = Paper(self, feed, row, 0)
        self.papers.append((self.play, paper))
        self.standing[feed, paper.key[0]] = paper
        return paper

    def plan_of(self, benefit_no: str) -> PayPlan:
        return self.pay.setdefault(benefit_no, PayPlan())

    def filing_of(self, number: str) -> FilingPlan:
        return self.filings.setdefault(number, FilingPlan())

    def add(
        self, feed: str, op: Op, before: Row | None, row: Row | None, committed_ms: int, note: str
    ) -> None:
        """Schedule one change; what would come after the last day is left out."""
        if day_of(committed_ms) <= self.window.until:
            at = self._arrival_ms(feed, committed_ms)
            self.entries.append(
                Entry(at, len(self.entries), feed, op, before, row, committed_ms, note)
            )

    def commit(self, feed: str, on: date, entered: date | None = None) -> int:
        """When a clerk enters what happened on a day: within the lag, in office hours."""
        draw = self.rng.random
        day = entered or on + timedelta(int(draw() * (TABLES[feed].lag_days + 0.5)))
        return at_ms(day, _OPENS_S + int(draw() * (_CLOSES_S - _OPENS_S)))

    def arrival(self, feed: str, committed_ms: int) -> date:
        """The day on which a change of a source reaches its topic."""
        return max(day_of(self._arrival_ms(feed, committed_ms)), self.window.since)

    def _arrival_ms(self, feed: str, committed_ms: int) -> int:
        return delayed(self.outages, TABLES[feed].agency.schema, committed_ms)

    def complete(self, feed: str, day: date) -> date:
        """The day on which the feed is first known to be complete up to ``day``, lag taken off."""
        table = TABLES[feed]
        wanted = day + timedelta(table.lag_days + 1)
        days = statement_days(feed, self.window)
        index = bisect_left(days, wanted)
        if index == len(days):
            return date.max
        return self.arrival(feed, at_ms(days[index], STATEMENT_S))

    def expect(
        self,
        life: str,
        model: str,
        rule: str,
        subject: Subject,
        obligation: str,
        *steps: tuple[date, str],
        kind: str = "party",
    ) -> None:
        """Plant an alert: from each day on, this status (empty: no alert)."""
        number = subject if isinstance(subject, str) else subject.number
        told = tuple(sorted(steps))
        self.expected.append(Expected(model, rule, number, obligation, life, told, kind, self.play))

    def mark(self) -> tuple[int, ...]:
        """Where the script stands, for :meth:`back_to`."""
        return tuple(len(part) for part in self._parts())

    def back_to(self, mark: tuple[int, ...]) -> None:
        """Strike out what was written since: a life that broke off has not happened."""
        for part, length in zip(self._parts(), mark, strict=True):
            if isinstance(part, list):
                del part[length:]
            else:
                while len(part) > length:
                    part.popitem()

    def _parts(self) -> tuple[list[Any] | dict[Any, Any], ...]:
        lists = self.entries, self.opening, self.expected, self.founded, self.papers
        return *lists, self.standing, self.pay, self.filings

    @property
    def feeds(self) -> frozenset[str]:
        """The feeds in which something was written."""
        papers = (paper.feed for paper in (*self.opening, *self.standing.values()))
        return frozenset(papers) | {entry.feed for entry in self.entries}


def _names_a_person(text: str) -> bool:
    return len(text) == 18 and party_kind(text) == "person"


STATEMENT_S = 2 * 3600 + 600  # agencies say at night that the day before is complete


@cache
def statement_days(feed: str, window: Window) -> tuple[date, ...]:
    """The days on which an agency says how far a table is complete: up to the day before."""
    table = TABLES[feed]
    first = window.since + timedelta(1 + sum(feed.encode()) % table.complete_every)
    count = (window.until - first).days // table.complete_every + 1
    return tuple(first + timedelta(n * table.complete_every) for n in range(count))


def delayed(outages: Iterable[Outage], agency: str, milliseconds: int) -> int:
    """When a change committed then reaches the topic: after an outage all come within minutes."""
    for outage in outages:
        since, until = at_ms(outage.since), at_ms(outage.until)
        if outage.agency == agency and since <= milliseconds < until:
            return until + (milliseconds - since) // 5_000
    return milliseconds
