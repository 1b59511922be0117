"""Redis from the ledger: for a Redis that lost its memory, and for ``dongjian redeliver``."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from schemas.alert import Transition, decode_transition
from streams.delivery.store import AlertStore
from streams.log.client import LogClient

#: Transitions in one round trip.
_PART = 500


async def rebuild(
    client: LogClient,
    topic: str,
    partition: int,
    store: AlertStore,
    start: int = 0,
    end: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Deliver one ledger partition from ``start`` to ``end`` (its end by default); how many there were.

    Repeats are dropped by revision, so it may overlap with what is there and with the agent.
    """
    first = (await client.beginning_offsets(topic)).get(partition, 0)
    part: list[tuple[int, Transition]] = []
    count = 0

    async def flush() -> None:
        nonlocal count
        if part:
            await store.deliver(partition, part)
            count += len(part)
            if progress is not None:
                progress(len(part))
            part.clear()

    async for record in client.read(topic, partition, max(start, first), end):
        try:
            part.append((record.offset, decode_transition(record.value or b"")))
        except msgspec.DecodeError:
            continue  # reported by the agent that met it first
        if len(part) >= _PART:
            await flush()
    await flush()
    return count
