"""Upkeep of the embedded log: retention by time and compaction by key."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator

import msgspec

from streams.log.records import LogRecord
from streams.log.sqlite_log import SqliteLog, _decode, _decode_spec, _span

TOMBSTONE_MS = 86_400_000
"""How long a record without a value stays readable after it (Kafka's delete.retention.ms)."""
_BATCHES_AT_ONCE = 64


def maintain(log: SqliteLog, now_ms: int | None = None) -> int:
    """Drop what retention and compaction no longer keep; return the number of records dropped.

    Meant for a thread: a log file is worked on over a connection of its own, in short
    transactions, so that appends go on. ``min_compaction_lag_ms`` is not kept here: it guards
    against a second writer, and the embedded log admits only one process per group.
    """
    now = int(time.time() * 1000) if now_ms is None else now_ms
    if not log.path:
        with log.lock:
            return _maintain(log.db, now)
    db = sqlite3.connect(log.path, isolation_level=None, timeout=30)
    try:
        return _maintain(db, now)
    finally:
        db.close()


def _maintain(db: sqlite3.Connection, now_ms: int) -> int:
    dropped = 0
    specs = [_decode_spec(spec) for (spec,) in db.execute("SELECT spec FROM topic").fetchall()]
    for spec in specs:
        for (row_id,) in db.execute(
            "SELECT id FROM partition WHERE topic=?", (spec.name,)
        ).fetchall():
            if spec.retention_ms is not None:
                dropped += _expire(db, row_id, now_ms - spec.retention_ms)
            if spec.compact:
                dropped += _compact(db, row_id, now_ms - TOMBSTONE_MS)
    return dropped


def _expire(db: sqlite3.Connection, row_id: int, before_ms: int) -> int:
    """Drop the leading batches whose newest record is older than ``before_ms``."""
    low, high = _span(row_id)
    db.execute("BEGIN IMMEDIATE")
    (kept,) = db.execute(
        "SELECT min(id) FROM batch WHERE id>=? AND id<? AND newest_ms>=?", (low, high, before_ms)
    ).fetchone()
    until = high if kept is None else kept
    dropped = sum(
        len(_decode(records))
        for (records,) in db.execute("SELECT records FROM batch WHERE id>=? AND id<?", (low, until))
    )
    if dropped:
        db.execute("DELETE FROM batch WHERE id>=? AND id<?", (low, until))
        db.execute(
            "UPDATE partition SET begin = CASE WHEN ? THEN end ELSE ? END WHERE id=?",
            (kept is None, until - low, row_id),
        )
    db.execute("COMMIT")
    return dropped


def _compact(db: sqlite3.Connection, row_id: int, tombstones_before_ms: int) -> int:
    """Keep the last record of each key; offsets and batch ends stay as they are."""
    latest: dict[bytes | None, int] = {}
    for _, records in _batches(db, row_id):
        latest.update((record.key, record.offset) for record in records)
    dropped = 0
    changes: list[tuple[int, list[LogRecord]]] = []
    for batch_id, records in _batches(db, row_id):
        kept = [
            record
            for record in records
            if record.offset > latest.get(record.key, -1)
            or (
                record.offset == latest[record.key]
                and (record.value is not None or record.timestamp_ms >= tombstones_before_ms)
            )
        ]
        if len(kept) < len(records):
            dropped += len(records) - len(kept)
            changes.append((batch_id, kept))
            if len(changes) >= _BATCHES_AT_ONCE:
                _rewrite(db, changes)
                changes = []
    _rewrite(db, changes)
    return dropped


def _rewrite(db: sqlite3.Connection, changes: list[tuple[int, list[LogRecord]]]) -> None:
    db.execute("BEGIN IMMEDIATE")
    for batch_id, kept in changes:
        if kept:
            encoded = msgspec.msgpack.encode(kept)
            db.execute("UPDATE batch SET records=? WHERE id=?", (encoded, batch_id))
        else:
            db.execute("DELETE FROM batch WHERE id=?", (batch_id,))
    db.execute("COMMIT")


def _batches(db: sqlite3.Connection, row_id: int) -> Iterator[tuple[int, list[LogRecord]]]:
    """Walk over the batches in slices, so that no read transaction stays open for long."""
    low, high = _span(row_id)
    while True:
        rows = db.execute(
            "SELECT id, records FROM batch WHERE id>=? AND id<? ORDER BY id LIMIT ?",
            (low, high, _BATCHES_AT_ONCE),
        ).fetchall()
        if not rows:
            return
        for batch_id, records in rows:
            yield batch_id, _decode(records)
        low = rows[-1][0] + 1
