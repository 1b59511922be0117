"""From the append of an agency's record to its transition in Redis, at a fixed rate."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from statistics import quantiles
from typing import Any

import msgspec
import redis.asyncio

from schemas.errors import LogError
from schemas.identifiers import resident_number
from streams.district import Event, contract_text
from streams.district.rendering import Rendering
from streams.district.tables import TABLES
from streams.log.client import LogClient, open_client
from streams.log.partitioner import partition_for
from streams.settings import Settings
from streams.topics import DETECT
from streams.worker import Worker, provision
from tests.bench import loads
from tests.bench.process import RunFailed
from tests.bench.sample import Job, Sample
from tests.bench.worker_process import worker_process

DEATHS, PAYMENTS = "police-death", "hrss-payment"
WARM_UP_S = 3.0
STEP_S = 0.005
PATIENCE_S = 60.0
MONTHS = [f"{year}{month:02}" for year in (2024, 2025) for month in range(1, 13)][1:]


class _Cause(msgspec.Struct):
    source_time_ms: int


class _Told(msgspec.Struct):
    """What is looked at of a transition."""

    alert: str
    revision: int
    at_ms: int  #: when the changes topic got the cause
    cause: _Cause


_told = msgspec.json.Decoder(_Told)


async def latency(job: Job) -> Sample:
    """Pension payments; one in ``job.one_in`` goes to a dead person and raises or updates an alert.

    The producer does not wait for anything: a record's time is the moment when it was due, so a
    stall counts for every record that fell into it. All feeds of the district are subscribed.
    """
    folder = Path(job.folder)
    feeds = folder / "feeds"
    feeds.mkdir(parents=True)
    for feed in TABLES:
        text = contract_text(feed, envelope="debezium")
        text = text.replace('topic = "agency.', f'topic = "{job.prefix}.agency.')
        (feeds / f"{feed}.toml").write_text(text, encoding="utf-8")
    settings = loads.settings_of(
        job.broker, job.redis, folder, job.prefix, DONGJIAN_FEEDS=str(feeds)
    )
    async with open_client(job.broker) as client, _working(job, settings, client):
        producer = _Producer(client, job)
        await _drained(client, settings, await producer.deaths())
        subscriber = _Subscriber(job.redis, settings.topics.prefix)
        listening = asyncio.create_task(subscriber.listen())
        sent = await producer.payments()
        give_up = time.monotonic() + PATIENCE_S
        while len(subscriber.seen) < sent:
            if time.monotonic() > give_up:
                seen = len(subscriber.seen)
                raise RunFailed(f"{job.rate} records/s are too many here: {seen} of {sent} told")
            await asyncio.sleep(0.05)
        listening.cancel()
        ledger = await _ledger_times(client, settings.topics.alerts)
    return _sample(subscriber.seen, ledger, producer.began_ms + WARM_UP_S * 1000)


@asynccontextmanager
async def _working(job: Job, settings: Settings, client: LogClient) -> AsyncIterator[None]:
    """On Kafka ``dongjian worker`` in its own process; the embedded log is one process with us."""
    assert settings.feeds is not None
    from schemas.contract import load_contracts

    contracts = load_contracts(settings.feeds)
    await provision(client, settings, contracts)
    rules = loads.rules_row(settings, contracts)
    await client.append(settings.topics.rules, 0, [rules])
    for partition in range(settings.topics.partitions):
        await client.append(settings.topics.changes, partition, [rules, (None, loads.FIRST_TICK)])
    if not settings.embedded:
        with worker_process(settings):
            yield
        return
    worker, stop = Worker(settings, contracts, now=lambda: loads.TODAY), asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    yield
    stop.set()
    await running


class _Producer:
    """Agencies that enter deaths first and then payments."""

    def __init__(self, client: LogClient, job: Job) -> None:
        self._client, self._rate, self._seconds = client, job.rate, job.seconds
        self._render = Rendering("debezium")
        self._prefix = job.prefix
        self._one_in = job.one_in
        self._dead = self._born(1) if job.one_in == 1 else self._born(1)[:100]
        self._alive = [number for day in range(2, 12) for number in self._born(day)]
        self.began_ms = 0.0
        self._number = 0

    @staticmethod
    def _born(day: int) -> list[str]:
        return [resident_number("379902", date(1899, 1, day), n + 1) for n in range(999)]

    async def deaths(self) -> int:
        """Some have died in January 2024; how many."""
        rows = [
            {
                "zxbh": f"ZX-{n:07}", "gmsfhm": number, "xm": "某人", "swrq": "20240110",
                "swyy": "疾病", "cxbz": "0", "djsj": "2024-01-11 10:15:00",
            }
            for n, number in enumerate(self._dead)
        ]  # fmt: skip
        at = time.time() * 1000
        await self._append(DEATHS, [(at, (row["zxbh"],), row) for row in rows])
        return len(rows)

    async def payments(self) -> int:
        """Payments at the rate, each at its moment; how many of them go to the dead."""
        began = time.time()
        self.began_ms = began * 1000
        total = round(self._rate * (self._seconds + WARM_UP_S))
        sent, under_way = 0, set[asyncio.Task[None]]()
        while sent < total:
            due = min(int((time.time() - began) * self._rate), total)
            if due > sent:
                told = [self._payment(n, self.began_ms + n * 1000 / self._rate)
                        for n in range(sent, due)]  # fmt: skip
                task = asyncio.create_task(self._append(PAYMENTS, told))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
                sent = due
            await asyncio.sleep(STEP_S)
        await asyncio.gather(*under_way)
        return -(-total // self._one_in)

    def _payment(self, n: int, at_ms: float) -> tuple[float, tuple[str, ...], dict[str, object]]:
        nth, alive = divmod(n, self._one_in)
        people = self._alive if alive else self._dead
        turn, who = divmod(n if alive else nth, len(people))
        number = people[who]
        month = MONTHS[turn % len(MONTHS)]
        row = {
            "ffxh": f"P{number[-8:]}-{turn}", "dybh": f"LX{number[-8:]}", "sfzh": number,
            "xzlb": "110", "ssny": month, "ffrq": f"{month[:4]}-{month[4:]}-15",
            "ffje": f"{3000 + turn}.10", "thrq": None,
        }  # fmt: skip
        return at_ms, (str(row["ffxh"]),), dict(row)

    async def _append(
        self, feed: str, rows: Iterable[tuple[float, tuple[str, ...], dict[str, Any]]]
    ) -> None:
        by_partition: dict[int, list[tuple[bytes, bytes]]] = defaultdict(list)
        for at_ms, key, row in rows:
            self._number += 1
            event = Event(int(at_ms), feed, "insert", key, None, row, int(at_ms), self._number)
            message = self._render(event)
            by_partition[partition_for(message[0], loads.PARTITIONS)].append(message)
        topic = f"{self._prefix}.{TABLES[feed].topic}"
        await asyncio.gather(
            *(self._client.append(topic, p, told) for p, told in by_partition.items())
        )


async def _drained(client: LogClient, settings: Settings, deaths: int) -> None:
    """Wait until the deaths are in the dossiers."""
    topics = settings.topics
    async with asyncio.timeout(60):
        while True:
            known = sum((await client.end_offsets(topics.changes)).values())
            with contextlib.suppress(LogError):  # a group that nobody has joined yet
                lag = await client.lag(topics.app(DETECT), topics.changes)
                if known >= deaths and not any(lag.values()):
                    return
            await asyncio.sleep(0.1)


class _Subscriber:
    """Reads the stream of all alerts as anybody would, and notes when it saw what."""

    def __init__(self, url: str, prefix: str) -> None:
        self._redis = redis.asyncio.Redis.from_url(url)
        self._stream = f"{prefix}:alerts"
        self.seen: list[tuple[float, float, _Told]] = []  #: ms: seen, written to Redis

    async def listen(self) -> None:
        last: Any = "0"
        while True:
            found: Any = await self._redis.xread({self._stream: last}, count=1_000, block=1_000)
            at = time.time() * 1000
            for _, entries in found or ():
                for last, fields in entries:
                    written = float(last.partition(b"-")[0])
                    self.seen.append((at, written, _told.decode(fields[b"transition"])))


async def _ledger_times(client: LogClient, topic: str) -> dict[tuple[str, int], int]:
    """When the ledger got each transition."""
    found = {}
    async for record in client.read_all(topic):
        told = _told.decode(record.value or b"")
        found[told.alert, told.revision] = record.timestamp_ms
    return found


def _sample(
    seen: list[tuple[float, float, _Told]], ledger: dict[tuple[str, int], int], from_ms: float
) -> Sample:
    hops: dict[str, list[float]] = defaultdict(list)
    for at, written, told in seen:
        source = told.cause.source_time_ms
        if source < from_ms:
            continue
        listed = ledger[told.alert, told.revision]
        hops["all"].append(at - source)
        hops["intake"].append(told.at_ms - source)
        hops["detect"].append(listed - told.at_ms)
        hops["delivery"].append(written - listed)
        hops["subscriber"].append(at - written)
    more = {}
    for hop, times in hops.items():
        cuts = quantiles(times, n=100)
        more[f"p50_{hop}"], more[f"p99_{hop}"] = cuts[49], cuts[98]
    more["slowest"] = max(hops["all"])
    more["measured"] = float(len(hops["all"]))
    return Sample(more=more)
