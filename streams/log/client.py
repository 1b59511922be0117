"""A client of the log for everything that is not an agent: clock, command line, doctor, tests."""

from __future__ import annotations

import abc
from collections.abc import AsyncIterator, Iterable, Sequence
from types import TracebackType
from typing import Self

from schemas.errors import LogError
from streams.log.records import Headers, LogRecord, Row, TopicSpec, in_batches
from streams.log.shared_log import SCHEME as EMBEDDED


class LogClient(abc.ABC):
    """Topics, offsets, records and groups of one log; an async context manager."""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    @abc.abstractmethod
    async def start(self) -> None:
        """Connect; ``LogError`` if the log cannot be reached."""

    @abc.abstractmethod
    async def close(self) -> None: ...

    async def ensure_topics(self, specs: Iterable[TopicSpec]) -> None:
        """Create what is missing; ``LogError`` if a topic exists otherwise than it is wanted."""
        wanted = list(specs)
        existing = await self.topics()
        mistakes = [
            f"topic {spec.name!r} has {existing[spec.name]} partitions, not {spec.partitions}"
            for spec in wanted
            if spec.name in existing and existing[spec.name] != spec.partitions
        ]
        for spec in wanted:
            if spec.name in existing:
                policy = (await self.describe(spec.name)).get("cleanup.policy", "delete")
                if ("compact" in policy) != spec.compact:
                    needed = "compact" if spec.compact else "delete"
                    mistakes.append(
                        f"topic {spec.name!r} has cleanup.policy={policy}, not {needed}"
                    )
        if mistakes:
            raise LogError(
                "; ".join(mistakes) + ": partition counts are fixed for the life of an "
                "application id; use another id and rebuild, or correct the topic"
            )
        await self._create([spec for spec in wanted if spec.name not in existing])

    @abc.abstractmethod
    async def _create(self, specs: Sequence[TopicSpec]) -> None: ...

    @abc.abstractmethod
    async def delete_topic(self, topic: str) -> None: ...

    @abc.abstractmethod
    async def topics(self) -> dict[str, int]:
        """Return the partition count of every topic."""

    @abc.abstractmethod
    async def topic_id(self, topic: str) -> str:
        """Return what tells a topic from one that was created anew under its name."""

    @abc.abstractmethod
    async def describe(self, topic: str) -> dict[str, str]:
        """Return the settings of a topic under Kafka's names."""

    @abc.abstractmethod
    async def end_offsets(self, topic: str) -> dict[int, int]:
        """Return the offset of the next record of each partition, open transactions included."""

    @abc.abstractmethod
    async def beginning_offsets(self, topic: str) -> dict[int, int]: ...

    @abc.abstractmethod
    async def committed(self, group: str, topic: str) -> dict[int, int | None]:
        """Return the offset that a group goes on from in each partition; None if it never said."""

    async def all_end_offsets(self, topics: Sequence[str]) -> dict[str, dict[int, int]]:
        """Return the end offsets of several topics, read one after the other."""
        return {topic: await self.end_offsets(topic) for topic in topics}

    async def all_committed(
        self, group: str, topics: Sequence[str]
    ) -> dict[str, dict[int, int | None]]:
        """Return what a group committed in several topics; a partition may be left out."""
        return {topic: await self.committed(group, topic) for topic in topics}

    async def lag(self, group: str, topic: str) -> dict[int, int]:
        """Return how many offsets a group has before it in each partition."""
        ends, begins = await self.end_offsets(topic), await self.beginning_offsets(topic)
        done = await self.committed(group, topic)
        return {
            number: max(0, end - max(done.get(number) or 0, begins[number]))
            for number, end in ends.items()
        }

    @abc.abstractmethod
    def read(
        self,
        topic: str,
        partition: int,
        start: int,
        end: int | None = None,
        max_records: int | None = None,
    ) -> AsyncIterator[LogRecord]:
        """Read from ``start`` to before ``end`` (None: the end of now)."""

    async def read_all(self, topic: str) -> AsyncIterator[LogRecord]:
        """Read a topic from its beginning to its end of now, partition by partition."""
        ends = await self.end_offsets(topic)
        for partition, start in sorted((await self.beginning_offsets(topic)).items()):
            async for record in self.read(topic, partition, start, ends[partition]):
                yield record

    async def append(
        self,
        topic: str,
        partition: int,
        rows: Sequence[Row],
        timestamp_ms: int | None = None,
        headers: Headers = (),
    ) -> int:
        """Append rows to one partition in order; return the offset of the first when acked.

        Raises ``ValueError`` when there are none: nothing has no offset.
        """
        if not rows:
            raise ValueError(f"an append to topic {topic!r} has no rows")
        batches = in_batches(rows)
        bases = await self._append(topic, partition, batches, timestamp_ms, headers)
        return bases[0]

    @abc.abstractmethod
    async def _append(
        self,
        topic: str,
        partition: int,
        batches: Sequence[Sequence[Row]],
        timestamp_ms: int | None,
        headers: Headers,
    ) -> list[int]:
        """Append batches in order; the offset of the first row of each, when acked."""

    @abc.abstractmethod
    async def delete_group(self, group: str) -> None:
        """Forget the offsets of a group that is not running."""


def open_client(broker_url: str, *, client_id: str = "dongjian") -> LogClient:
    """Return a client, to be used as ``async with``, for a broker URL as users write it."""
    if broker_url.startswith(EMBEDDED):
        from streams.log.client_embedded import EmbeddedClient

        return EmbeddedClient(broker_url)
    from streams.log.client_kafka import KafkaClient

    return KafkaClient(broker_url, client_id)
