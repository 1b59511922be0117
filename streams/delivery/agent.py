"""The delivery agent: each chunk of the ledger into Redis, in order, nothing twice and nothing left out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterable, Awaitable, Callable
from typing import TypeVar

import faust
import msgspec
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from schemas.alert import Transition, decode_transition
from schemas.errors import DeliveryGap
from streams.delivery.rebuild import rebuild
from streams.delivery.store import APPLIED, JUMP, AlertStore
from streams.log.chunks import Chunk
from streams.log.client import open_client
from streams.metrics import Metrics
from streams.topics import DELIVERY, Topics

logger = logging.getLogger(__name__)
T = TypeVar("T")

#: Seconds between attempts while Redis is away; delivery waits, detection goes on.
RETRY_S = (0.1, 0.25, 0.5, 1.0, 2.0)

#: Transitions in one round trip.
PIPELINE = 500


class Delivery:
    """Delivers the ledger partitions that this worker owns."""

    def __init__(
        self, app: faust.App, topics: Topics, store: AlertStore, metrics: Metrics, broker_url: str
    ) -> None:
        self._topics, self._store, self._metrics, self._broker = topics, store, metrics, broker_url
        app.agent(app.topic(topics.alerts), name=DELIVERY)(self._run)

    async def _run(self, stream: AsyncIterable[Chunk]) -> None:
        async for chunk in stream:
            await self._patiently(lambda chunk=chunk: self._chunk(chunk))  # type: ignore[misc]

    async def _patiently(self, deliver: Callable[[], Awaitable[T]]) -> T:
        """Do it, however long Redis is away or a revision is missing; the chunk waits meanwhile."""
        attempt = 0
        while True:
            try:
                result = await deliver()
            except (RedisConnectionError, RedisTimeoutError, RedisError, DeliveryGap) as error:
                self._metrics.redis_up.set(0)
                wait_s = RETRY_S[min(attempt, len(RETRY_S) - 1)]
                if attempt % 20 == 0:
                    logger.error("delivery_waits error=%s attempt=%s", error, attempt)
                attempt += 1
                await asyncio.sleep(wait_s)
            else:
                self._metrics.redis_up.set(1)
                return result

    async def _chunk(self, chunk: Chunk) -> None:
        transitions: list[tuple[int, Transition]] = []
        for record in chunk.records:
            try:
                transitions.append((record.offset, decode_transition(record.value or b"")))
            except msgspec.DecodeError as error:
                logger.error(
                    "ledger_unreadable partition=%s offset=%s error=%s",
                    chunk.partition, record.offset, error,
                )  # fmt: skip
        first = chunk.records[0].offset
        delivered = await self._store.delivered(chunk.partition)
        if delivered < first:  # Redis lost its memory, or this ledger is new to it
            await self._rebuild(chunk.partition, delivered, first)
        for start in range(0, len(transitions), PIPELINE):
            await self._deliver(chunk.partition, transitions[start : start + PIPELINE])

    async def _deliver(self, partition: int, part: list[tuple[int, Transition]]) -> None:
        results = await self._store.deliver(partition, part)
        if JUMP in results:
            # Redis knows less of an alert than of the partition: read the whole ledger again, once.
            await self._rebuild(partition, 0, part[0][0])
            results = await self._store.deliver(partition, part)
            if JUMP in results:
                offset, missing = part[results.index(JUMP)]
                raise DeliveryGap(
                    f"alert {missing.alert}: revision {missing.revision} at offset {offset} of ledger "
                    f"partition {partition} does not follow the last one; the partition stops here"
                )
        for (_, transition), result in zip(part, results, strict=True):
            self._metrics.handed(transition, "applied" if result == APPLIED else "repeat")

    async def _rebuild(self, partition: int, start: int, end: int) -> None:
        async with open_client(self._broker) as client:
            count = await rebuild(client, self._topics.alerts, partition, self._store, start, end)
        if count:
            logger.warning("redis_rebuilt partition=%s transitions=%s", partition, count)
