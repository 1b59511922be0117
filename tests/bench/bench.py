"""Prepares the loads and the servers, and makes the runs one round after the other."""

from __future__ import annotations

import asyncio
import shutil
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from streams.local.kafka import LocalKafka
from streams.local.redis import LocalRedis
from streams.log.client import open_client
from streams.log.quiet import quiet_libraries
from streams.log.records import TopicSpec
from tests.bench import loads
from tests.bench.plan import EMBEDDED, KAFKA, MEASURES, RATE, Measure, Size
from tests.bench.process import RunFailed, run
from tests.bench.sample import Job, Sample
from tests.bench.stages import append_all

Case = tuple[str, str]
"""A measure's name and a broker's kind; the kind is empty where none is needed."""


class Bench:
    """One benchmark: its servers and what was found so far."""

    def __init__(
        self, folder: Path, size: Size, brokers: Collection[str], tell: Callable[[str], None]
    ) -> None:
        self._folder, self._size, self._brokers, self._tell = folder, size, brokers, tell
        self._loads = folder / "loads"
        self._numbers = count(1)
        self._redis: LocalRedis | None = None
        self._kafka: LocalKafka | None = None
        self.samples: dict[Case, list[Sample]] = defaultdict(list)
        self.failed: dict[Case, str] = {}
        self.counts: dict[str, int] = {}

    def cases(self, only: Collection[str]) -> list[tuple[Measure, str]]:
        """What is to be measured."""
        return [
            (measure, broker)
            for measure in MEASURES
            for broker in measure.brokers or ("",)
            if (not only or any(measure.name.startswith(word) for word in only))
            and (not broker or broker in self._brokers)
        ]

    def run(self, only: Collection[str]) -> None:
        """Make the loads, start what is needed, and measure: a round is one run of each."""
        cases = self.cases(only)
        self._tell("making the loads")
        wanted = dict.fromkeys(load for measure, _ in cases for load in measure.loads)
        self.counts = loads.make(self._loads, self._size.people, wanted)
        with ExitStack() as servers:
            self._redis = servers.enter_context(LocalRedis(self._folder / "redis"))
            if any(broker == KAFKA for _, broker in cases):
                self._kafka = servers.enter_context(LocalKafka(self._folder / "kafka"))
            self._fill({broker for _, broker in cases})
            for number in range(max(self._times(measure) for measure, _ in cases)):
                for measure, broker in cases:
                    if number < self._times(measure) and (measure.name, broker) not in self.failed:
                        self._measure(measure, broker)

    def _times(self, measure: Measure) -> int:
        if measure.group == "latency":
            return self._size.latency_runs
        return self._size.recovery_runs if measure.group == "recovery" else self._size.runs

    def _count(self, measure: Measure) -> int:
        """How many records, where the whole load would be too many or too few."""
        if measure.group == "recovery":
            return self._size.state_rows
        return self._size.stock_records if measure.name == "stock-faust" else 2**40

    def _fill(self, brokers: Collection[str]) -> None:
        """What agencies sent lies in the logs before the first run; every run reads it anew."""
        if KAFKA in brokers and self._kafka is not None:
            self._tell("filling Kafka")
            asyncio.run(_filled(self._kafka.url, self._loads, self.counts))
        if EMBEDDED in brokers:
            self._tell("filling the embedded log")
            asyncio.run(_filled(f"embedded://{self._loads / 'log.db'}", self._loads, self.counts))

    def _measure(self, measure: Measure, broker: str) -> None:
        number = next(self._numbers)
        folder = self._folder / f"run-{number}"
        folder.mkdir()
        url = ""
        if broker == KAFKA and self._kafka is not None:
            url = self._kafka.url
        elif broker == EMBEDDED:
            url = f"embedded://{folder / 'log.db'}"
            if measure.name.startswith(("intake", "end-to-end")):
                shutil.copy(self._loads / "log.db", folder / "log.db")
        assert self._redis is not None
        job = Job(
            measure=measure.name,
            broker=url,
            redis=self._redis.database(number),
            folder=str(folder),
            loads=str(self._loads),
            prefix=f"b{number}",
            count=self._count(measure),
            seconds=self._size.latency_s,
            rate=RATE,
            one_in=1 if measure.name.endswith("-all") else 10,
        )
        case = measure.name, broker
        try:
            sample = run(job)
        except RunFailed as failure:
            self.failed[case] = str(failure)
            self._tell(f"{measure.title} {broker}: FAILED: {failure}")
        else:
            self.samples[case].append(sample)
            said = ", ".join(f"{name} {value:,.1f}" for name, value in sample.numbers().items())
            self._tell(f"{measure.title} {broker}: {said}")
        shutil.rmtree(folder, ignore_errors=True)


async def _filled(url: str, folder: Path, made: Mapping[str, int]) -> None:
    quiet_libraries()
    async with open_client(url) as client:
        for name in sorted(made.keys() & loads.ENVELOPES.keys()):
            topics = loads.agencies(folder, name).topics
            specs = [TopicSpec(f"{name}.{topic}", loads.FEED_PARTITIONS) for topic in topics]
            await client.ensure_topics(specs)
            for topic, partitions in topics.items():
                await append_all(client, f"{name}.{topic}", partitions)
