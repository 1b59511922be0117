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
    hash: partition of the ledger to the next offset that is not delivered
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec
import redis.asyncio as redis
from redis.asyncio.client import Pipeline

from schemas.alert import Status, Transition, decode_transition, encode_transition
from schemas.errors import DeliveryGap

APPLIED, REPEAT, JUMP, CONTRADICTION = 1, 0, -1, -2

_SCRIPT = Path(__file__).with_name("deliver.lua")


class AlertStore:
    """Redis as delivery writes it and as readers find it."""

    def __init__(self, url: str, prefix: str) -> None:
        self.prefix = prefix
        self.redis: redis.Redis = redis.Redis.from_url(url)
        self._script = self.redis.register_script(_SCRIPT.read_text())

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

    # ---- writing

    async def deliver(
        self, partition: int, transitions: Sequence[tuple[int, Transition]]
    ) -> list[int]:
        """Apply transitions, given with their offsets, in order; what became of each.

        Raises ``DeliveryGap`` when a revision has another content than the one delivered before:
        that must never be, and somebody has to look.
        """
        async with self.redis.pipeline(transaction=False) as pipe:
            for offset, transition in transitions:
                await self._queue(pipe, partition, offset, transition)
            results: list[int] = await pipe.execute()
        for result, (offset, transition) in zip(results, transitions, strict=True):
            if result == CONTRADICTION:
                raise DeliveryGap(
                    f"alert {transition.alert} revision {transition.revision} at offset {offset} of "
                    f"ledger partition {partition} contradicts what Redis holds"
                )
        return results

    async def _queue(
        self, pipe: Pipeline, partition: int, offset: int, transition: Transition
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
            ],
            client=pipe,
        )

    async def delivered(self, partition: int) -> int:
        """The offset in one ledger partition up to which Redis has everything; 0 when it has nothing."""
        value = await self.redis.hget(self.ledger, str(partition))
        return int(value or 0)

    async def forget(self) -> int:
        """Delete every key of the prefix, for a rebuild from the ledger; how many there were."""
        count = 0
        async for key in self.redis.scan_iter(match=f"{self.prefix}:*", count=1000):
            count += await self.redis.delete(key)
        return count

    # ---- reading

    async def read(self, id: str) -> Transition | None:
        """The alert as it now stands."""
        return _decoded(await self.redis.hget(self.alert(id), "transition"))

    async def all(self) -> AsyncIterator[Transition]:
        """Every alert there ever was, as it now stands, in no order."""
        async for key in self.redis.scan_iter(match=self.alert("*"), count=1000):
            found = _decoded(await self.redis.hget(key, "transition"))
            if found is not None:
                yield found

    async def close(self) -> None:
        await self.redis.aclose()


def public(transition: Transition) -> Transition:
    """What a subscriber without the right to plain numbers gets."""
    if not transition.party_plain:
        return transition
    return msgspec.structs.replace(transition, party_plain="")


def _decoded(body: bytes | str | None) -> Transition | None:
    return decode_transition(body.encode() if isinstance(body, str) else body) if body else None
