"""Redis from the ledger: for a Redis that lost its memory, and for ``dongjian redeliver``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import msgspec

from schemas.alert import Transition, decode_transition
from schemas.errors import DeliveryGap
from streams.delivery.store import AlertStore, RedisForgot, Result
from streams.log.client import LogClient
from streams.log.records import LogRecord

logger = logging.getLogger(__name__)

#: Transitions in one round trip.
PART = 500

Entry = tuple[int, Transition]
"""A transition with its offset in the ledger."""


def entries_of(partition: int, records: Sequence[LogRecord]) -> list[Entry]:
    """Decode records of the ledger; one that cannot be read is reported and left out."""
    entries: list[Entry] = []
    for record in records:
        try:
            entries.append((record.offset, decode_transition(record.value or b"")))
        except msgspec.DecodeError as error:
            logger.error(
                "ledger_unreadable partition=%s offset=%s error=%s",
                partition, record.offset, error,
            )  # fmt: skip
    return entries


async def deliver(
    store: AlertStore,
    partition: int,
    after: int,
    entries: Sequence[Entry],
    told: Callable[[Transition, bool], None] | None = None,
) -> None:
    """Deliver entries of one ledger partition, in parts; ``told`` learns which were applied.

    Raises ``DeliveryGap`` at the first that is refused; what comes before it is delivered. Raises
    ``RedisForgot`` when Redis has not what comes before: it is to be given all of it again.
    """
    for start in range(0, len(entries), PART):
        part = entries[start : start + PART]
        results = await store.deliver(partition, after, part)
        for result, (offset, transition) in zip(results, part, strict=True):
            if result == Result.FORGOTTEN:
                raise RedisForgot(f"Redis lost what partition {partition} had before {offset}")
            if result < 0:
                raise DeliveryGap(_refused(partition, offset, transition, result))
            if told is not None:
                told(transition, result == Result.APPLIED)
        after = part[-1][0] + 1


async def pass_over(
    store: AlertStore, partition: int, after: int, entries: Sequence[Entry], end: int
) -> None:
    """Note what follows the entries before ``end``: offsets that hold nothing to deliver."""
    reached = entries[-1][0] + 1 if entries else after
    if reached < end:
        await store.passed(partition, reached, end)


def _refused(partition: int, offset: int, transition: Transition, result: Result) -> str:
    what = f"alert {transition.alert} revision {transition.revision}"
    where = f"at offset {offset} of ledger partition {partition}"
    if result == Result.CONTRADICTION:
        return (
            f"{what} {where} contradicts what Redis holds: if Redis was filled by another "
            "deployment or from a copy, `dongjian redeliver --reset`; else a ledger is damaged"
        )
    return f"{what} {where}: the revision before it is not in Redis"


async def rebuild(
    client: LogClient,
    topic: str,
    partition: int,
    store: AlertStore,
    start: int = 0,
    end: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Deliver one ledger partition from ``start`` to ``end``; how many transitions there were.

    What is there is dropped by revision, so it may overlap with it and with the agent. Raises
    ``DeliveryGap`` when Redis lacks a revision from before ``start``, or contradicts the ledger,
    and ``RedisForgot`` when it lost what it had been given meanwhile.
    """
    first = (await client.beginning_offsets(topic)).get(partition, 0)
    if first:
        raise DeliveryGap(
            f"partition {partition} of {topic} begins at {first}: a part of the ledger was deleted"
        )
    part: list[LogRecord] = []
    after, count = start, 0

    async def flush() -> None:
        nonlocal after, count
        entries = entries_of(partition, part)
        await deliver(store, partition, after, entries)
        await pass_over(store, partition, after, entries, part[-1].offset + 1)
        after = part[-1].offset + 1
        count += len(entries)
        if progress is not None:
            progress(len(part))
        part.clear()

    async for record in client.read(topic, partition, start, end):
        part.append(record)
        if len(part) >= PART:
            await flush()
    if part:
        await flush()
    if end is not None:
        await pass_over(store, partition, after, (), end)
    return count
