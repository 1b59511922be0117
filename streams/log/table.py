"""A Faust table whose changelog is written in awaited batches and fenced by log position."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import faust
from faust.types import TP

from schemas.fence import fence_of
from streams.log import fatal
from streams.log.chunks import RawSchema
from streams.log.records import in_batches
from streams.log.store import Held, PartitionStore

_RECOVERY_BUFFER = 8  # in chunks


class ChunkTable(faust.Table[bytes, bytes]):
    """State by partition; every value carries the fence of ``schemas.fence``.

    Only the agent that processes a partition's chunks may use that partition. When an agent gets
    the first chunk of a partition, the table has recovered it and has repaired its changelog.
    """

    def __init__(self, app: faust.App, **kwargs: Any) -> None:
        kwargs.setdefault("recovery_buffer_size", _RECOVERY_BUFFER)
        super().__init__(
            app,
            **{**kwargs, "schema": RawSchema(), "key_type": bytes, "value_type": bytes},
        )

    def _new_store(self) -> PartitionStore:
        return PartitionStore("chunk://", self.app, self, table_name=self.name, loop=self.loop)

    @property
    def store(self) -> PartitionStore:
        store: Any = self.data
        return store  # type: ignore[no-any-return]

    def held(self) -> set[int]:
        """Return the partitions that are recovered and owned."""
        return {number for number, held in self.store.held.items() if held.ready}

    def partition(self, partition: int) -> dict[bytes, bytes]:
        """Return the values of a partition; a deleted key is there with an empty payload."""
        return self.store.require(partition).values

    def take(self, partition: int) -> dict[bytes, bytes]:
        """Hand the values over to a caller that keeps its own objects; the store forgets them."""
        held = self.store.require(partition)
        values, held.values, held.taken = held.values, {}, True
        return values

    def generation(self, partition: int) -> int:
        """Return a number that is another one whenever the partition was lost and gained again."""
        return self.store.require(partition).generation

    async def write(self, partition: int, batches: Iterable[Sequence[tuple[bytes, bytes]]]) -> None:
        """Write batches to the changelog, each atomic, in order, and wait for the acks.

        The offsets must follow the last one known: a gap means that another process writes to this
        changelog, so one of the two does not own the partition. Memory is never trusted again
        then: the process ends and recovers from the log.
        """
        held = self.store.require(partition)
        wanted = [list(batch) for batch in batches if batch]
        for batch in wanted:
            for _, value in batch:
                fence_of(value)
        async with held.lock:
            bases = await self._append(partition, wanted)
            for batch, base in zip(wanted, bases, strict=True):
                self._check_contiguous(held, partition, base)
                held.end = base + len(batch) - 1
                if not held.taken:
                    held.values.update(batch)

    async def _append(
        self, partition: int, batches: Sequence[Sequence[tuple[bytes, bytes]]]
    ) -> list[int]:
        if not batches:
            return []
        producer: Any = self.app.producer
        topic = self.changelog_topic_name
        bases: list[int] = await producer.write_batches(topic, partition, batches)
        return bases

    def _check_contiguous(self, held: Held, partition: int, base: int) -> None:
        if base != held.end + 1:
            fatal.end_process(
                "changelog of table %s [%s]: a write came to offset %s instead of %s, so another "
                "process writes to it; this one restarts from the log",
                self.name, partition, base, held.end + 1,
            )  # fmt: skip

    async def repair(self, partition: int) -> int:
        """Rewrite each key whose last changelog record lost to an earlier one; return how many.

        Until then a reader that takes the last record, or compaction, would prefer the stale one.
        The table calls this itself at the end of recovery, before any message is processed.
        """
        held = self.store.require(partition)
        rows = [(key, held.values[key]) for key in sorted(held.stale)]
        await self.write(partition, in_batches(rows))  # type: ignore[arg-type]
        held.stale.clear()
        return len(rows)

    async def on_recovery_completed(self, active_tps: set[TP], standby_tps: set[TP]) -> None:
        """Open the recovered partitions. Faust drops what is raised here, hence the exit."""
        highwaters = self.app.tables.recovery.active_highwaters  # type: ignore[attr-defined]
        try:
            for tp in active_tps:
                self.store.complete(tp.partition, highwaters.get(tp, -1))
            await asyncio.gather(*(self.repair(tp.partition) for tp in active_tps))
            await super().on_recovery_completed(active_tps, standby_tps)
        except Exception as error:
            fatal.end_process("table %s could not be recovered", self.name, exc_info=error)
