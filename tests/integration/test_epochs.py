"""A new epoch maps rows to other subjects: each arrives, however the clock ticks meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from detectors.framework.engine import Engine
from detectors.framework.registry import Catalogue
from schemas.change import Position, Put, Tick, decode_message
from schemas.contract import Contract
from schemas.errors import LogError
from streams.clock import Clock, Round
from streams.detect.agent import Detect
from streams.intake import agent
from streams.intake.epochs import retire
from streams.intake.outcome import Tally
from streams.log.app import chunked_app
from streams.log.client import LogClient, open_client
from streams.log.records import LogRecord, TopicSpec
from streams.metrics import Metrics
from streams.topics import DETECT, INTAKE, Topics
from tests.factories import person
from tests.intake.agency import HEARTBEAT, TOKENS, Agency, contract
from tests.log.conftest import running
from tests.waiting import wait_until

pytestmark = pytest.mark.broker

RECORDS = 60
SLOW = 1  #: the partition that is read slowly


class SlowPartition:
    """A log that gives one partition's records to its reader one by one."""

    def __init__(self, client: LogClient, delay_s: float) -> None:
        self._client, self._delay_s = client, delay_s

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def read(self, topic: str, partition: int, *span: int) -> AsyncIterator[LogRecord]:
        async for record in self._client.read(topic, partition, *span):
            if partition == SLOW:
                await asyncio.sleep(self._delay_s)
            yield record


class Office:
    """One feed of two partitions with all that lies between it and its dossiers."""

    def __init__(self, client: LogClient, url: str, prefix: str, data: Path) -> None:
        self.client, self.url, self.data = client, url, data
        self.topics = Topics(prefix, 2)
        self.agency = Agency(2)
        self.sent = [0, 0]
        self.clock: Clock | None = None
        self.rounds: list[Round] = []

    async def provision(self, made: Contract) -> None:
        await self.client.ensure_topics(self.topics.core())
        await self.client.ensure_topics([TopicSpec(made.topic, 2)])
        await self.client.ensure_topics(self.topics.for_feeds([(made.feed, made.epoch, 2)]))

    def app(self, role: str) -> Any:
        return chunked_app(
            self.topics.app(role), self.url, data_dir=self.data, commit_interval_s=0.05
        )

    async def send(self, topic: str) -> None:
        for partition, log in enumerate(self.agency.logs):
            if rows := [(r.key, r.value) for r in log[self.sent[partition] :]]:
                await self.client.append(topic, partition, rows)
            self.sent[partition] = len(log)

    async def tick(self, clock: Clock) -> None:
        while True:
            with contextlib.suppress(LogError):  # a broker that has just begun loads its groups
                self.rounds.append(await clock.round())
            await asyncio.sleep(0.02)

    async def work(self, made: Contract, *, delay_s: float = 0, late: bool = False) -> None:
        """Intake, detection and a hasty clock, until a tick certifies the whole feed.

        A late message comes when the clock has ticked, and either believes that all is read or has
        ticked often.
        """
        self.rounds.clear()
        intake, detect = self.app(INTAKE), self.app(DETECT)
        client = SlowPartition(self.client, delay_s)
        agent.Intake(
            intake, self.topics, {made.feed: made}, {made.feed: 2}, TOKENS, Tally(),
            client=client,  # type: ignore[arg-type]
        )  # fmt: skip
        Detect(detect, self.topics, Catalogue(()), TOKENS, Metrics())
        clock = Clock(self.client, self.topics, {made.feed: made}, Metrics(), patience_s=0.3)
        async with running(intake, detect):
            ticking = asyncio.create_task(self.tick(clock))
            if late:
                await wait_until(self._ticked, 60, what="the clock ticks")
                await self.send(made.topic)
            ends = await self.client.end_offsets(made.topic)
            certified = tuple(Position(made.epoch, p, end) for p, end in sorted(ends.items()))

            def done() -> bool:
                return any(
                    found.ticked and found.floor.get(made.feed) == certified
                    for found in self.rounds
                )

            await wait_until(done, 60, what="the whole feed is certified")
            assert not self.rounds[-1].behind
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)

    def _ticked(self) -> bool:
        ticked = [found for found in self.rounds if found.ticked]
        return len(ticked) > 2 or any(not found.behind for found in ticked)

    async def changes(self) -> list[list[LogRecord]]:
        return [
            [one async for one in self.client.read(self.topics.changes, partition, 0)]
            for partition in range(2)
        ]

    async def dossiers(self, made: Contract) -> dict[str, set[str]]:
        """The records that each subject has, as detection makes them of its log."""
        found: dict[str, set[str]] = {}
        for partition, log in enumerate(await self.changes()):
            engine = Engine(Catalogue(()), TOKENS, partition=partition)
            for record in log:
                message = decode_message(record.value or b"")
                for _ in engine.apply(record.offset, record.timestamp_ms, message):
                    pass
            for name, subject in engine.dossiers.subjects.items():
                keys = {key for (_, key), row in subject.rows.items() if row.record is not None}
                if keys:
                    found[name] = keys
        return found


def who(n: int) -> str:
    return TOKENS.subject("person", person(n))


@pytest.mark.parametrize("tail", [HEARTBEAT, ""], ids=["heartbeats", "no coverage"])
@pytest.mark.parametrize("late", [True, False], ids=["a late row", "no row"])
async def test_every_row_arrives_at_its_new_subject_although_ticks_come_in_between(
    broker_url: str,
    unique: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tail: str,
    late: bool,
) -> None:
    # So that few rows are as good as many: none is told as what counts whatever the floor says,
    # and those read again are told in many pieces.
    monkeypatch.setattr(agent, "UNWRITTEN", 0)
    monkeypatch.setattr(agent, "CHUNK_RECORDS", 5)
    async with open_client(broker_url) as client:
        office = Office(client, broker_url, unique, tmp_path)
        made = replace(contract(tail=tail), topic=f"{unique}.source")
        await office.provision(made)
        for n in range(RECORDS):
            office.agency.put(f"K{n}", who=1, other=person(2 + n % 20))
        office.agency.heartbeat("2025-01-20")
        await office.send(made.topic)
        await office.work(made)
        keys = {f"K{n}" for n in range(RECORDS)}
        case = {name for name in await office.dossiers(made) if not name.startswith("person:")}
        assert (await office.dossiers(made))[who(1)] == keys

        new = replace(contract(tail=tail, epoch=2, person="other"), topic=made.topic)
        await office.provision(new)
        office.agency.heartbeat("2025-01-21")  # on the partition that is read quickly
        await office.send(made.topic)
        if late:
            key = next(k for k in sorted(keys) if office.agency.partition(k) == SLOW)
            office.agency.put(key, place="moved")
        await office.work(new, delay_s=0.05, late=late)
        await retire(client, office.topics, new, TOKENS, 1, 0)
        found = await office.dossiers(new)
        assert {name: found[name] for name in found if name not in case} == {
            who(2 + n): {f"K{m}" for m in range(n, RECORDS, 20)} for n in range(20)
        }
        assert all(found[name] == keys for name in case)
        assert await ticks_in_between(office)


async def ticks_in_between(office: Office) -> int:
    """How many ticks came between two rows of the slow partition that were read again."""
    total = 0
    for log in await office.changes():
        since: int | None = None
        for record in log:
            message = decode_message(record.value or b"")
            if isinstance(message, Put) and message.position >= Position(2, SLOW, 0):
                total += since or 0
                since = 0
            elif isinstance(message, Tick) and since is not None:
                since += 1
    return total
