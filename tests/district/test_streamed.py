"""The dirty messages of the district through intake and engine, day by day, against the truth.

The real registry reads the bytes, the real engine the changes; only the log between is a list.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

import pytest

from detectors import legal_calendar
from detectors.framework.engine import Engine
from detectors.framework.registry import discover
from detectors.framework.term import Term
from schemas.alert import Kind, Reason, Transition
from schemas.change import Message, Position, Tick
from schemas.mapping import Mapper
from schemas.subject import Tokens
from streams.district import TABLES, District, Event, Rendering, contracts, rules
from streams.district.event import at_ms
from streams.intake.registry import Registry
from streams.intake.statements import Statements, coverage, statement_row
from streams.log.partitioner import partition_for
from streams.log.records import LogRecord

TOKENS = Tokens("a secret of the tests")
PARTITIONS = 2


def _before(day: date, term: str) -> date:
    return legal_calendar().before(day, Term(term))


@dataclass
class Run:
    """A deployment of one worker without a network."""

    district: District
    ledger: list[Transition] = field(default_factory=list)
    standing: dict[tuple[str, str, str, str], str] = field(default_factory=dict)
    labels: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._known = contracts(since=self.district.window.since)
        self._rendering = Rendering("any")
        self._statements = Statements("coverage")
        self._registries = {
            (feed, number): Registry(
                contract, Mapper(contract, TOKENS), TOKENS, {},
                partition=number, partitions=PARTITIONS,
            )
            for feed, contract in self._known.items()
            for number in range(PARTITIONS)
        }  # fmt: skip
        self._ends: Counter[tuple[str, int]] = Counter()
        self._engine = Engine(discover(packs=False), TOKENS, hash="district")
        self._offset = 0
        self._tell(0, rules())

    def day(self, day: date, events: list[Event]) -> None:
        """Take a day's messages, then a tick."""
        for event in events:
            key, value = self._rendering(event)
            place = event.feed, partition_for(key, PARTITIONS)
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
            feed: tuple(Position(1, n, self._ends[feed, n]) for n in range(PARTITIONS))
            for feed in TABLES
        }
        told = tuple(c for feed in sorted(complete) for c in complete[feed])
        self._tell(at_ms(day, 86_000), Tick(day, told, floor))

    def _tell(self, at: int, message: Message) -> None:
        for effects in self._engine.apply(self._offset, at, message):
            assert not effects.failures
            for t in effects.transitions:
                self.ledger.append(t)
                name = (t.model, t.rule, t.subject, t.obligation)
                self.standing.pop(name, None)
                if t.status.active:
                    self.standing[name] = t.status.value
        self._offset += 1


@pytest.fixture(scope="module")
def run() -> Run:
    district = District(seed=11, people=700)
    done = Run(district)
    for day, events in groupby(district.events(), key=lambda event: event.day):
        done.day(day, list(events))
        for score in district.truth.score(done.standing, TOKENS.subject, day):
            assert (score.missed, score.wrong_status, score.false) == ((), (), ()), day
    return done


def test_on_every_day_what_is_planted_stands_and_nothing_else(run: Run) -> None:
    """Compared day by day while the fixture runs; at the end nothing is left to settle."""
    scores = run.district.truth.score(run.standing, TOKENS.subject, run.district.window.until)
    assert {score.model for score in scores} == set(run.district.truth.models())
    assert sum(score.found for score in scores) > 30
    assert all(score.precision == score.recall == 1.0 for score in scores)


def test_nothing_was_ever_told_that_was_not_planted(run: Run) -> None:
    planted = {(x.model, x.rule, x.subject(TOKENS.subject)) for x in run.district.truth}
    told = {(t.model, t.rule, t.subject) for t in run.ledger if t.kind is Kind.RAISED}
    assert told == planted


def test_alerts_lived_through_every_transition_that_a_district_knows(run: Run) -> None:
    kinds = Counter(transition.kind for transition in run.ledger)
    for kind in (Kind.RAISED, Kind.UPDATED, Kind.CURED, Kind.LAPSED, Kind.WITHDRAWN, Kind.REOPENED):
        assert kinds[kind], kind
    reasons = {t.reason for t in run.ledger if t.kind is Kind.WITHDRAWN}
    assert reasons >= {Reason.SOURCE, Reason.EXEMPT, Reason.UNREADABLE}


def test_the_dirt_was_met_and_dropped(run: Run) -> None:
    for label in ("changed", "removed", "ended", "expired", "unchanged", "resent", "quarantined"):
        assert run.labels[label], label
