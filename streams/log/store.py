"""What a table holds in memory: one dict per partition, lost with the partition.

The stock memory store keeps the keys of partitions it lost, replays partitions it kept, and takes
the last write for the truth. Here the highest fence wins, because the last write may be that of a
frozen owner that woke up after its partition had moved.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from faust.stores import base
from faust.types import TP, EventT

from schemas.errors import LogError
from schemas.fence import fence_of
from streams.log import fatal


@dataclass(slots=True)
class Held:
    """A partition of the table that this process owns."""

    generation: int
    values: dict[bytes, bytes] = field(default_factory=dict)
    end: int = -1
    """Offset of the last changelog record that is known."""
    ready: bool = False
    """Recovered: from here on this process is the only writer."""
    taken: bool = False
    stale: set[bytes] = field(default_factory=set)
    """Keys whose last changelog record is not the one with the highest fence."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class PartitionStore(base.Store[bytes, bytes]):
    """The recovered values, by partition."""

    def __post_init__(self) -> None:
        self.held: dict[int, Held] = {}
        self._generations = 0

    def require(self, partition: int) -> Held:
        try:
            held = self.held[partition]
        except KeyError:
            held = None
        if held is None or not held.ready:
            raise LogError(
                f"partition {partition} of table {self.table_name!r} is not held here: ask for it "
                "only while a chunk of that partition is processed"
            )
        return held

    def _gain(self, partition: int) -> Held:
        held = self.held.get(partition)
        if held is None:
            self._generations += 1
            held = self.held[partition] = Held(self._generations)
        return held

    # Called by Faust

    def persisted_offset(self, tp: TP) -> int | None:
        """Return up to where this partition is known, so that a kept one is not replayed."""
        held = self.held.get(tp.partition)
        return held.end if held is not None and held.end >= 0 else None

    def set_persisted_offset(self, tp: TP, offset: int) -> None:
        """The end of a partition is moved by ``apply`` and by acknowledged writes only."""

    async def on_rebalance(
        self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0
    ) -> None:
        changelog = self.table.changelog_topic.get_topic_name()
        for tp in revoked:
            if tp.topic == changelog:
                self.held.pop(tp.partition, None)

    def apply_changelog_batch(
        self,
        batch: Iterable[EventT[Any]],
        to_key: Callable[[Any], Any] | None = None,
        to_value: Callable[[Any], Any] | None = None,
    ) -> None:
        for event in batch:
            chunk: Any = event.value
            try:
                self.apply(chunk.partition, chunk.records)
            except (ValueError, AttributeError) as error:
                # Faust would log a warning, skip the batch and go on with half a table.
                fatal.end_process(
                    "changelog of table %s [%s] at offset %s to %s holds a value without a fence: "
                    "it was not written by this application; delete the topic and rebuild",
                    self.table_name, chunk.partition, chunk.records[0].offset, chunk.offset,
                    exc_info=error,
                )  # fmt: skip

    def apply(self, partition: int, records: Iterable[Any]) -> None:
        """Take over changelog records; of two values of a key the higher fence wins."""
        held = self._gain(partition)
        values, stale, end = held.values, held.stale, held.end
        for record in records:
            if record.offset <= end:
                continue
            if held.ready:
                fatal.end_process(
                    "changelog of table %s [%s]: offset %s was written by another owner while this "
                    "process held the partition; it restarts from the log",
                    self.table_name, partition, record.offset,
                )  # fmt: skip
            end = record.offset
            key, value = record.key, record.value
            known, fence = values.get(key), fence_of(value)
            if known is not None and fence < fence_of(known):
                stale.add(key)
                continue
            values[key] = value
            stale.discard(key)
        held.end = max(held.end, end)

    def complete(self, partition: int, highwater: int) -> Held:
        """Note that the partition is recovered up to ``highwater`` (its last offset)."""
        held = self._gain(partition)
        held.end = max(held.end, highwater)
        held.ready = True
        return held

    def reset_state(self) -> None:
        self.held.clear()

    # The mapping that Faust's store type asks for: read only, over all partitions.

    def __getitem__(self, key: bytes) -> bytes:
        for held in self.held.values():
            if key in held.values:
                return held.values[key]
        raise KeyError(key)

    def __setitem__(self, key: bytes, value: bytes) -> None:
        raise TypeError("a chunk table is written by ChunkTable.write only")

    def __delitem__(self, key: bytes) -> None:
        raise TypeError("a chunk table is written by ChunkTable.write only")

    def __iter__(self) -> Iterator[bytes]:
        for held in self.held.values():
            yield from held.values

    def __len__(self) -> int:
        return sum(len(held.values) for held in self.held.values())

    async def backup_partition(self, *args: Any, **kwargs: Any) -> None:
        """State in memory has no backup but the changelog."""

    def restore_backup(self, *args: Any, **kwargs: Any) -> None:
        """State in memory has no backup but the changelog."""
