"""What the log holds: records in partitions of topics, and how a topic is declared."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

Row = tuple[bytes | None, bytes | None]
"""A key and a value on their way into the log."""

Headers = tuple[tuple[str, bytes], ...]

WEEK_MS = 7 * 86_400_000
MEBIBYTE = 1 << 20

BATCH_BYTES = 900_000
"""Where a long append is cut into record batches: below Kafka's default limit of one message."""


class LogRecord(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One record as it was read: keys and values are bytes, nothing is decoded."""

    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()


class TopicSpec(msgspec.Struct, frozen=True):
    """A topic as it must exist; the partition count is fixed for its life."""

    name: str
    partitions: int
    compact: bool = False
    retention_ms: int | None = None
    """None keeps the records for ever."""
    max_message_bytes: int = 8 * MEBIBYTE
    min_compaction_lag_ms: int = 0
    """How long a superseded record of a compacted topic stays readable at least."""


def changelog_name(app_id: str, table: str) -> str:
    """Name the changelog as Faust derives it from the application and the table."""
    return f"{app_id}-{table}-changelog"


def changelog_spec(app_id: str, table: str, partitions: int) -> TopicSpec:
    """Declare the changelog of a table.

    A frozen owner that wakes up may write a stale value after the new one; compaction must not
    drop the newer one before the next recovery has rewritten it, hence the week of lag.
    """
    return TopicSpec(
        changelog_name(app_id, table), partitions, compact=True, min_compaction_lag_ms=WEEK_MS
    )


def in_batches(rows: Sequence[Row], limit_bytes: int = BATCH_BYTES) -> list[Sequence[Row]]:
    """Cut rows, in order, into batches of at most ``limit_bytes`` (or of one larger row)."""
    batches: list[Sequence[Row]] = []
    begin = size = 0
    for index, (key, value) in enumerate(rows):
        row_bytes = len(key or b"") + len(value or b"") + 16
        if size + row_bytes > limit_bytes and index > begin:
            batches.append(rows[begin:index])
            begin, size = index, 0
        size += row_bytes
    if begin < len(rows):
        batches.append(rows[begin:])
    return batches
