"""The client of the embedded log; in one process it shares the log with the apps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from schemas.errors import LogError
from streams.log.client import LogClient
from streams.log.records import Headers, LogRecord, Row, TopicSpec
from streams.log.shared_log import SharedLog, log_path
from streams.log.sqlite_log import SqliteLog
from streams.log.upkeep import maintain


class EmbeddedClient(LogClient):
    """Reads and appends in this process; the file may be open in others too."""

    def __init__(self, broker_url: str) -> None:
        self._path = log_path(broker_url)
        self._shared: SharedLog | None = None

    async def start(self) -> None:
        self._shared = SharedLog.acquire(self._path)

    async def close(self) -> None:
        shared, self._shared = self._shared, None
        if shared is not None:
            shared.release()

    @property
    def shared(self) -> SharedLog:
        if self._shared is None:
            raise LogError("the client is closed: use it inside its `async with`")
        return self._shared

    @property
    def log(self) -> SqliteLog:
        log = self.shared.log
        log.refresh()
        return log

    async def maintain(self, now_ms: int | None = None) -> int:
        """Apply retention and compaction now; return the number of records dropped."""
        return await asyncio.to_thread(maintain, self.log, now_ms)

    async def _create(self, specs: Sequence[TopicSpec]) -> None:
        for spec in specs:
            self.log.create(spec)

    async def delete_topic(self, topic: str) -> None:
        self.log.delete(topic)

    async def topics(self) -> dict[str, int]:
        return self.log.topics()

    async def topic_id(self, topic: str) -> str:
        return self.log.topic_id(topic)

    async def describe(self, topic: str) -> dict[str, str]:
        return topic_settings(self.log.spec(topic))

    async def end_offsets(self, topic: str) -> dict[int, int]:
        log = self.log
        return {number: log.end(topic, number) for number in range(log.spec(topic).partitions)}

    async def beginning_offsets(self, topic: str) -> dict[int, int]:
        log = self.log
        return {number: log.begin(topic, number) for number in range(log.spec(topic).partitions)}

    async def committed(self, group: str, topic: str) -> dict[int, int | None]:
        return self.log.committed(group, topic)

    async def read(
        self,
        topic: str,
        partition: int,
        start: int,
        end: int | None = None,
        max_records: int | None = None,
    ) -> AsyncIterator[LogRecord]:
        log = self.log
        known = log.spec(topic)
        if not 0 <= partition < known.partitions:
            raise LogError(f"topic {topic!r} has no partition {partition}")
        until = log.end(topic, partition) if end is None else end
        position, left = start, max_records
        while position < until:
            run = log.read(topic, partition, position)
            if run.position <= position:
                return
            position = run.position
            for record in run:
                if record.offset >= until or left == 0:
                    return
                yield record
                left = None if left is None else left - 1
            await asyncio.sleep(0)

    async def _append(
        self,
        topic: str,
        partition: int,
        batches: Sequence[Sequence[Row]],
        timestamp_ms: int | None,
        headers: Headers,
    ) -> list[int]:
        return await self.shared.append(topic, partition, batches, timestamp_ms, headers)

    async def delete_group(self, group: str) -> None:
        self.log.delete_group(group)


def topic_settings(spec: TopicSpec) -> dict[str, str]:
    """Return the settings of a topic under Kafka's names."""
    return {
        "cleanup.policy": "compact" if spec.compact else "delete",
        "retention.ms": str(-1 if spec.retention_ms is None else spec.retention_ms),
        "max.message.bytes": str(spec.max_message_bytes),
        "min.compaction.lag.ms": str(spec.min_compaction_lag_ms),
    }
