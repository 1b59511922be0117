"""The clock: tells every partition what day it is and what the sources are complete for.

The order of its readings is what keeps an absence from being told of a source that was only late:
coverage first, then the time, then the end offsets of the feeds; then it waits until intake has
passed them, reads again what holds coverage up, and only then appends. Two clocks do no harm: the
engine joins what they say as maxima.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

import msgspec

from detectors.framework.calendar import legal_calendar
from detectors.framework.term import Term
from schemas.change import Coverage, Mark, Message, Position, Retract, Tick, encode_message
from schemas.contract import Contract
from streams.intake.orders import encode_order
from streams.intake.statements import Due, Statements, coverage
from streams.log.client import LogClient
from streams.metrics import Metrics
from streams.topics import DETECT, INTAKE, Topics

logger = logging.getLogger(__name__)

#: Legal days are days in China.
CHINA = timezone(timedelta(hours=8))

#: Seconds between two looks at what others have committed.
POLL_S = 0.05


def today() -> date:
    """The legal day of now."""
    return datetime.now(CHINA).date()


@dataclass(slots=True)
class Round:
    """What one round of the clock found and said."""

    as_of: date
    coverage: tuple[Coverage, ...]
    floor: dict[str, tuple[Position, ...]]
    behind: tuple[str, ...] = ()
    ticked: bool = False


@dataclass(slots=True)
class Clock:
    """Appends ticks to every partition of the changes topic; ``now`` is the day's source."""

    client: LogClient
    topics: Topics
    contracts: Mapping[str, Contract]
    metrics: Metrics
    strata: int = 0  #: of derivations: rounds of marks beyond the first
    patience_s: float = 30.0
    now: Callable[[], date] = today
    name: str = field(default_factory=lambda: f"clock-{time.time_ns()}")
    _statements: Statements | None = None
    _marks: int = 0
    _known: dict[str, tuple[Coverage, ...]] = field(default_factory=dict)

    async def run(self, every_s: float, stop: asyncio.Event) -> None:
        """Tick until stopped. An outage of the log is waited out; the next round is late, not lost."""
        while not stop.is_set():
            try:
                await self.round()
            except OSError as error:
                logger.warning("clock_waits error=%s", error)
            try:
                await asyncio.wait_for(stop.wait(), every_s)
            except TimeoutError:
                continue

    async def round(self) -> Round:
        """One round: read, wait, append. Returns what was said."""
        if self._statements is None:
            self._statements = await Statements.load(self.client, self.topics.coverage)
        else:
            await self._statements.refresh(self.client)
        said, due = self._statements.said(), self._statements.due()
        await self._take_back()
        as_of = self.now()
        ends = await self._ends()
        behind = await self._intake_passed(ends)
        await self._statements.refresh(
            self.client
        )  # a message that nobody could read came meanwhile
        fresh = coverage(said, self._statements.holds(), _before)
        for feed, statements in fresh.items():
            if feed not in behind:
                self._known[feed] = statements
        await self._order_sweeps([d for d in due if d.feed not in behind], ends)
        floor = {
            feed: tuple(
                Position(self.contracts[feed].epoch, partition, offset)
                for partition, offset in sorted(partitions.items())
            )
            for feed, partitions in sorted(ends.items())
            if feed not in behind
        }
        known = tuple(c for feed in sorted(self._known) for c in self._known[feed])
        found = Round(as_of, known, floor, tuple(sorted(behind)))
        for _ in range(self.strata + 1):
            if not await self._detect_passed_marks():
                return found
        await self._tell(Tick(as_of, known, floor))
        found.ticked = True
        self.metrics.ticked(as_of, known, behind)
        return found

    async def _ends(self) -> dict[str, dict[int, int]]:
        topics = sorted({contract.topic for contract in self.contracts.values()})
        ends = dict(
            zip(topics, await asyncio.gather(*map(self.client.end_offsets, topics)), strict=True)
        )
        return {feed: ends[contract.topic] for feed, contract in self.contracts.items()}

    async def _intake_passed(self, ends: Mapping[str, Mapping[int, int]]) -> set[str]:
        """Wait until intake has passed the offsets; the feeds that did not get there in time."""
        group = self.topics.app(INTAKE)
        left = {feed for feed in ends if any(ends[feed].values())}
        give_up = time.monotonic() + self.patience_s
        while True:
            for feed in sorted(left):
                topic = self.contracts[feed].topic
                done = await self.client.committed(group, topic)
                begins = await self.client.beginning_offsets(topic)
                if all(
                    max(done.get(p) or 0, begins.get(p, 0)) >= end for p, end in ends[feed].items()
                ):
                    left.discard(feed)
            if not left or time.monotonic() >= give_up:
                return left
            await asyncio.sleep(POLL_S)

    async def _detect_passed_marks(self) -> bool:
        """Append a mark to every partition and wait until detection has passed them all."""
        self._marks += 1
        mark = encode_message(Mark(self.name, self._marks))
        passed = {
            partition: await self.client.append(self.topics.changes, partition, [(None, mark)]) + 1
            for partition in range(self.topics.partitions)
        }
        group, give_up = self.topics.app(DETECT), time.monotonic() + self.patience_s
        while True:
            done = await self.client.committed(group, self.topics.changes)
            if all((done.get(p) or 0) >= offset for p, offset in passed.items()):
                return True
            if time.monotonic() >= give_up:
                logger.warning(
                    "clock_waits for=detect"
                )  # ticks come when it is back: nothing is due twice
                return False
            await asyncio.sleep(POLL_S)

    async def _order_sweeps(
        self, due: Iterable[Due], ends: Mapping[str, Mapping[int, int]]
    ) -> None:
        """Send sweeps that were asked for to every partition, which has passed their cause by now.

        A crash in between sends one again: records that it swept are gone already.
        """
        for asked in due:
            if asked.feed not in ends:
                continue
            order = encode_order(asked.sweep)
            for partition in sorted(ends[asked.feed]):
                control = self.topics.control(asked.feed)
                await self.client.append(control, partition, [(None, order)])
            done = (asked.key.encode(), None)
            await self.client.append(self.topics.coverage, 0, [done])

    async def _take_back(self) -> None:
        """Tell at once of coverage that proved wrong; what is left was certified before."""
        assert self._statements is not None
        fresh = coverage(self._statements.said(), self._statements.holds(), _before)
        taken: list[Coverage] = []
        for feed, old in self._known.items():
            new = fresh.get(feed, ())
            if new and old and new[0].number > old[0].number:
                until = min(c.until for c in old)
                taken += [msgspec.structs.replace(c, until=min(c.until, until)) for c in new]
                self._known[feed] = tuple(taken[-len(new) :])
        if taken:
            await self._tell(Retract(tuple(taken)))

    async def _tell(self, message: Message) -> None:
        encoded = encode_message(message)
        for partition in range(self.topics.partitions):
            await self.client.append(self.topics.changes, partition, [(None, encoded)])


def _before(day: date, term: str) -> date:
    return legal_calendar().before(day, Term(term))
