"""Chunks and batches: every record once, in order, none larger than its limit."""

from __future__ import annotations

from itertools import pairwise

from faust.types import TP
from hypothesis import given
from hypothesis import strategies as st

from streams.log.chunks import ChunkScheduler, Run
from streams.log.records import LogRecord, in_batches


def run(offsets: list[int], position: int) -> Run:
    return Run([LogRecord(offset, 0, b"", b"") for offset in offsets], position)


@given(
    sizes=st.lists(st.integers(0, 30), min_size=1, max_size=4),
    limit=st.integers(1, 9),
    beyond=st.integers(0, 3),
)
def test_chunks_hold_every_record_once_in_order_and_end_at_the_position(
    sizes: list[int], limit: int, beyond: int
) -> None:
    scheduler = ChunkScheduler()
    scheduler.chunk_records = limit
    runs = {TP("t", p): run(list(range(n)), n + beyond) for p, n in enumerate(sizes)}
    chunks = [chunk for _, chunk in scheduler.iterate(runs)]
    assert all(1 <= len(chunk) <= limit for chunk in chunks)
    for partition, size in enumerate(sizes):
        own = [chunk for chunk in chunks if chunk.partition == partition]
        assert [r.offset for chunk in own for r in chunk.records] == list(range(size))
        for chunk, following in pairwise(own):
            assert chunk.position == following.records[0].offset
        if own:
            assert own[-1].position == size + beyond


def test_partitions_take_turns() -> None:
    scheduler = ChunkScheduler()
    scheduler.chunk_records = 1
    runs = {TP("t", p): run([0, 1], 2) for p in range(3)}
    assert [chunk.partition for _, chunk in scheduler.iterate(runs)] == [0, 1, 2, 0, 1, 2]


@given(sizes=st.lists(st.integers(0, 60), max_size=30), limit=st.integers(20, 120))
def test_batches_keep_rows_and_order_and_stay_below_the_limit(sizes: list[int], limit: int) -> None:
    rows = [(b"%d" % i, b"v" * size) for i, size in enumerate(sizes)]
    batches = in_batches(rows, limit)
    assert [row for batch in batches for row in batch] == rows
    for batch in batches:
        assert batch
        assert len(batch) == 1 or sum(len(k) + len(v) + 16 for k, v in batch) <= limit
