"""Plays a script: all that the agencies' sources commit, in the order in which it arrives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from heapq import merge

from streams.district.calendar import same_day
from streams.district.event import Event, Op, Row, at_ms
from streams.district.filings import filed
from streams.district.organisations import Organisation
from streams.district.payments import paid_runs
from streams.district.people import Person
from streams.district.rows import (
    allowance_row,
    certificate_row,
    company_row,
    licence_row,
    old_age_row,
    pension_row,
    resident_row,
)
from streams.district.script import STATEMENT_S, Script, delayed, statement_days
from streams.district.tables import TABLES

_Item = tuple[int, int, int, str, Op, Row | None, Row | None, int, str]


BASE_FEEDS = frozenset(
    (
        "police-resident",
        "hrss-benefit",
        "hrss-payment",
        "hrss-adjustment",
        "civil-benefit",
        "civil-payment",
        "traffic-licence",
        "transport-certificate",
    )
)
"""Feeds that tell of people to whom nothing has happened."""
REGISTER_FEEDS = frozenset(("market-company", "market-company-event", "tax-activity"))
"""Feeds that tell of companies to which nothing has happened."""


def play(
    script: Script,
    people: list[Person],
    organisations: list[Organisation],
    feeds: frozenset[str] = frozenset(TABLES),
) -> Iterator[Event]:
    """All events without any dirt of the wire: the snapshot of the first day, then what happens."""
    sequences: dict[str, int] = defaultdict(int)
    keys = {feed: table.key for feed, table in TABLES.items()}
    schemas = {feed: table.agency.schema for feed, table in TABLES.items()}
    registered = organisations if feeds & REGISTER_FEEDS else []
    yield from _snapshot(script, people, registered)
    bulk = [paid_runs(people, script.pay, script.window), _granted(script, people)]
    if registered:
        bulk.append(filed([*registered, *script.founded], script.filings, script.window))
    items: Iterable[_Item] = merge(_planned(script), *map(_inserted, bulk), _stated(script, feeds))
    for at, _, _, feed, op, before, row, committed_ms, note in items:
        schema = schemas[feed]
        sequences[schema] += 1
        image = row if row is not None else before
        key = tuple([str(image[column]) for column in keys[feed]]) if op != "complete" else ("1",)  # type: ignore[index]  # one of the two images is there
        yield Event(at, feed, op, key, before, row, committed_ms, sequences[schema], note)


def _snapshot(
    script: Script, people: list[Person], organisations: list[Organisation]
) -> Iterator[Event]:
    """The tables as they stand on the first day, in the small hours."""
    start = at_ms(script.window.since)
    for place, (feed, row) in enumerate(_first_rows(script, people, organisations)):
        key = tuple(str(row[column]) for column in TABLES[feed].key)
        yield Event(start + place // 4, feed, "snapshot", key, None, row, start, 0)


def _first_rows(
    script: Script, people: list[Person], organisations: list[Organisation]
) -> Iterator[tuple[str, Row]]:
    since, changed = script.window.since, script.standing

    def stands(feed: str, number: str, row: Row) -> tuple[str, Row]:
        paper = changed.get((feed, number))
        return feed, paper.first if paper else row

    for person in people:
        yield stands("police-resident", person.number, resident_row(person, since))
        if person.pension:
            yield stands("hrss-benefit", person.pension_no, pension_row(person))
        if person.allowance:
            yield stands("civil-benefit", person.allowance_no, allowance_row(person))
        if person.licence:
            yield stands("traffic-licence", person.licence, licence_row(person))
        if person.certificate:
            yield stands("transport-certificate", person.certificate, certificate_row(person))
    for company in organisations:
        yield stands("market-company", company.number, company_row(company))
    for paper in script.opening:
        yield paper.feed, paper.first


def _planned(script: Script) -> Iterator[_Item]:
    for entry in sorted(script.entries):
        yield (
            entry.at_ms,
            0,
            entry.number,
            entry.feed,
            entry.op,
            entry.before,
            entry.row,
            entry.committed_ms,
            entry.note,
        )


def _inserted(bulk: Iterable[tuple[int, str, Row]]) -> Iterator[_Item]:
    for number, (at, feed, row) in enumerate(bulk):
        yield at, 1, number, feed, "insert", None, row, at, ""


def _granted(script: Script, people: list[Person]) -> Iterator[tuple[int, str, Row]]:
    """Who reaches eighty is granted the allowance for old age within weeks."""
    since, until = script.window.since, script.window.until
    granted = []
    for person in people:
        reaches = same_day(person.born, 80 * 12)
        on = reaches + timedelta(person.index % 45)
        if since < reaches and since < on <= until and person.index not in script.ungranted:
            granted.append((at_ms(on, 10 * 3600), person.index, old_age_row(person, on)))
    for at, _, row in sorted(granted, key=lambda one: one[:2]):
        yield at, "civil-benefit", row


def _stated(script: Script, feeds: frozenset[str]) -> Iterator[_Item]:
    """Statements of completeness; they come last of what was committed before them."""
    stated: list[tuple[int, int, int, str, int, Row | None, Row]] = []
    for place, feed in enumerate(feed for feed in TABLES if feed in feeds):
        schema = TABLES[feed].agency.schema
        before: Row | None = None
        for day in statement_days(feed, script.window):
            committed_ms = at_ms(day, STATEMENT_S) + place * 250
            row: Row = {"id": 1, "complete_until": (day - timedelta(1)).isoformat()}
            at = delayed(script.outages, schema, committed_ms)
            stated.append((at, 2, len(stated), feed, committed_ms, before, row))
            before = row
    for at, rank, number, feed, committed_ms, before, row in sorted(stated, key=lambda s: s[:3]):
        yield at, rank, number, feed, "complete", before, row, committed_ms, ""
