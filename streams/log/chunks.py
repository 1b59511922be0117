"""One Faust event per run of records: the scheduler and the schema that make agents work on chunks.

Stock Faust pays four asyncio tasks and a decode per record; a chunk pays them once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import faust
from faust.transport.utils import DefaultSchedulingStrategy
from faust.types import TP

from streams.log.records import LogRecord

CHUNK_RECORDS = 2_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of records of one partition, in order, never empty."""

    topic: str
    partition: int
    records: list[LogRecord]
    position: int
    """The offset to commit when the chunk is done; it may lie beyond control records."""

    @property
    def offset(self) -> int:
        return self.records[-1].offset

    def __len__(self) -> int:
        return len(self.records)


class Run(list[LogRecord]):
    """What one fetch brought of a partition, and where the next fetch will begin.

    An empty run says that the position moved over control or compacted records only.
    """

    __slots__ = ("position",)

    def __init__(self, records: list[LogRecord], position: int) -> None:
        super().__init__(records)
        self.position = position


class ChunkScheduler(DefaultSchedulingStrategy):
    """Hand out the fetched runs in chunks, taking the partitions in turn."""

    chunk_records = CHUNK_RECORDS

    def iterate(self, records: Mapping[TP, list[Any]]) -> Iterator[tuple[TP, Chunk]]:
        size, begin = self.chunk_records, 0
        left = {tp: run for tp, run in records.items() if run}
        while left:
            for tp, run in list(left.items()):
                end = begin + size
                part = run[begin:end]
                last = end >= len(run)
                position = run.position if last else part[-1].offset + 1  # type: ignore[attr-defined]
                yield tp, Chunk(tp.topic, tp.partition, part, position)
                if last:
                    del left[tp]
            begin += size


class RawSchema(faust.Schema[None, Chunk]):
    """Pass the chunk through; decoding is the agent's work, inside its own error handling."""

    def loads_key(self, app: Any, message: Any, **_: Any) -> None:
        return None

    def loads_value(self, app: Any, message: Any, **_: Any) -> Chunk:
        return message.value  # type: ignore[no-any-return]
