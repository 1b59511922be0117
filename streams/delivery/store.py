"""Alerts in Redis: the keys, and the one script that writes them.

``{prefix}:alert:{id}``
    hash: the alert as it now stands (``transition``, JSON), its revision and digest; never expires
``{prefix}:alerts`` and ``{prefix}:alerts:agency:{code}``
    streams of all transitions, and of those against one agency
``{prefix}:open:model:{id}`` and ``{prefix}:open:region:{code}``
    sorted sets of the ids of alerts that hold, by when they were raised
``{prefix}:live``
    pub/sub channel of every transition
``{prefix}:ledger``
    hash: partition of the ledger to the next offset that is not delivered; ``topic``: its identity
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any, cast

import redis.asyncio as redis
from redis.asyncio.client import Pipeline
from redis.exceptions import RedisError

from schemas.alert import Status, Transition, decode_transition, encode_transition, public
from schemas.errors import DeliveryGap


class Result(IntEnum):
    """What became of a transition; the negative ones left Redis as it was."""

    APPLIED = 1
    REPEAT = 0
    MISSING = -1  #: a revision before it is not here
    CONTRADICTION = -2  #: this revision, or the one before it, has another content here
    FORGOTTEN = -3  #: Redis does not have (any more) what the ledger says before it


class RedisForgot(RedisError):
    """Redis lost, while it was written to, what it had been given: as if it had been away."""


#: A Redis that hangs is away: waiting for it without end would look like work.
TIMEOUT_S = 10.0

_SCRIPT = Path(__file__).with_name("deliver.lua")

#: Moves the mark of a partition forward, never back, and only if it is where it was left.
_FORWARD = """
local reached = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
if reached < tonumber(ARGV[2]) then return 0 end
if reached < tonumber(ARGV[3]) then redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1
"""


class AlertStore:
    """Redis as delivery writes it and as readers find it."""

    def __init__(self, url: str, prefix: str) -> None:
        self.prefix = prefix
        self.redis: redis.Redis = redis.Redis.from_url(
            url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S
        )
        self._script = self.redis.register_script(_SCRIPT.read_text())
        self._pass = self.redis.register_script(_FORWARD)

    # ---- keys

    def alert(self, id: str) -> str:
        return f"{self.prefix}:alert:{id}"

    @property
    def ledger(self) -> str:
        return f"{self.prefix}:ledger"

    @property
    def stream(self) -> str:
        return f"{self.prefix}:alerts"

    def agency_stream(self, agency: str) -> str:
        return f"{self.prefix}:alerts:agency:{agency}"

    @property
    def channel(self) -> str:
        return f"{self.prefix}:live"

    def open_of_model(self, model: str) -> str:
        return f"{self.prefix}:open:model:{model}"

    def open_of_region(self, region: str) -> str:
        return f"{self.prefix}:open:region:{region}"

    # ---- writing

    async def deliver(
        self, partition: int, after: int, transitions: Sequence[tuple[int, Transition]]
    ) -> list[Result]:
        """Apply transitions, given with their offsets, in order; what became of each.

        ``after``: the offset up to which everything before the first one must be here. Nothing
        after a transition that was refused is applied.
        """
        async with self.redis.pipeline(transaction=False) as pipe:
            for offset, transition in transitions:
                await self._queue(pipe, partition, after, offset, transition)
                after = offset + 1
            return [Result(result) for result in await pipe.execute()]

    async def _queue(
        self, pipe: Pipeline, partition: int, after: int, offset: int, transition: Transition
    ) -> None:
        shown = encode_transition(public(transition))
        keys = [
            self.alert(transition.alert),
            self.ledger,
            self.stream,
            self.agency_stream(transition.agency) if transition.agency else "",
        ]
        await self._script(
            keys=keys,
            args=[
                self.prefix,
                partition,
                offset,
                transition.alert,
                transition.revision,
                transition.digest,
                transition.previous,
                int(transition.status is Status.HOLDS),
                transition.model,
                transition.region,
                transition.raised_ms,
                shown,
                self.channel,
                after,
            ],
            client=pipe,
        )

    async def delivered(self, partition: int) -> int:
        """The offset up to which Redis has one ledger partition; 0 when it has nothing."""
        value = await _answer(self.redis.hget(self.ledger, str(partition)))
        return int(value or 0)

    async def passed(self, partition: int, after: int, offset: int) -> None:
        """Note that there is nothing to deliver in the partition from ``after`` to ``offset``.

        ``RedisForgot`` if what comes before ``after`` is not here: a Redis that was emptied since
        it was delivered must not look as if it had it.
        """
        if not await self._pass(keys=[self.ledger], args=[partition, after, offset]):
            raise RedisForgot(f"Redis lost what partition {partition} had before {after}")

    async def belongs_to(self, topic_id: str) -> None:
        """Take Redis for one ledger; ``DeliveryGap`` if it holds the alerts of another one."""
        await _answer(self.redis.hsetnx(self.ledger, "topic", topic_id))
        known = await _answer(self.redis.hget(self.ledger, "topic"))
        found = known.decode() if isinstance(known, bytes) else known
        if found != topic_id:
            raise DeliveryGap(
                f"Redis holds under {self.prefix!r} the alerts of another ledger ({found}, not "
                f"{topic_id}): use another DONGJIAN_PREFIX, or `dongjian redeliver --reset`"
            )

    async def forget(self) -> int:
        """Delete every key of the prefix, for a rebuild from the ledger; how many there were."""
        count = 0
        async for key in self.redis.scan_iter(match=f"{self.prefix}:*", count=1000):
            count += await self.redis.delete(key)
        return count

    # ---- reading

    async def read(self, id: str) -> Transition | None:
        """The alert as it now stands."""
        return _decoded(await _answer(self.redis.hget(self.alert(id), "transition")))

    async def all(self) -> AsyncIterator[Transition]:
        """Every alert there ever was, as it now stands, in no order."""
        async for key in self.redis.scan_iter(match=self.alert("*"), count=1000):
            found = _decoded(await _answer(self.redis.hget(key, "transition")))
            if found is not None:
                yield found

    async def close(self) -> None:
        await self.redis.aclose()


def _decoded(body: bytes | str | None) -> Transition | None:
    return decode_transition(body.encode() if isinstance(body, str) else body) if body else None


async def _answer(asked: object) -> Any:
    """redis-py types its commands for both of its clients; this is the one that is awaited."""
    return await cast("Awaitable[Any]", asked)
