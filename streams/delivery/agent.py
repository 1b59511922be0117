"""The delivery agent: each chunk of the ledger into Redis, in order, nothing twice or left out.

Where delivery stands is written in Redis itself, in the same script as the alert. So a Redis that
lost its memory is seen to have lost it, and gets the ledger again before anything new.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterable

import faust
from redis.exceptions import RedisError

from schemas.alert import Transition
from schemas.errors import DeliveryGap, LogError
from streams.delivery.rebuild import deliver, entries_of, pass_over, rebuild
from streams.delivery.store import AlertStore
from streams.log.chunks import Chunk
from streams.log.client import LogClient
from streams.metrics import Metrics
from streams.topics import DELIVERY, Topics
from streams.watchdog import owned

logger = logging.getLogger(__name__)

#: Seconds between attempts while Redis is away; delivery waits, detection goes on.
RETRY_S = (0.1, 0.25, 0.5, 1.0, 2.0)

#: Seconds between two looks whether Redis still has what it was given.
WATCH_S = 5.0

#: Seconds until a partition that was stopped is tried again: that reads all of its ledger.
STOPPED_S = 60.0


class Delivery:
    """Delivers the ledger partitions that this worker owns."""

    def __init__(
        self,
        app: faust.App,
        topics: Topics,
        store: AlertStore,
        metrics: Metrics,
        client: LogClient,
        *,
        watch_s: float = WATCH_S,
    ) -> None:
        self._app, self._topics, self._store = app, topics, store
        self._metrics, self._client, self._watch_s = metrics, client, watch_s
        self._known_ledger = False
        self._reached: dict[int, int] = {}
        self._stopped: dict[int, tuple[float, DeliveryGap]] = {}
        self.reaches_redis = False
        self.attempts = 0  #: to deliver while Redis or the ledger was away: they say it is alive
        app.agent(app.topic(topics.alerts), name=DELIVERY)(self._run)

    async def _run(self, stream: AsyncIterable[Chunk]) -> None:
        async for chunk in stream:
            await self._patiently(chunk)

    async def _patiently(self, chunk: Chunk) -> None:
        """Deliver a chunk, however long Redis is away.

        A partition of which something is missing stops, the others go on: Redis says where it
        stands, so its chunks are not lost, they wait in the ledger until somebody has mended it.
        """
        attempt = 0
        while True:
            try:
                await self._chunk(chunk)
            except (RedisError, LogError, OSError) as error:
                self._reaches(False)
                if attempt % 20 == 0:
                    logger.error("delivery_waits error=%s attempt=%s", error, attempt)
                await asyncio.sleep(RETRY_S[min(attempt, len(RETRY_S) - 1)])
                attempt += 1
                self.attempts += 1
            except DeliveryGap as error:
                self._stops(chunk.partition, error)
                return
            else:
                self._reaches(True)
                self._goes_on(chunk.partition)
                return

    async def _chunk(self, chunk: Chunk) -> None:
        partition, first = chunk.partition, chunk.records[0].offset
        self._refuse_stopped(partition)
        await self._catch_up(partition, first)
        entries = entries_of(partition, chunk.records)
        try:
            await deliver(self._store, partition, first, entries, self._told)
        except DeliveryGap:
            # Redis may know less of one alert than of the partition: read all of it again, once.
            await self._rebuild(partition, 0, first)
            await deliver(self._store, partition, first, entries, self._told)
        end = chunk.offset + 1
        await pass_over(self._store, partition, first, entries, end)
        self._reached[partition] = end

    async def _catch_up(self, partition: int, end: int) -> None:
        """Give Redis what it should have before ``end`` and has not: it is new, or it forgot."""
        delivered = await self._store.delivered(partition)
        if delivered >= end and self._known_ledger:
            return
        await self._store.belongs_to(await self._client.topic_id(self._topics.alerts))
        self._known_ledger = True
        if delivered >= end:
            return
        try:
            await self._rebuild(partition, delivered, end)
        except DeliveryGap:
            if delivered == 0:
                raise
            await self._rebuild(partition, 0, end)

    async def _rebuild(self, partition: int, start: int, end: int) -> None:
        topic = self._topics.alerts
        count = await rebuild(self._client, topic, partition, self._store, start, end)
        if count:
            logger.warning("redis_rebuilt partition=%s transitions=%s", partition, count)

    # ---- between chunks

    async def watch(self) -> None:
        """Look from time to time whether Redis has what it was given, until cancelled.

        A ledger may be quiet for hours; a Redis that was emptied must not be empty for so long.
        """
        while True:
            try:
                await self._store.redis.ping()
                await self._look()
                self._reaches(True)
            except (RedisError, LogError, OSError) as error:
                if self.reaches_redis:
                    logger.error("redis_away error=%s", error)
                self._reaches(False)
            await asyncio.sleep(self._watch_s)

    async def _look(self) -> None:
        topic = self._topics.alerts
        committed = await self._client.committed(self._app.conf.id, topic)
        for partition in sorted(p for t, p in owned(self._app) if t == topic):
            due = max(committed.get(partition) or 0, self._reached.get(partition, 0))
            if not due:
                continue
            try:
                self._refuse_stopped(partition)
                await self._catch_up(partition, due)
            except DeliveryGap as error:
                self._stops(partition, error)
            else:
                self._goes_on(partition)

    # ---- what is told of it

    def _told(self, transition: Transition, applied: bool) -> None:
        self._metrics.handed(transition, applied=applied)

    def _stops(self, partition: int, error: DeliveryGap) -> None:
        if partition not in self._stopped:
            self._stopped[partition] = time.monotonic(), error
            self._metrics.stopped.labels(str(partition)).set(1)
            logger.error("delivery_stopped partition=%s error=%s", partition, error)

    def _refuse_stopped(self, partition: int) -> None:
        """Raise the error of a stopped partition, and try again from time to time only."""
        at, error = self._stopped.get(partition, (0.0, None))
        if error is not None and time.monotonic() - at < STOPPED_S:
            raise error
        self._stopped.pop(partition, None)

    def _goes_on(self, partition: int) -> None:
        self._metrics.stopped.labels(str(partition)).set(0)

    def _reaches(self, reached: bool) -> None:
        self.reaches_redis = reached
        self._metrics.redis_up.set(reached)
