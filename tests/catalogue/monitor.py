"""A deployment of one worker without a network: real intake, real engine, lists for a log."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from datetime import date
from itertools import count

from detectors import legal_calendar
from detectors.framework.engine import Engine
from detectors.framework.registry import Catalogue
from detectors.framework.term import Term
from schemas.alert import Transition
from schemas.change import Message, Position, Tick
from schemas.mapping import Mapper
from schemas.subject import Tokens
from streams.district import District, Event, Rendering, contracts, rules
from streams.district.event import at_ms
from streams.intake.registry import Registry
from streams.intake.statements import Statements, coverage, statement_row
from streams.log.partitioner import partition_for
from streams.log.records import LogRecord

Told = Callable[[Transition], None]


def _before(day: date, term: str) -> date:
    return legal_calendar().before(day, Term(term))


class Monitor:
    """Takes a district's messages day by day, each day closed by a tick of the clock."""

    def __init__(
        self,
        district: District,
        tokens: Tokens,
        told: Told,
        catalogue: Catalogue,
        *,
        partitions: int = 1,
    ) -> None:
        self.labels: Counter[str] = Counter()  #: what intake made of the messages
        self._told, self._partitions = told, partitions
        self._rendering = Rendering("any")
        self._statements = Statements("coverage")
        self._registries = {
            (feed, number): Registry(
                contract, Mapper(contract, tokens), tokens, {},
                partition=number, partitions=partitions,
            )
            for feed, contract in contracts(since=district.window.since).items()
            for number in range(partitions)
        }  # fmt: skip
        self._feeds = sorted({feed for feed, _ in self._registries})
        self._ends: Counter[tuple[str, int]] = Counter()
        self.engine = Engine(catalogue, tokens, hash="district")
        self._offsets = count()
        self._tell(0, rules())

    def day(self, day: date, events: Iterable[Event]) -> None:
        """Take a day's messages, then a tick."""
        for event in events:
            key, value = self._rendering(event)
            # With one partition there is nothing to choose, and choosing costs more than to read.
            number = partition_for(key, self._partitions) if self._partitions > 1 else 0
            place = event.feed, number
            record = LogRecord(self._ends[place], event.at_ms, key, value)
            self._ends[place] += 1
            outcome = self._registries[place].apply(record)
            self.labels.update(outcome.labels)
            for change in outcome.changes:
                self._tell(event.at_ms, change)
            for statement in outcome.statements:
                name, told = statement_row(statement)
                self._statements.take(LogRecord(0, event.at_ms, name, told))
        complete = coverage(self._statements.said(), self._statements.holds(), _before)
        floor = {
            feed: tuple(Position(1, n, self._ends[feed, n]) for n in range(self._partitions))
            for feed in self._feeds
        }
        told = tuple(c for feed in sorted(complete) for c in complete[feed])
        self._tell(at_ms(day, 86_000), Tick(day, told, floor))

    def _tell(self, at: int, message: Message) -> None:
        """Apply a message, and after it what dossiers tell one another because of it."""
        waiting = deque([message])
        while waiting:
            for effects in self.engine.apply(next(self._offsets), at, waiting.popleft()):
                if effects.failures:
                    failure = effects.failures[0]
                    raise RuntimeError(f"{failure}") from failure.error
                waiting.extend(effects.derived)
                for transition in effects.transitions:
                    self._told(transition)
