"""The Faust transport over the embedded log: same chunks, same tables, no server, one process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from faust.transport import base
from faust.transport.consumer import Consumer as _Consumer
from faust.transport.producer import Producer as _Producer
from faust.types import TP
from mode import Service

from streams.log.chunks import Run
from streams.log.consumer import ChunkConsumer, require_topics
from streams.log.partitioner import partition_for
from streams.log.records import Headers, Row
from streams.log.shared_log import SharedLog
from streams.log.sqlite_log import SqliteLog
from streams.log.upkeep import maintain

SCHEME = "dongjian-embedded"
UPKEEP_S = 600.0


class Cluster:
    """As much of Kafka's cluster metadata as Faust's assignor asks for."""

    def __init__(self, log: SqliteLog) -> None:
        self._log = log

    def partitions_for_topic(self, topic: str) -> set[int] | None:
        count = self._log.topics().get(topic)
        return None if count is None else set(range(count))


class Consumer(ChunkConsumer, _Consumer):
    """The only member of its group: it gets every partition, once, when it subscribes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shared: SharedLog | None = None
        self._joined = False
        self._assigned: set[TP] = set()
        self._at: dict[TP, int] = {}
        self._generation = 0

    @property
    def log_file(self) -> SqliteLog:
        return self.shared.log

    @property
    def shared(self) -> SharedLog:
        if self._shared is None:
            self._shared = SharedLog.acquire(self.transport.path)  # type: ignore[attr-defined]
        return self._shared

    async def on_start(self) -> None:
        self.shared.join(self.app.conf.id)
        self._joined = True
        await super().on_start()

    async def on_shutdown(self) -> None:
        await super().on_shutdown()
        shared, self._shared = self._shared, None
        if shared is not None:
            if self._joined:
                shared.leave(self.app.conf.id)
            shared.release()

    @Service.task
    async def _keep_up(self) -> None:
        while not self.should_stop:
            await self.sleep(UPKEEP_S)
            if not self.should_stop:
                await asyncio.to_thread(maintain, self.log_file)

    # Assignment

    async def subscribe(self, topics: Iterable[str]) -> None:
        wanted = set(topics)
        self.log_file.refresh()
        require_topics(wanted, self.log_file.topics())
        # Not awaited: the conductor waits for this call and the assignment for the conductor.
        self.add_future(self._assign(wanted))

    async def _assign(self, topics: set[str]) -> None:
        assignor: Any = self.app.assignor
        self.app.on_rebalance_start()
        await self.on_partitions_revoked(set(self._assigned))
        members = {"self": assignor.metadata(topics)}
        assignment = assignor.assign(Cluster(self.log_file), members)["self"]
        assignor.on_assignment(assignment)
        self._assigned = {
            TP(topic, number) for topic, numbers in assignment.assignment for number in numbers
        }
        self._generation += 1
        self.app.consumer_generation_id = self._generation
        self._at = {tp: self._at.get(tp, 0) for tp in self._assigned}
        await self.on_partitions_assigned(set(self._assigned), self._generation)

    def assignment(self) -> set[TP]:
        return self._assigned

    # Positions

    def _committed(self, tp: TP) -> int:
        return self.log_file.committed(self.app.conf.id, tp.topic)[tp.partition] or 0

    async def seek_to_committed(self) -> Mapping[TP, int]:
        changelogs = self.app.tables.changelog_topics
        offsets = {tp: self._committed(tp) for tp in self._assigned if tp.topic not in changelogs}
        self._at.update(offsets)
        return offsets

    async def _seek(self, partition: TP, offset: int) -> None:
        self._at[partition] = offset

    async def seek_wait(self, partitions: Mapping[TP, int]) -> None:
        for tp, offset in partitions.items():
            self._at[tp] = offset
            self._read_offset[tp] = offset or None

    async def position(self, tp: TP) -> int | None:
        return self._at.get(tp)

    def highwater(self, tp: TP) -> int:
        return self.log_file.end(tp.topic, tp.partition)

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        return {tp: self.highwater(tp) for tp in partitions}

    async def earliest_offsets(self, *partitions: TP) -> Mapping[TP, int]:
        return {tp: self.log_file.begin(tp.topic, tp.partition) for tp in partitions}

    def topic_partitions(self, topic: str) -> int | None:
        return self.log_file.topics().get(topic)

    def key_partition(self, topic: str, key: bytes | None, partition: int | None = None) -> int:
        return self.transport.place(topic, key) if partition is None else partition  # type: ignore[attr-defined]

    # Work

    async def _fetch(self, active: set[TP], timeout: float) -> dict[TP, Run]:
        deadline = self.loop.time() + timeout
        while not self.should_stop and self.flow_active:
            runs: dict[TP, Run] = {}
            for tp in sorted(active):
                run = self.log_file.read(tp.topic, tp.partition, self._at[tp])
                if run.position > self._at[tp]:
                    self._at[tp] = run.position
                    runs[tp] = run
            left = deadline - self.loop.time()
            if runs or left <= 0:
                return runs
            await self.shared.wait(left)
        return {}

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        group = self.app.conf.id
        self.log_file.commit(group, {(tp.topic, tp.partition): at for tp, at in offsets.items()})
        return True

    def _new_topicpartition(self, topic: str, partition: int) -> TP:
        return TP(topic, partition)

    async def create_topic(self, *args: Any, **kwargs: Any) -> None:
        """Topics are never created by the app."""


class Producer(_Producer):
    """Appends to the log; what it returns is durable."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shared: SharedLog | None = None

    async def on_start(self) -> None:
        self._shared = SharedLog.acquire(self.transport.path)  # type: ignore[attr-defined]
        await super().on_start()

    async def on_shutdown(self) -> None:
        await super().on_shutdown()
        shared, self._shared = self._shared, None
        if shared is not None:
            shared.release()

    async def write_batches(
        self,
        topic: str,
        partition: int,
        batches: Iterable[Sequence[Row]],
        timestamp_ms: int | None = None,
        headers: Headers = (),
    ) -> list[int]:
        """Append record batches to one partition in order; return their base offsets."""
        if self._shared is None:
            raise RuntimeError("the producer is not started")
        return await self._shared.append(topic, partition, list(batches), timestamp_ms, headers)

    async def flush(self) -> None:
        """Nothing is left to flush: every append is awaited."""

    async def create_topic(self, *args: Any, **kwargs: Any) -> None:
        """Topics are never created by the app."""

    def key_partition(self, topic: str, key: bytes) -> TP:
        return TP(topic, self.transport.place(topic, key))  # type: ignore[attr-defined]


class Transport(base.Transport):
    """Registered under its own URL scheme."""

    Consumer = Consumer
    Producer = Producer
    default_port = 0
    driver_version = "sqlite"

    @property
    def path(self) -> str:
        path = self.url[0].path
        return "" if path in ("", "/") else path

    def place(self, topic: str, key: bytes | None) -> int:
        shared = SharedLog.acquire(self.path)
        try:
            return partition_for(key or b"", shared.log.spec(topic).partitions)
        finally:
            shared.release()
