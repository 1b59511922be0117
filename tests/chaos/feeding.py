"""Input that comes little by little, so that work is under way whenever something is struck."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import groupby

from streams.district import District, Event, Rendering
from streams.district.writing import LogWriter, ensure_topics
from streams.log.client import LogClient
from tests.chaos.fixed_log import FEED_PARTITIONS, Batch, FixedLog


class FixedFeed:
    """Appends a fixed log to a changes topic, batch by batch, each where it must be."""

    def __init__(self, log: FixedLog, client: LogClient, topic: str) -> None:
        self._log, self._client, self._topic = log, client, topic
        self._at = 0
        self._ends: dict[int, int] = dict.fromkeys(log.counts, 0)

    async def __call__(self, share: float) -> None:
        until = round(len(self._log.batches) * share)
        part, self._at = self._log.batches[self._at : until], max(self._at, until)
        await asyncio.gather(*(self._append(part, partition) for partition in self._ends))

    async def _append(self, part: Sequence[Batch], partition: int) -> None:
        for into, at_ms, rows in part:
            if into == partition:
                base = await self._client.append(self._topic, partition, rows, timestamp_ms=at_ms)
                assert base == self._ends[partition], "the copy of the log is not like the others"
                self._ends[partition] += len(rows)


class DistrictFeed:
    """Appends a district to the agencies' topics, a week at a time."""

    WEEK = 7

    def __init__(self, district: District, client: LogClient) -> None:
        self._client, self._feeds = client, district.feeds
        first = district.window.since.toordinal()
        self._weeks: list[list[Event]] = [
            list(events)
            for _, events in groupby(
                district.events(), key=lambda e: (e.day.toordinal() - first) // self.WEEK
            )
        ]
        self._at = 0
        self._writer: LogWriter | None = None

    def __len__(self) -> int:
        return sum(len(week) for week in self._weeks)

    async def __call__(self, share: float) -> None:
        if self._writer is None:
            counts = await ensure_topics(self._client, FEED_PARTITIONS, self._feeds)
            self._writer = LogWriter(self._client, Rendering(), counts)
        until = round(len(self._weeks) * share)
        part, self._at = self._weeks[self._at : until], max(self._at, until)
        for week in part:
            await self._writer.write(week)
