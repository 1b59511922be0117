"""The embedded log: topics, partitions, batches and committed offsets in one SQLite file.

Records are kept as the batches they were appended in, one row per batch, as Kafka does: appending
is one insert and reading is one decode. WAL with ``synchronous=NORMAL`` survives the death of the
process at any moment; a power cut may take the last commits, never an older one, and never tears a
batch or separates a record from an offset committed after it.
"""

from __future__ import annotations

import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec

from schemas.errors import LogError
from streams.log.chunks import Run
from streams.log.records import Headers, LogRecord, Row, TopicSpec

READ_BYTES = 2 << 20
_SHIFT = 44  # row id = partition number << 44 | offset: one B-tree, in order, for big payloads
_SCHEMA = """
CREATE TABLE IF NOT EXISTS topic(
  name TEXT PRIMARY KEY, id TEXT NOT NULL, spec BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS partition(
  id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, number INT NOT NULL,
  begin INT NOT NULL DEFAULT 0, end INT NOT NULL DEFAULT 0, UNIQUE(topic, number));
CREATE TABLE IF NOT EXISTS batch(
  id INTEGER PRIMARY KEY, next INT NOT NULL, newest_ms INT NOT NULL, records BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS committed(
  grp TEXT, topic TEXT, number INT, position INT NOT NULL, PRIMARY KEY(grp, topic, number))
  WITHOUT ROWID;
"""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[LogRecord]).decode
_decode_spec = msgspec.msgpack.Decoder(TopicSpec).decode


class Append(msgspec.Struct, frozen=True):
    """One atomic batch for one partition."""

    topic: str
    partition: int
    rows: Sequence[Row]
    timestamp_ms: int
    headers: Headers = ()


class SqliteLog:
    """The log over one connection; any thread may call, every method is one transaction."""

    def __init__(self, path: str) -> None:
        """Open or create the file at ``path``; an empty path is a log in memory."""
        self.path = path
        self.lock = threading.RLock()
        try:
            self.db = sqlite3.connect(
                path or ":memory:", isolation_level=None, check_same_thread=False, timeout=30
            )
            self.db.executescript(
                "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                "PRAGMA cache_size=-32000;" + _SCHEMA
            )
        except sqlite3.Error as error:
            raise LogError(
                f"the embedded log {path!r} cannot be opened ({error}): its folder must exist and "
                "be writable, and the file must be a log made by Dongjian"
            ) from error
        self._version = -1
        self._specs: dict[str, TopicSpec] = {}
        self._ends: dict[tuple[str, int], int] = {}
        self._ids: dict[tuple[str, int], int] = {}
        self.refresh()

    def close(self) -> None:
        with self.lock:
            self.db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self.lock:
            try:
                self.db.execute("BEGIN IMMEDIATE")
                try:
                    yield self.db
                    self.db.execute("COMMIT")
                except BaseException:
                    # Of a full disk SQLite may have rolled back by itself, or not even begun to:
                    # a transaction left open would take in whatever is appended next.
                    if self.db.in_transaction:
                        self.db.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise LogError(
                    f"the embedded log {self.path or 'in memory'!r} cannot be written ({error}): "
                    "is its disk full, or read-only?"
                ) from error

    def refresh(self) -> bool:
        """Take over what another process changed; True if it did change something."""
        with self.lock:
            (version,) = self.db.execute("PRAGMA data_version").fetchone()
            if version == self._version:
                return False
            self._version = version
            self._reload()
            return True

    def _reload(self) -> None:
        topics = self.db.execute("SELECT name, spec FROM topic").fetchall()
        rows = self.db.execute("SELECT topic, number, id, end FROM partition").fetchall()
        self._specs = {name: _decode_spec(spec) for name, spec in topics}
        self._ids = {(topic, number): row_id for topic, number, row_id, _ in rows}
        self._ends = {(topic, number): end for topic, number, _, end in rows}

    # Topics

    def topics(self) -> dict[str, int]:
        return {spec.name: spec.partitions for spec in self._specs.values()}

    def spec(self, topic: str) -> TopicSpec:
        try:
            return self._specs[topic]
        except KeyError:
            self.refresh()
        if topic not in self._specs:
            raise LogError(
                f"topic {topic!r} does not exist in the log {self.path or 'in memory'!r}"
            )
        return self._specs[topic]

    def create(self, spec: TopicSpec) -> None:
        """Create a topic; a topic that exists is left as it is."""
        with self._transaction() as db:
            made = db.execute(
                "INSERT OR IGNORE INTO topic VALUES(?,?,?)",
                (spec.name, str(uuid.uuid4()), _encode(spec)),
            ).rowcount
            if made:
                db.executemany(
                    "INSERT INTO partition(topic, number) VALUES(?,?)",
                    [(spec.name, number) for number in range(spec.partitions)],
                )
            self._reload()

    def delete(self, topic: str) -> None:
        """Delete a topic with its records and the offsets that groups committed for it."""
        self.spec(topic)
        with self._transaction() as db:
            for (row_id,) in db.execute(
                "SELECT id FROM partition WHERE topic=?", (topic,)
            ).fetchall():
                db.execute("DELETE FROM batch WHERE id>=? AND id<?", _span(row_id))
            for table in ("partition", "committed"):
                db.execute(f"DELETE FROM {table} WHERE topic=?", (topic,))  # noqa: S608 (two constants)
            db.execute("DELETE FROM topic WHERE name=?", (topic,))
            self._reload()

    def topic_id(self, topic: str) -> str:
        with self.lock:
            row = self.db.execute("SELECT id FROM topic WHERE name=?", (topic,)).fetchone()
        if row is None:
            raise LogError(
                f"topic {topic!r} does not exist in the log {self.path or 'in memory'!r}"
            )
        return str(row[0])

    # Records

    def end(self, topic: str, partition: int) -> int:
        """Return the offset that the next record will get."""
        return self._ends.get((topic, partition), 0)

    def begin(self, topic: str, partition: int) -> int:
        with self.lock:
            row = self.db.execute(
                "SELECT begin FROM partition WHERE topic=? AND number=?", (topic, partition)
            ).fetchone()
        return int(row[0]) if row else 0

    def append(self, appends: Iterable[Append]) -> list[int]:
        """Append batches, all or none, and return the base offset of each."""
        bases: list[int] = []
        grown: dict[tuple[str, int], int] = {}
        with self._transaction() as db:
            for batch in appends:
                where = (batch.topic, batch.partition)
                row = self._locate(db, where)
                row_id, base = row[0], grown.get(where, row[1])
                db.execute("INSERT INTO batch VALUES(?,?,?,?)", self._row(batch, row_id, base))
                grown[where] = base + len(batch.rows)
                bases.append(base)
            db.executemany(
                "UPDATE partition SET end=? WHERE topic=? AND number=?",
                [(end, topic, number) for (topic, number), end in grown.items()],
            )
        self._ends.update(grown)
        return bases

    def _locate(self, db: sqlite3.Connection, where: tuple[str, int]) -> tuple[int, int]:
        # The end is read inside the transaction: another process may have appended meanwhile.
        found = db.execute(
            "SELECT id, end FROM partition WHERE topic=? AND number=?", where
        ).fetchone()
        if found is None:
            count = self.spec(where[0]).partitions
            raise LogError(
                f"topic {where[0]!r} has the partitions 0 to {count - 1}, not {where[1]}"
            )
        if where not in self._ids:
            self._reload()
        return int(found[0]), int(found[1])

    def _row(self, batch: Append, row_id: int, base: int) -> tuple[int, int, int, bytes]:
        spec = self.spec(batch.topic)
        if not batch.rows:
            raise LogError(f"an append to topic {batch.topic!r} has no rows")
        if spec.compact and any(key is None for key, _ in batch.rows):
            raise LogError(f"topic {spec.name!r} is compacted: every record needs a key")
        at, headers = batch.timestamp_ms, batch.headers
        records = _encode(
            [(base + i, at, key, value, headers) for i, (key, value) in enumerate(batch.rows)]
        )
        if len(records) > spec.max_message_bytes:
            raise LogError(
                f"a batch of {len(records)} bytes is larger than max_message_bytes = "
                f"{spec.max_message_bytes} of topic {spec.name!r}: cut it or raise the limit"
            )
        return row_id << _SHIFT | base, base + len(batch.rows), at, records

    def read(self, topic: str, partition: int, start: int, limit_bytes: int = READ_BYTES) -> Run:
        """Read from ``start`` on, whole batches, at least one if there is any."""
        end = self.end(topic, partition)
        row_id = self._ids.get((topic, partition))
        if row_id is None or start >= end:
            return Run([], start)
        records: list[LogRecord] = []
        position, size = start, 0
        low, high = _span(row_id)
        with self.lock:
            (first,) = self.db.execute(
                "SELECT max(id) FROM batch WHERE id>=? AND id<=?", (low, low | start)
            ).fetchone()
            rows = self.db.execute(
                "SELECT next, records FROM batch WHERE id>=? AND id<? ORDER BY id",
                (low | start if first is None else first, high),
            )
            for following, encoded in rows:
                if following <= start:
                    continue
                records += _decode(encoded)
                position = following
                size += len(encoded)
                if size >= limit_bytes:
                    break
            else:
                position = max(position, end)
        if records and records[0].offset < start:
            records = [record for record in records if record.offset >= start]
        return Run(records, position)

    # Groups

    def commit(self, group: str, positions: Mapping[tuple[str, int], int]) -> None:
        with self._transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO committed VALUES(?,?,?,?)",
                [(group, topic, number, at) for (topic, number), at in positions.items()],
            )

    def committed(self, group: str, topic: str) -> dict[int, int | None]:
        with self.lock:
            found = dict(
                self.db.execute(
                    "SELECT number, position FROM committed WHERE grp=? AND topic=?", (group, topic)
                ).fetchall()
            )
        return {number: found.get(number) for number in range(self.spec(topic).partitions)}

    def delete_group(self, group: str) -> None:
        with self._transaction() as db:
            db.execute("DELETE FROM committed WHERE grp=?", (group,))


def _span(row_id: int) -> tuple[int, int]:
    return row_id << _SHIFT, (row_id + 1) << _SHIFT
