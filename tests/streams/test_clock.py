"""The clock waits for what it certifies, keeps what it knew, and is quiet when nothing happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import msgspec
import pytest

from schemas.change import (
    Mark,
    Message,
    Position,
    Put,
    Retract,
    Tick,
    decode_message,
    encode_message,
)
from schemas.contract import Contract, load_contracts
from schemas.errors import LogError
from schemas.supply import Supply as PromisedSupply
from streams.clock import Clock, Round, last_told
from streams.intake.orders import Restate, Sweep, decode_order
from streams.intake.statements import (
    CaughtUp,
    Due,
    Hold,
    Said,
    Statement,
    Supply,
    statement_row,
)
from streams.log.client import LogClient, open_client
from streams.log.client_embedded import EmbeddedClient
from streams.log.records import TopicSpec
from streams.metrics import Metrics
from streams.topics import DETECT, INTAKE, Topics
from tests.integration.deployment import write_contracts

TODAY = date(2025, 7, 1)
SUPPLY = Supply("CaseStep", date(2020, 1, 1), "2 d", {"step": ("transferred",)})


@dataclass
class Desk:
    """A clock over a log of the test, and others' work done by hand."""

    client: EmbeddedClient
    topics: Topics
    contracts: dict[str, Contract]
    metrics: Metrics
    today: date = TODAY

    def clock(self, **more: float) -> Clock:
        return Clock(
            self.client, self.topics, self.contracts, self.metrics,
            now=lambda: self.today, **{"patience_s": 0.2, **more},
        )  # fmt: skip

    async def say(self, *statements: Statement) -> None:
        rows = [statement_row(one) for one in statements]
        await self.client.append(self.topics.coverage, 0, list(rows))

    async def row(self, feed: str, partition: int = 0) -> None:
        await self.client.append(self.contracts[feed].topic, partition, [(None, b"row")])

    async def intake(self, *feeds: str) -> None:
        """Intake has passed everything of these feeds, in their epochs."""
        for feed in feeds or self.contracts:
            topic, epoch = self.contracts[feed].topic, self.contracts[feed].epoch
            for partition, end in (await self.client.end_offsets(topic)).items():
                if end:
                    await self.say(CaughtUp(feed, epoch, partition, 0))
                    self.client.log.commit(self.topics.app(INTAKE), {(topic, partition): end})

    async def begin_epoch(self, feed: str, epoch: int) -> None:
        """The feed's contract names a new epoch, of which intake has read nothing yet."""
        self.contracts[feed] = replace(self.contracts[feed], epoch=epoch)
        await self.client.ensure_topics(self.topics.for_feeds([(feed, epoch, 2)]))

    async def asked(self, feed: str) -> list[int]:
        """The partitions that were asked, in the feed's epoch, whether they have read it."""
        control = self.topics.control(feed, self.contracts[feed].epoch)
        return [
            partition
            for partition in range(2)
            async for record in self.client.read(control, partition, 0)
            if isinstance(decode_order(record.value or b""), Restate)
        ]

    async def detecting(self) -> None:
        """Detection passes whatever comes, until cancelled."""
        topic = self.topics.changes
        while True:
            ends = await self.client.end_offsets(topic)
            done = {(topic, partition): end for partition, end in ends.items() if end}
            if done:
                self.client.log.commit(self.topics.app(DETECT), done)
            await asyncio.sleep(0.005)

    async def told(self, partition: int = 0) -> list[Message]:
        end = (await self.client.end_offsets(self.topics.changes))[partition]
        read = self.client.read(self.topics.changes, partition, 0, end)
        messages = [decode_message(record.value or b"") async for record in read]
        return [m for m in messages if not isinstance(m, Mark)]


def said(until: date, number: int = 0, partition: int = 0) -> Said:
    return Said("steps", 1, partition, until, (SUPPLY,), number)


def covered(found: Round) -> list[date]:
    return [c.until for c in found.coverage]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    topics = Topics("c", 2)
    contracts = load_contracts(write_contracts(tmp_path / "feeds", "c"))
    promised = PromisedSupply(SUPPLY.which, SUPPLY.since, 2)
    contracts["steps"] = replace(contracts["steps"], supplies=(promised,))
    async with open_client(f"embedded://{tmp_path / 'log.db'}") as client:
        assert isinstance(client, EmbeddedClient)
        await client.ensure_topics(topics.core())
        await client.ensure_topics(TopicSpec(c.topic, 2) for c in contracts.values())
        await client.ensure_topics(topics.for_feeds((f, 1, 2) for f in contracts))
        made = Desk(client, topics, contracts, Metrics())
        detecting = asyncio.create_task(made.detecting())
        yield made
        detecting.cancel()
        await asyncio.gather(detecting, return_exceptions=True)


async def test_topics_that_were_never_read_or_written_hold_up_nothing(desk: Desk) -> None:
    found = await desk.clock().round()
    assert found.ticked
    assert found.behind == ()
    assert found.coverage == ()
    assert set(found.floor) == set(desk.contracts)
    for partition in range(2):
        assert await desk.told(partition) == [Tick(TODAY, (), found.floor)]


async def test_a_statement_counts_when_intake_has_passed_the_ends_read_after_it(desk: Desk) -> None:
    clock = desk.clock()
    await desk.row("steps")
    await desk.say(said(date(2025, 6, 20)))
    found = await clock.round()
    assert (found.behind, found.coverage, found.ticked) == (("steps",), (), True)
    assert "steps" not in found.floor
    await desk.intake("steps")
    found = await clock.round()
    assert covered(found) == [date(2025, 6, 18)]  # the lag of two days is taken off
    assert [p.offset for p in found.floor["steps"]] == [1, 0]


async def test_a_feed_that_claims_days_to_come_is_not_believed(desk: Desk) -> None:
    clock = desk.clock()
    await desk.say(said(date(2025, 6, 20)))
    assert covered(await clock.round()) == [date(2025, 6, 18)]
    await desk.say(said(date(9999, 12, 31)))
    desk.today = date(2025, 7, 2)
    assert covered(await clock.round()) == [date(2025, 6, 18)]


async def test_a_feed_that_is_behind_keeps_what_it_had_and_stops_nobody(desk: Desk) -> None:
    clock = desk.clock()
    await desk.say(said(date(2025, 6, 20)))
    await clock.round()
    await desk.row("steps")
    await desk.row("deaths")
    await desk.intake("deaths")
    await desk.say(said(date(2025, 6, 25)))
    desk.today = date(2025, 7, 2)
    found = await clock.round()
    assert (found.as_of, found.behind, covered(found)) == (
        date(2025, 7, 2), ("steps",), [date(2025, 6, 18)],
    )  # fmt: skip
    assert found.ticked
    await desk.intake()
    assert covered(await clock.round()) == [date(2025, 6, 23)]


async def test_a_message_that_came_while_intake_caught_up_and_is_unreadable_holds_coverage(
    desk: Desk,
) -> None:
    clock = desk.clock(patience_s=5)
    await desk.row("steps")
    await desk.say(said(date(2025, 6, 20)))
    running = asyncio.create_task(clock.round())
    await asyncio.sleep(0.1)  # it has read the statement and waits for intake
    await desk.say(Hold("steps", 1, 0, 0, date(2025, 6, 11)))
    await desk.say(said(date(2025, 6, 29)))  # later than the ends that it read
    await desk.intake()
    assert covered(await running) == [date(2025, 6, 8)]
    await desk.say(Hold("steps", 1, 0, 0, None))
    assert covered(await clock.round()) == [date(2025, 6, 27)]


async def test_a_feed_in_a_new_epoch_is_behind_until_every_partition_was_read_in_it(
    desk: Desk,
) -> None:
    clock = desk.clock()
    for partition in range(2):
        await desk.row("steps", partition)
    await desk.intake()
    await desk.say(said(date(2025, 6, 20)))
    assert covered(await clock.round()) == [date(2025, 6, 18)]
    await desk.begin_epoch("steps", 2)
    heard = msgspec.structs.replace(said(date(2025, 6, 22)), epoch=2)
    for progress in (heard, CaughtUp("steps", 2, 1, 1)):
        await desk.say(progress)
        found = await clock.round()
        assert found.behind == ("steps",)
        assert "steps" not in found.floor
        assert covered(found) == [date(2025, 6, 18)]
    await desk.say(CaughtUp("steps", 2, 0, 1))
    found = await clock.round()
    assert found.floor["steps"] == (Position(2, 0, 1), Position(2, 1, 1))
    assert (found.behind, covered(found)) == ((), [date(2025, 6, 20)])


async def test_a_feed_without_coverage_is_not_behind_for_ever_in_a_new_epoch(desk: Desk) -> None:
    clock = desk.clock()
    await desk.row("deaths")
    await desk.intake()
    await desk.begin_epoch("deaths", 2)
    assert (await clock.round()).behind == ("deaths",)
    await desk.intake("deaths")
    found = await clock.round()
    assert found.behind == ()
    assert found.floor["deaths"] == (Position(2, 0, 1), Position(2, 1, 0))


async def test_a_new_epoch_that_was_read_keeps_the_coverage_it_had_until_it_says_its_own(
    desk: Desk,
) -> None:
    clock = desk.clock()
    await desk.row("steps")
    await desk.intake()
    await desk.say(said(date(2025, 6, 20)))
    await clock.round()
    await desk.begin_epoch("steps", 2)
    await desk.intake("steps")
    await desk.say(said(date(2025, 6, 28)))  # of the former epoch: a frozen owner
    found = await clock.round()
    assert (found.behind, covered(found)) == ((), [date(2025, 6, 18)])


async def test_a_feed_that_is_added_to_a_topic_read_long_ago_has_no_floor_before_it_was_read(
    desk: Desk,
) -> None:
    """Two feeds of one topic share what the group has committed."""
    desk.contracts["deaths"] = replace(
        desk.contracts["deaths"], topic=desk.contracts["payments"].topic
    )
    await desk.row("payments")
    await desk.intake("payments")
    found = await desk.clock().round()
    assert found.behind == ("deaths",)
    assert "deaths" not in found.floor
    await desk.intake("deaths")
    assert (await desk.clock().round()).behind == ()


async def test_a_partition_that_gets_no_message_by_itself_is_asked_once_to_read(
    desk: Desk,
) -> None:
    clock = desk.clock()
    for partition in range(2):
        await desk.row("steps", partition)
    await desk.intake("steps")
    assert (await clock.round()).behind == ()
    assert await desk.asked("steps") == []  # it had said so before it committed
    await desk.begin_epoch("steps", 2)
    await desk.row("steps", 0)  # this one reads when it gets there, and says so
    for _ in range(2):
        assert (await clock.round()).behind == ("steps",)
    assert await desk.asked("steps") == [1]


async def test_nothing_is_said_when_nothing_has_happened(desk: Desk) -> None:
    clock = desk.clock()
    await desk.say(said(date(2025, 6, 20)))
    assert (await clock.round()).ticked
    ends = await desk.client.end_offsets(desk.topics.changes)
    assert (await clock.round()).quiet
    assert await desk.client.end_offsets(desk.topics.changes) == ends
    # Whatever it is that happened: a day, a row, a change of another origin, a statement.
    desk.today = date(2025, 7, 2)
    assert (await clock.round()).ticked
    await desk.row("deaths")
    await desk.intake()
    assert (await clock.round()).ticked
    change = encode_message(Put("person:1", "Death", msgspec.Raw(b"{}"), Position(1, 0, 0)))
    await desk.client.append(desk.topics.changes, 1, [(None, change)])
    assert (await clock.round()).ticked
    await desk.say(said(date(2025, 6, 21)))
    assert (await clock.round()).ticked
    assert (await clock.round()).quiet


async def test_a_tick_waits_for_detection_and_comes_when_it_is_back(tmp_path: Path) -> None:
    topics = Topics("c", 1)
    async with open_client(f"embedded://{tmp_path / 'log.db'}") as client:
        assert isinstance(client, EmbeddedClient)
        await client.ensure_topics(topics.core())
        desk = Desk(client, topics, {}, Metrics())
        clock = desk.clock()
        assert not (await clock.round()).ticked
        assert await desk.told() == []
        detecting = asyncio.create_task(desk.detecting())
        assert (await clock.round()).ticked
        detecting.cancel()
        assert await desk.told() == [Tick(TODAY)]


async def said_by(desk: Desk) -> list[str]:
    end = (await desk.client.end_offsets(desk.topics.changes))[0]
    read = desk.client.read(desk.topics.changes, 0, 0, end)
    return [type(decode_message(r.value or b"")).__name__ async for r in read]


async def test_rows_derived_by_a_round_of_marks_are_waited_for_by_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was derived of what came before a mark lies behind it: as many rounds as steps."""
    plain = Clock._detect_passed_marks

    async def deriving(clock: Clock) -> dict[int, int] | None:
        marks = await plain(clock)
        row = encode_message(Put("person:1", "Death", msgspec.Raw(b"{}"), Position(0, 0, 0)))
        await desk.client.append(desk.topics.changes, 0, [(None, row)])
        return marks

    monkeypatch.setattr(Clock, "_detect_passed_marks", deriving)
    assert (await desk.clock(strata=2).round()).ticked
    assert await said_by(desk) == ["Mark", "Put", "Mark", "Put", "Mark", "Put", "Tick"]


async def test_where_nothing_was_derived_nothing_more_is_waited_for(desk: Desk) -> None:
    assert (await desk.clock(strata=8).round()).ticked
    assert await said_by(desk) == ["Mark", "Mark", "Tick"]


async def test_coverage_that_was_taken_back_is_told_at_once_even_by_the_next_clock(
    desk: Desk,
) -> None:
    await desk.say(said(date(2025, 6, 20)))
    await desk.clock().round()
    await desk.row("steps")  # so that the feed is behind
    await desk.say(said(date(2025, 6, 10), number=1))
    found = await desk.clock().round()
    assert found.behind == ("steps",)
    (taken,) = [m for m in await desk.told() if isinstance(m, Retract)]
    assert [(c.until, c.number) for c in taken.coverage] == [(date(2025, 6, 8), 1)]
    assert covered(found) == [date(2025, 6, 8)]


async def test_a_higher_number_certifies_no_more_than_what_was_certified(desk: Desk) -> None:
    clock = desk.clock()
    await desk.say(said(date(2025, 6, 20)))
    await clock.round()
    await desk.row("steps")
    await desk.say(said(date(2025, 6, 30), number=1))
    assert covered(await clock.round()) == [date(2025, 6, 18)]


async def test_the_last_tick_is_found_behind_many_rows(desk: Desk) -> None:
    await desk.say(said(date(2025, 6, 20)))
    await desk.clock().round()
    change = encode_message(Put("person:1", "Death", msgspec.Raw(b"{}"), Position(1, 0, 0)))
    await desk.client.append(desk.topics.changes, 0, [(None, change)] * 3000)
    told = await last_told(desk.client, desk.topics.changes)
    assert [c.until for c in told["steps"]] == [date(2025, 6, 18)]


async def test_a_sweep_goes_to_every_partition_when_all_have_passed_its_cause(desk: Desk) -> None:
    clock = desk.clock()
    sweep = Sweep(1, "truncate", 5, date(2025, 6, 1))
    await desk.row("deaths")
    await desk.say(Due("deaths", 0, 0, sweep))
    await clock.round()
    control = desk.topics.control("deaths", 1)
    assert await desk.client.end_offsets(control) == {0: 0, 1: 0}
    await desk.intake()
    await clock.round()
    for partition in range(2):
        orders = [
            decode_order(r.value or b"") async for r in desk.client.read(control, partition, 0)
        ]
        assert orders == [sweep]
    await clock.round()
    assert await desk.client.end_offsets(control) == {0: 1, 1: 1}


class Failing:
    """A log that is away for its first questions."""

    def __init__(self, client: LogClient, failures: int) -> None:
        self._client, self.left = client, failures

    def __getattr__(self, name: str) -> object:
        if self.left:
            self.left -= 1
            raise LogError("the broker does not answer")
        return getattr(self._client, name)


async def test_an_outage_of_the_log_is_waited_out(desk: Desk) -> None:
    clock, stop = desk.clock(), asyncio.Event()
    clock.client = Failing(desk.client, 3)  # type: ignore[assignment]
    running = asyncio.create_task(clock.run(0.01, stop))
    async with asyncio.timeout(10):
        while not await desk.told():
            await asyncio.sleep(0.01)
    stop.set()
    await running
