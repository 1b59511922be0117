"""Maxwell JSON: one row of one MySQL table a message.

``{"database": "civil", "table": "death", "type": "update", "ts": 1738722600, "xid": 23396,
"xoffset": 0, "commit": true, "position": "mysql-bin.000123:4567", "primary_key": [1],
"primary_key_columns": ["id"], "data": {…}, "old": {…}}``

* ``insert``, ``update``, ``delete``: ``data`` is the whole row (of a delete as it was), ``old``
  only the columns an update changed; ``before`` is the row with these put back. A change of the
  primary key is an ``update`` whose ``old`` has a key column: ``remove`` and ``put``.
* ``bootstrap-insert`` is a snapshot row; ``bootstrap-start`` and ``bootstrap-complete`` are
  ``skip`` with ``snapshot`` ``"first"`` and ``"last"``.
* ``table-create``, ``table-alter``, ``table-drop``, ``database-*`` (``output_ddl``) are
  ``schema``. Maxwell does not tell of TRUNCATE: whoever truncates a table must bootstrap it again.
* ``ts`` is in **seconds** (of DDL messages in milliseconds).
* The key: ``primary_key_columns`` (``output_primary_key_columns=true``), else the Kafka key
  (``{"database", "table", "pk.id": 1}``, or the array form; names there are in lower case), else
  the contract's key columns.
* There are no column types: values are JSON values, a datetime a text without zone, fractions keep
  their literal digits. Keep ``output_nulls=true`` (the default): else a NULL cannot be told from a
  column that does not exist.
* ``sequence``: ``(file, position, xoffset)`` with ``output_binlog_position=true`` (and, for rows
  of one event, ``output_xoffset=true``); else ``(0, ts)``, which orders by the second only.
  ``xid`` is no order: transactions commit in another one, and it starts again with the server.
"""

from __future__ import annotations

import datetime as dt

from schemas.errors import EnvelopeError
from streams.envelopes import exact_json
from streams.envelopes.binlog import file_number
from streams.envelopes.exact_json import kind_of
from streams.envelopes.row import DecodeOptions, Row, RowChange, instant, key_from, moved

_PUTS = frozenset(("insert", "update", "bootstrap-insert"))
_MARKS = {"bootstrap-start": "first", "bootstrap-complete": "last"}
_NOT_IN_SOURCE = frozenset(("data", "old", "def"))
_PK = "pk."
_MILLISECONDS_FROM = 100_000_000_000  # seconds reach this in the year 5138


def decode(key: bytes | None, value: bytes | None, options: DecodeOptions) -> list[RowChange]:
    """Decode one message."""
    if value is None:
        return [RowChange("skip", options.table, source={"tombstone": True})]
    message = exact_json.read_object(value)
    kind, table = message.get("type"), _table(message, options)
    if type(kind) is not str or "database" not in message:
        raise EnvelopeError("not_maxwell", 'a Maxwell message has "type" and "database"')
    source = {name: item for name, item in message.items() if name not in _NOT_IN_SOURCE}
    at = _time(message.get("ts"))
    if kind.startswith(("table-", "database-")):
        source["ddl"] = source.pop("sql", None)
        return [RowChange("schema", table, source_time=at, source=source)]
    if kind in _MARKS:
        return [RowChange("skip", table, snapshot=_MARKS[kind], source_time=at, source=source)]
    if kind != "delete" and kind not in _PUTS:
        raise EnvelopeError("unknown_type", "type is no row, bootstrap or DDL type of Maxwell")

    row = message.get("data")
    if type(row) is not dict or not row:
        raise EnvelopeError("missing_data", f"data of {kind} is {kind_of(row)}, not a row")
    snapshot = kind == "bootstrap-insert"
    sequence = None if snapshot else _order(message)
    row_key = _key(message, row, key, options)
    if kind == "delete":
        return [RowChange("remove", table, row_key, None, row, (), False, at, source, sequence)]
    before: Row | None = None
    if kind == "update":
        old = message.get("old") or {}
        if type(old) is not dict:
            raise EnvelopeError("bad_image", f"old is {kind_of(old)}, not an object")
        before = {**row, **old}
    put = RowChange("put", table, row_key, row, before, (), snapshot, at, source, sequence)
    return moved(row_key, before, put) if row_key else [put]


def read_key(key: bytes | None, options: DecodeOptions) -> Row | None:
    """Read the Kafka key, in either of Maxwell's formats; None without a primary key."""
    if key is None:
        return None
    sent = exact_json.read(key)
    if type(sent) is list and len(sent) == 3 and type(sent[2]) is list:
        named: Row = {}
        for part in sent[2]:
            if type(part) is not dict:
                raise EnvelopeError("bad_key", "the array key holds something else than columns")
            named.update(part)
    elif type(sent) is dict:
        named = {
            name.removeprefix(_PK): item for name, item in sent.items() if name.startswith(_PK)
        }
    else:
        raise EnvelopeError("bad_key", f"the message key is {kind_of(sent)}")
    if options.key_columns:
        spelled = {column.lower(): column for column in options.key_columns}
        named = {spelled.get(name, name): item for name, item in named.items()}
    return named or None


def _key(message: Row, row: Row, key: bytes | None, options: DecodeOptions) -> Row | None:
    columns: tuple[str, ...] = options.key_columns
    if not columns:
        names = message.get("primary_key_columns")
        if type(names) is list and all(type(name) is str for name in names):
            columns = tuple(names)
        elif names is not None:
            raise EnvelopeError("bad_key", "primary_key_columns is not an array of names")
    if columns:
        return key_from(row, columns)
    sent = read_key(key, options)
    if sent is None:
        return None
    spelled = {column.lower(): column for column in row}
    return key_from(row, [spelled.get(name, name) for name in sent])


def _table(message: Row, options: DecodeOptions) -> str:
    database, table = message.get("database"), message.get("table")
    if type(table) is not str or not table:
        return options.table
    return f"{database}.{table}" if type(database) is str else table


def _order(message: Row) -> tuple[int, ...] | None:
    position, offset = message.get("position"), message.get("xoffset")
    if type(position) is str:
        file, _, place = position.rpartition(":")
        number = file_number(file)
        if number is not None and place.isascii() and place.isdigit() and len(place) <= 20:
            return (number, int(place), offset if type(offset) is int else 0)
        raise EnvelopeError("bad_position", "position is not binlog-file.number:offset")
    ts = message.get("ts")
    # Binlog files count from 1: a feed that is given positions later only moves forward.
    return (0, ts) if type(ts) is int else None


def _time(ts: object) -> dt.datetime | None:
    if type(ts) is not int:
        return None
    return instant(ts if ts >= _MILLISECONDS_FROM else ts * 1000)
