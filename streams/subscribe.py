"""A subscriber's client: every transition of a stream, at least once, shared by a group's readers.

    async with subscription(url, prefix="dongjian", group="department", consumer="a") as told:
        async for transition in told:
            print(transition.alert, transition.kind)

A transition is acknowledged when the next one is asked for, so one whose handling failed comes
again: to the same consumer when it starts again, to another one after ``claim_s``. What the group
has handled is remembered by revision, and dropped when it comes again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import redis.asyncio as redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from schemas.alert import Transition, decode_transition
from streams.delivery.store import TIMEOUT_S, AlertStore

logger = logging.getLogger(__name__)

#: Seconds that one question to Redis waits for something new.
BLOCK_S = 2.0

#: Transitions that one consumer takes at a time.
COUNT = 100

#: Seconds between attempts while Redis is away.
RETRY_S = 1.0

_Entry = tuple[bytes, dict[bytes, bytes]]


class Subscription:
    """One consumer of a group of readers of one stream."""

    def __init__(
        self,
        store: AlertStore,
        group: str,
        consumer: str,
        stream: str | None = None,
        *,
        start: str = "0",
        claim_s: float = 60.0,
    ) -> None:
        """``start`` is where a new group begins: ``0`` the beginning, ``$`` what comes from now."""
        self._redis: redis.Redis = store.redis
        self._group, self._consumer = group, consumer
        self._stream = stream or store.stream
        self._start, self._claim_s = start, claim_s
        self._claimed = 0.0
        self._seen = f"{store.prefix}:seen:{group}"

    async def read(self) -> AsyncIterator[Transition]:
        """Every transition that the group has not handled yet, in the order of the stream."""
        own = True  # first what this consumer had taken before it ended
        while True:
            try:
                entries = await self._next(own=own)
                own = own and bool(entries)
                for id, fields in entries:
                    if fields and await self._is_news(fields):
                        yield decode_transition(fields[b"transition"])
                    await self._handled(id, fields)
            except ResponseError as error:
                if "NOGROUP" not in str(error):
                    raise
                await self._create()  # a new group, or a Redis that lost its memory
                own = True
            except (RedisConnectionError, RedisTimeoutError) as error:
                logger.warning("subscription_waits error=%s", error)
                own = True
                await asyncio.sleep(RETRY_S)

    async def _create(self) -> None:
        try:
            await self._redis.xgroup_create(self._stream, self._group, self._start, mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):  # another consumer was faster
                raise

    async def _next(self, *, own: bool) -> list[_Entry]:
        if own:
            return await self._group_read("0", None)
        now = time.monotonic()
        if now - self._claimed >= self._claim_s / 2:
            claimed: Any = await self._redis.xautoclaim(
                self._stream, self._group, self._consumer, int(self._claim_s * 1000), count=COUNT
            )
            if claimed[1]:
                return list(claimed[1])
            self._claimed = now
        return await self._group_read(">", int(BLOCK_S * 1000))

    async def _group_read(self, after: str, block_ms: int | None) -> list[_Entry]:
        found: Any = await self._redis.xreadgroup(
            self._group, self._consumer, {self._stream: after}, count=COUNT, block=block_ms
        )
        if isinstance(found, dict):  # the newer protocol
            return [entry for parts in found.values() for part in parts for entry in part]
        return [entry for _, entries in found for entry in entries]

    async def _is_news(self, fields: dict[bytes, bytes]) -> bool:
        known: Any = await self._redis.hget(self._seen, fields[b"alert"])
        return int(fields[b"revision"]) > int(known or 0)

    async def _handled(self, id: bytes, fields: dict[bytes, bytes]) -> None:
        async with self._redis.pipeline(transaction=True) as pipe:
            if fields and await self._is_news(fields):
                pipe.hset(self._seen, fields[b"alert"], fields[b"revision"])
            pipe.xack(self._stream, self._group, id)
            await pipe.execute()


@asynccontextmanager
async def subscription(
    url: str, *, prefix: str, group: str, consumer: str, stream: str | None = None, **more: Any
) -> AsyncIterator[AsyncIterator[Transition]]:
    """Subscribe to all alerts, or to one agency's with ``stream=store.agency_stream(code)``."""
    if BLOCK_S >= TIMEOUT_S:
        raise ValueError("a read may not block for longer than the connection's timeout")
    store = AlertStore(url, prefix)
    try:
        yield Subscription(store, group, consumer, stream, **more).read()
    finally:
        await store.close()
