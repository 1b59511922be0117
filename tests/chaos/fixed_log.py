"""A changes log made once: a district through real registries, with the ticks of a clock."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from itertools import groupby

from detectors.framework.calendar import legal_calendar
from detectors.framework.engine import Engine
from detectors.framework.registry import Catalogue, discover
from detectors.framework.term import Term
from schemas.change import Message, Position, Tick, encode_message
from schemas.contract import Contract
from schemas.mapping import Mapper
from schemas.subject import Tokens
from streams.activation import wanted_rules
from streams.detect.partition import work
from streams.district import District, Event, Rendering
from streams.intake.outcome import Outcome
from streams.intake.registry import Registry
from streams.intake.statements import Statements, coverage, statement_row
from streams.log.partitioner import partition_for
from streams.log.records import LogRecord
from streams.settings import Settings
from tests.chaos.scale import MODELS

Row = tuple[bytes | None, bytes]
Batch = tuple[int, int, list[Row]]
"""Partition, milliseconds, rows."""
Told = dict[int, list[tuple[bytes, bytes]]]
FEED_PARTITIONS = 4
TICK_DAYS = 3


@dataclass
class FixedLog:
    """One day of the district is one batch in each partition, so that all its copies are alike."""

    batches: list[Batch] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def __len__(self) -> int:
        return sum(self.counts.values())

    def add(self, partition: int, at_ms: int, rows: list[Row]) -> None:
        self.batches.append((partition, at_ms, rows))
        self.counts[partition] += len(rows)

    def records(self, partition: int) -> list[LogRecord]:
        found: list[LogRecord] = []
        for into, at_ms, rows in self.batches:
            if into == partition:
                for key, value in rows:
                    found.append(LogRecord(len(found), at_ms, key, value))
        return found

    def ledger(self, settings: Settings, catalogue: Catalogue | None = None) -> Told:
        """What the engine alone says of it, partition by partition."""
        catalogue, tokens = catalogue or discover(), Tokens(settings.secret)
        found: Told = {}
        for partition in range(settings.topics.partitions):
            engine = Engine(catalogue, tokens, partition=partition)
            rows = [piece.rows() for piece in work(engine, self.records(partition))]
            found[partition] = [row for part in rows for row in part]
        return found


@cache
def struck() -> Catalogue:
    """The models that are struck, and nothing that would add to a log that is given: derived rows
    go where the changes are, so a second run would have another log."""
    return replace(discover().only(MODELS), derivations=())


class Writer:
    """Plays intake and clock in one, without a log."""

    def __init__(self, settings: Settings, contracts: dict[str, Contract]) -> None:
        self.log = FixedLog()
        self._settings, self._contracts = settings, contracts
        tokens = Tokens(settings.secret)
        self._registries = {
            (feed, partition): Registry(
                contract, Mapper(contract, tokens), tokens, {},
                partition=partition, partitions=FEED_PARTITIONS,
            )
            for feed, contract in contracts.items()
            for partition in range(FEED_PARTITIONS)
        }  # fmt: skip
        self._ends: dict[tuple[str, int], int] = defaultdict(int)
        self._statements, self._said = Statements("coverage"), 0
        self._rows: dict[int, list[Row]] = defaultdict(list)
        # Of this week: what is older, the log would drop.
        self._now_ms = int(time.time() * 1000) - 86_400_000

    def rules(self, catalogue: Catalogue) -> None:
        self._everywhere(wanted_rules(self._settings, catalogue, self._contracts, 1))

    def event(self, event: Event, key: bytes, value: bytes) -> None:
        partition = partition_for(key, FEED_PARTITIONS)
        place = event.feed, partition
        record = LogRecord(self._ends[place], event.at_ms, key, value)
        self._ends[place] += 1
        self._outcome(self._registries[place].apply(record))

    def tick(self, event: Event) -> None:
        """As the clock does it: sweeps that are due, then the day with coverage and floor."""
        for due in self._statements.due():
            for partition in range(FEED_PARTITIONS):
                registry = self._registries[due.feed, partition]
                for outcome in registry.order(due.sweep):
                    self._outcome(outcome)
            self._statement(due.key.encode(), None)
        told = coverage(
            self._statements.said(),
            self._statements.holds(),
            lambda day, term: legal_calendar().before(day, Term(term)),
        )
        floor = {
            feed: tuple(
                Position(contract.epoch, partition, self._ends[feed, partition])
                for partition in range(FEED_PARTITIONS)
            )
            for feed, contract in sorted(self._contracts.items())
        }
        known = tuple(one for feed in sorted(told) for one in told[feed])
        self._everywhere(Tick(event.day, known, floor))

    def flush(self) -> None:
        self._now_ms += 1000
        for partition, rows in sorted(self._rows.items()):
            self.log.add(partition, self._now_ms, rows)
        self._rows.clear()

    def _outcome(self, outcome: Outcome) -> None:
        for change in outcome.changes:
            key = change.subject.encode()
            into = partition_for(key, self._settings.topics.partitions)
            self._rows[into].append((key, encode_message(change)))
        for statement in outcome.statements:
            self._statement(*statement_row(statement))

    def _statement(self, key: bytes, value: bytes | None) -> None:
        self._statements.take(LogRecord(self._said, self._now_ms, key, value))
        self._said += 1

    def _everywhere(self, message: Message) -> None:
        for partition in range(self._settings.topics.partitions):
            self._rows[partition].append((None, encode_message(message)))


def fixed_log(settings: Settings, contracts: dict[str, Contract], district: District) -> FixedLog:
    """All that the district's agencies ever sent, taken in; a tick every few days."""
    writer, render = Writer(settings, contracts), Rendering()
    writer.rules(struck())
    ticked = None
    for day, events in groupby(district.events(), key=lambda event: event.day):
        for event in events:
            # A number that replaces another hands its rows on, which would add to the log too.
            if event.feed != "police-number-change":
                writer.event(event, *render(event))
        if ticked is None or day - ticked >= timedelta(TICK_DAYS):
            ticked = day
            writer.tick(event)
        writer.flush()
    writer.tick(event)
    writer.flush()
    return writer.log
