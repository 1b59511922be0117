"""Tombstones: what a removed row leaves, so that a repeat of an older change cannot restore it.

A tombstone may go when a tick's floor is above its position: then intake has passed everything that
could repeat it, and the floor itself guards. One of a derived row stays: it has no floor. One of a
row that ever was redriven stays too: a redrive comes below the floor, and so would its repeat. And
it stays while a former number's dossier has passed the row on: what it passed on may be older.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from detectors.framework.remembered import Subject
from detectors.framework.row import GONE, Row
from detectors.framework.state import row_key
from schemas.change import Position

_Partition = tuple[str, int, int]


def below(floor: Iterable[Position], epoch: int, partition: int, offset: int) -> bool:
    """Whether intake has passed this position: by its own partition's floor, or because it reads
    the feed in a later epoch."""
    for p in floor:  # without a generator: this is asked for every new row
        if epoch < p.epoch or (epoch == p.epoch and partition == p.partition and offset < p.offset):
            return True
    return False


class Tombstones:
    """An index of tombstones by feed, epoch and partition, in order of offset."""

    def __init__(self, subjects: Mapping[str, Subject]) -> None:
        self._heaps: dict[_Partition, list[tuple[int, str, str]]] = {}
        self._by_subject: dict[str, set[tuple[str, str]]] = {}
        for name, subject in subjects.items():
            for (feed, key), row in subject.rows.items():
                if row.state == GONE:
                    self.add(name, feed, key, row)

    def add(self, subject: str, feed: str, key: str, row: Row) -> None:
        if not row.standing.redriven and not feed.startswith("derived:"):
            heap = self._heaps.setdefault((feed, row.standing.epoch, row.standing.partition), [])
            heapq.heappush(heap, (row.offset, subject, key))
            self._by_subject.setdefault(subject, set()).add((feed, key))

    def below(self, floor: Mapping[str, tuple[Position, ...]]) -> Iterator[str]:
        """Subjects with a tombstone that may go; they are taken out of the heaps."""
        for (feed, epoch, partition), heap in self._heaps.items():
            positions = floor.get(feed, ())
            while heap and below(positions, epoch, partition, heap[0][0]):
                yield heapq.heappop(heap)[1]

    def expire(
        self, name: str, subject: Subject, floor: Mapping[str, tuple[Position, ...]], mark: bytes
    ) -> Iterator[tuple[bytes, bytes]]:
        """Drop what may go of one subject; the writes that delete it from the state."""
        left = self._by_subject.pop(name, set())
        for feed, key in sorted(left):
            row = subject.rows.get((feed, key))
            if row is None or row.state != GONE or row.standing.redriven:
                continue
            passed_on = subject.merged is not None and (feed, key) in subject.merged.rows
            if not passed_on and below(floor.get(feed, ()), *msgspec.structs.astuple(row.position)):
                del subject.rows[feed, key]
                yield row_key(name, feed, key), mark
            else:
                self._by_subject.setdefault(name, set()).add((feed, key))
