"""The clock: tells every partition what day it is and what the sources are complete for.

The order of its readings is what keeps an absence from being told of a source that was only late:
coverage first, then the time, then the end offsets of the feeds; then it waits until intake has
passed them in each feed's own epoch, reads again what holds coverage up, and only then appends. Two
clocks do no harm: the engine joins what they say as maxima.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from schemas.change import Coverage, Mark, Message, Position, Retract, Tick, encode_message
from schemas.contract import Contract
from schemas.errors import LogError
from streams.intake.orders import Restate, encode_order
from streams.intake.statements import Due, Said, Statements, statement_row, supplies_of
from streams.log.client import LogClient
from streams.metrics import Metrics
from streams.topics import DETECT, INTAKE, Topics
from streams.vouched import Vouched, last_told

logger = logging.getLogger(__name__)

#: Legal days are days in China.
CHINA = timezone(timedelta(hours=8))

#: Seconds between two looks at what others have committed: at first, and at most.
POLL_S, POLL_AT_MOST_S = 0.05, 0.5

#: Seconds before feeds are asked again what they supply: workers may still have the old contract.
ASK_AGAIN_S = 30.0


def today() -> date:
    """The legal day of now."""
    return datetime.now(CHINA).date()


@dataclass(slots=True)
class Round:
    """What one round of the clock found, and whether it told it."""

    as_of: date
    coverage: tuple[Coverage, ...] = ()
    floor: dict[str, tuple[Position, ...]] = field(default_factory=dict)
    behind: tuple[str, ...] = ()
    ticked: bool = False
    quiet: bool = False  #: nothing has happened since the last tick


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
    _vouched: Vouched | None = None
    _asked: float = float("-inf")
    _asked_to_read: set[tuple[str, int, int]] = field(default_factory=set)
    _seen: object = None

    async def run(self, every_s: float, stop: asyncio.Event) -> None:
        """Tick until stopped; an outage of the log makes a tick late, and loses none."""
        while not stop.is_set():
            try:
                await self.round()
            except (LogError, OSError) as error:
                logger.warning("clock_waits error=%s", error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), every_s)

    async def round(self) -> Round:
        """One round: read, wait, append. Returns what was told."""
        if self._statements is None or self._vouched is None:
            statements = await Statements.load(self.client, self.topics.coverage)
            before = await last_told(self.client, self.topics.changes)
            vouched = self._vouched = Vouched(self.contracts, before)
            self._statements = statements
        else:
            statements, vouched = self._statements, self._vouched
            await statements.refresh(self.client)
        said, due = statements.said(), statements.due()
        await self._take_back(statements, vouched)
        await self._ask_again(said)
        as_of = self.now()
        said = self._believed(said, as_of)
        ends = await self._ends()
        seen = as_of, ends, said, statements.holds(), due
        if self._seen == (seen, await self.client.end_offsets(self.topics.changes)):
            self.metrics.looked()
            return Round(as_of, quiet=True)
        behind = await self._intake_passed(ends, statements)
        # Again: a message that nobody could read may have come meanwhile.
        await statements.refresh(self.client)
        vouched.take(vouched.fresh(said, statements), behind | self._of_former_epochs(said))
        await self._order_sweeps([d for d in due if d.feed not in behind], ends)
        floor = {
            feed: tuple(
                Position(self.contracts[feed].epoch, partition, offset)
                for partition, offset in sorted(partitions.items())
            )
            for feed, partitions in sorted(ends.items())
            if feed not in behind
        }
        known = vouched.all()
        found = Round(as_of, known, floor, tuple(sorted(behind)))
        if not await self._settled():
            return found
        told = await self._tell(Tick(as_of, known, floor))
        found.ticked = True
        self.metrics.ticked(as_of, known, behind)
        self._seen = None if behind else (seen, {p: offset + 1 for p, offset in told.items()})
        return found

    @staticmethod
    def _believed(said: Mapping[str, Said], as_of: date) -> dict[str, Said]:
        """Leave out feeds that claim to be complete for days that have not been.

        The last day of a calendar, or a clock that is wrong by years, would make every absence
        proven at once, and for ever: a statement only grows. A day is granted for time zones.
        """
        believed = {f: one for f, one in said.items() if one.until <= as_of + timedelta(days=1)}
        for feed in sorted(said.keys() - believed.keys()):
            logger.error(
                "coverage_unbelievable feed=%s until=%s fix='dongjian coverage take-back'",
                feed, said[feed].until,
            )  # fmt: skip
        return believed

    # ---- waiting

    async def _ends(self) -> dict[str, dict[int, int]]:
        topics = sorted({contract.topic for contract in self.contracts.values()})
        ends = await self.client.all_end_offsets(topics)
        return {feed: ends[contract.topic] for feed, contract in self.contracts.items()}

    async def _intake_passed(
        self, ends: Mapping[str, Mapping[int, int]], statements: Statements
    ) -> set[str]:
        """Wait until intake has passed the offsets; the feeds that did not get there in time.

        What the group has committed tells only of partitions that were read in the feed's epoch: a
        floor would make repeats of rows that are still to be read again. Where nothing was ever
        written nothing is to be read.
        """
        left = {feed for feed in ends if any(ends[feed].values())}
        begins: dict[str, dict[int, int]] = {}
        give_up, pause = time.monotonic() + self.patience_s, POLL_S
        while left:
            topics = sorted({self.contracts[feed].topic for feed in left})
            done = await self.client.all_committed(self.topics.app(INTAKE), topics)
            await statements.refresh(self.client)  # who is caught up says so before it commits
            for feed in sorted(left):
                topic, epoch = self.contracts[feed].topic, self.contracts[feed].epoch
                never = [p for p in ends[feed] if done[topic].get(p) is None]
                if never and topic not in begins:  # what was there may have expired unread
                    begins[topic] = await self.client.beginning_offsets(topic)
                reached = {p: done[topic].get(p) for p in ends[feed]}
                reached.update({p: begins[topic].get(p, 0) for p in never})
                passed = {p for p, end in ends[feed].items() if end and (reached[p] or 0) >= end}
                unread = statements.unread(feed, epoch, passed)
                await self._ask_to_read(feed, epoch, unread)
                if not unread and all(p in passed for p, end in ends[feed].items() if end):
                    left.discard(feed)
            if not left or time.monotonic() >= give_up:
                break
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, POLL_AT_MOST_S)
        return left

    async def _ask_to_read(self, feed: str, epoch: int, partitions: Iterable[int]) -> None:
        """Have partitions read their epoch that no message of the feed may wake; ask each once."""
        for partition in partitions:
            if (feed, epoch, partition) not in self._asked_to_read:
                order = (None, encode_order(Restate()))
                await self.client.append(self.topics.control(feed, epoch), partition, [order])
                self._asked_to_read.add((feed, epoch, partition))

    def _of_former_epochs(self, said: Mapping[str, Said]) -> set[str]:
        """Feeds of whose epoch nothing was heard: of completeness they keep what they had."""
        return {
            feed
            for feed, one in said.items()
            if feed in self.contracts and one.epoch < self.contracts[feed].epoch
        }

    async def _settled(self) -> bool:
        """Whether what intake had passed has gone its way from dossier to dossier.

        What follows from the messages before a mark is in the log before detection has passed it.
        So one round of marks for each step is enough; and fewer are, when the marks of a round come
        right after those of the last: nothing followed that could lead to anything more.
        """
        last: dict[int, int] = {}
        for _ in range(self.strata + 1):
            marks = await self._detect_passed_marks()
            if marks is None:
                return False
            if last and all(marks[p] == offset + 1 for p, offset in last.items()):
                return True
            last = marks
        return True

    async def _detect_passed_marks(self) -> dict[int, int] | None:
        """Append a mark to every partition and wait until detection has passed them all; where
        they are, or None when detection takes too long."""
        self._marks += 1
        marks = await self._tell(Mark(self.name, self._marks))
        group, topic = self.topics.app(DETECT), self.topics.changes
        give_up, pause = time.monotonic() + self.patience_s, POLL_S
        while True:
            done = (await self.client.all_committed(group, [topic]))[topic]
            if all((done.get(p) or 0) > offset for p, offset in marks.items()):
                return marks
            if time.monotonic() >= give_up:
                # The tick comes when detection is back: no day is missed, it is only told later.
                logger.warning("clock_waits for=detect")
                return None
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, POLL_AT_MOST_S)

    # ---- telling

    async def _order_sweeps(
        self, due: Iterable[Due], ends: Mapping[str, Mapping[int, int]]
    ) -> None:
        """Send sweeps that were asked for to every partition, which has passed their cause by now.

        A crash in between sends one again: records that it swept are gone already.
        """
        for asked in due:
            if asked.feed not in ends:
                continue
            order, control = (
                encode_order(asked.sweep),
                self.topics.control(asked.feed, asked.sweep.epoch),
            )
            for partition in sorted(ends[asked.feed]):
                await self.client.append(control, partition, [(None, order)])
            done = (asked.key.encode(), None)
            await self.client.append(self.topics.coverage, 0, [done])

    async def _take_back(self, statements: Statements, vouched: Vouched) -> None:
        """Tell at once of coverage that proved wrong or is promised no more."""
        taken = vouched.taken_back(statements)
        if taken:
            await self._tell(Retract(taken))
        for numbering in vouched.numbering(statements):
            await self.client.append(self.topics.coverage, 0, [statement_row(numbering)])
            statements.know(numbering)

    async def _ask_again(self, said: Mapping[str, Said]) -> None:
        """Have feeds say again what they supply, where a contract was changed and none said so.

        A feed says it by itself with its next message, which may be long in coming.
        """
        if time.monotonic() < self._asked + ASK_AGAIN_S:
            return
        for feed, contract in self.contracts.items():
            one = said.get(feed)
            if one is None or one.epoch != contract.epoch or one.supplies == supplies_of(contract):
                continue
            self._asked = time.monotonic()
            control = self.topics.control(feed, contract.epoch)
            for partition in sorted(await self.client.end_offsets(control)):
                await self.client.append(control, partition, [(None, encode_order(Restate()))])

    async def _tell(self, message: Message) -> dict[int, int]:
        """Append a message to every partition; where it stands there."""
        rows = [(None, encode_message(message))]
        partitions = range(self.topics.partitions)
        told = await asyncio.gather(
            *(self.client.append(self.topics.changes, partition, rows) for partition in partitions)
        )
        return dict(zip(partitions, told, strict=True))
