"""Appends a district to the agencies' topics in Kafka or the embedded log."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import groupby

from streams.district.event import Event, day_of
from streams.district.rendering import Rendering
from streams.district.tables import TABLES
from streams.log.client import LogClient
from streams.log.partitioner import partition_for
from streams.log.records import TopicSpec

_Timed = tuple[int, bytes, bytes]


async def ensure_topics(
    client: LogClient, partitions: int, feeds: Iterable[str] = TABLES
) -> dict[str, int]:
    """Create the feeds' topics that are missing; returns the partition count of each feed's."""
    existing = await client.topics()
    wanted = {feed: TABLES[feed].topic for feed in feeds}
    missing = [topic for topic in wanted.values() if topic not in existing]
    await client.ensure_topics(TopicSpec(topic, partitions) for topic in missing)
    existing = await client.topics()
    return {feed: existing[topic] for feed, topic in wanted.items()}


class LogWriter:
    """Writes events in order within each partition, keyed as the connectors key them.

    Messages carry the day of the event as their timestamp, so a feed that is read later still knows
    when it was told. Statements of completeness are appended after the rows before them, on
    whatever partition those are: a statement that overtakes a row would be a lie.
    """

    def __init__(
        self,
        client: LogClient,
        rendering: Rendering,
        partitions: dict[str, int],
        *,
        appended: Callable[[str, int, int, float], None] | None = None,
    ) -> None:
        """``appended`` learns feed, partition, first offset, and when (monotonic) it was sent."""
        self._client, self._rendering, self._partitions = client, rendering, partitions
        self._appended = appended

    async def write(self, events: Iterable[Event]) -> int:
        """Append events; returns how many, when all are acknowledged."""
        rows: dict[tuple[str, int], list[_Timed]] = defaultdict(list)
        statements: dict[tuple[str, int], list[_Timed]] = defaultdict(list)
        count = 0
        for event in events:
            count += 1
            key, value = self._rendering(event)
            place = event.feed, partition_for(key, self._partitions[event.feed])
            into = statements if event.op == "complete" else rows
            into[place].append((event.at_ms, key, value))
        for phase in (rows, statements):
            await asyncio.gather(*(self._append(*place, said) for place, said in phase.items()))
        return count

    async def _append(self, feed: str, partition: int, messages: list[_Timed]) -> None:
        topic = TABLES[feed].topic
        for _, run in groupby(messages, key=lambda message: day_of(message[0])):
            told = list(run)
            rows = [(key, value) for _, key, value in told]
            began = time.monotonic()
            base = await self._client.append(topic, partition, rows, timestamp_ms=told[-1][0])
            if self._appended is not None:
                self._appended(feed, partition, base, began)
