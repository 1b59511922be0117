"""Canal JSON (Alibaba Canal's FlatMessage): one statement on one MySQL table, many rows a message.

``{"database": "civil", "table": "death", "pkNames": ["id"], "isDdl": false, "type": "UPDATE",
"es": 1738722600000, "ts": …, "id": …, "gtid": …, "sql": "", "mysqlType": {"id": "bigint(20)", …},
"sqlType": {…}, "data": [{…}, …], "old": [{…}, …] | null}``

* ``type`` INSERT, UPDATE, DELETE: one change for each row of ``data`` (for a DELETE the row as it
  was). ``old`` is aligned with ``data`` by index and holds the changed columns only: ``before`` is
  the row with these put back. An ``old`` of another length is refused (``misaligned_old``).
* All values are text. ``mysqlType`` types them: integers (unsigned 64-bit exact) become ``int``,
  ``bit(1)`` a boolean, longer ``bit`` and ``year`` ``int``; decimals, floats, dates and datetimes
  stay the text they are (Canal prints a TIMESTAMP in its server's zone and does not say which: no
  zone is invented). Without ``mysqlType`` (some cloud services) all stays text.
* An UPDATE that changes a column of ``pkNames`` is a ``remove`` and a ``put``.
* ``isDdl``: ``schema``, for TRUNCATE ``truncate``. Statements without rows (QUERY, GTID …):
  ``skip``.
* ``es`` (milliseconds, in steps of a second) is when the statement began at the source. It is all
  the order Canal gives, ``sequence = (es,)``: a connector that re-sends old history is recognised,
  two changes within a second are not ordered. A statement that waited long for a row lock may carry
  an ``es`` before that of a change it overwrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from schemas.errors import EnvelopeError
from streams.envelopes import exact_json
from streams.envelopes.exact_json import kind_of
from streams.envelopes.row import DecodeOptions, Op, Row, RowChange, instant, key_from, moved

_ROW_TYPES = {"INSERT": "put", "UPDATE": "put", "DELETE": "remove"}
_IN_SOURCE = ("database", "table", "type", "es", "ts", "id", "gtid")
_INTEGER = re.compile(r"-?[0-9]{1,40}", re.ASCII)
_TRUNCATE = re.compile(r"\s*(/\*.*?\*/\s*)*truncate\b", re.IGNORECASE | re.DOTALL)
_INTEGER_TYPES = frozenset(
    ("tinyint", "smallint", "mediumint", "int", "integer", "bigint", "year", "serial")
)


def decode(key: bytes | None, value: bytes | None, options: DecodeOptions) -> list[RowChange]:
    """Decode one message; Canal's message key says nothing about the rows."""
    if value is None:
        return [RowChange("skip", options.table, source={"tombstone": True})]
    message = exact_json.read_object(value)
    kind = message.get("type")
    if type(kind) is not str or "data" not in message:
        raise EnvelopeError("not_canal", 'a Canal message has "type" and "data"')
    source = {name: message[name] for name in _IN_SOURCE if message.get(name) is not None}
    table = _table(message, options)
    es = message.get("es")
    at = instant(es)
    sequence = (es,) if type(es) is int else None
    if message.get("isDdl") is True:
        sql = message.get("sql")
        source["ddl"] = sql
        emptied = kind.upper() == "TRUNCATE" or (type(sql) is str and _TRUNCATE.match(sql))
        told: Op = "truncate" if emptied else "schema"
        return [RowChange(told, table, source_time=at, source=source, sequence=sequence)]
    op = _ROW_TYPES.get(kind.upper(), "skip")
    if op == "skip":
        return [RowChange("skip", table, source_time=at, source=source)]

    rows = _images(message, "data")
    if not rows:
        raise EnvelopeError("missing_data", f"{kind} without a row")
    typed = _typed_columns(message.get("mysqlType"))
    old_rows: list[Row] | None = None
    if kind.upper() == "UPDATE" and message.get("old") is not None:
        old_rows = _images(message, "old")
        if len(old_rows) != len(rows):
            raise EnvelopeError(
                "misaligned_old", f"{len(rows)} rows in data and {len(old_rows)} in old"
            )
    columns = options.key_columns or _names(message.get("pkNames"))
    changes: list[RowChange] = []
    for index, row in enumerate(rows):
        _type(row, typed)
        row_key = key_from(row, columns) if columns else None
        if op == "remove":
            changes.append(
                RowChange("remove", table, row_key, None, row, (), False, at, source, sequence)
            )
            continue
        before: Row | None = None
        if old_rows is not None:
            old = old_rows[index]
            _type(old, typed)
            before = {**row, **old}
        put = RowChange("put", table, row_key, row, before, (), False, at, source, sequence)
        changes += moved(row_key, before, put) if row_key else (put,)
    return changes


def read_key(key: bytes | None, options: DecodeOptions) -> Row | None:
    """Canal sends no key of the row outside its value: always None."""
    return None


def _table(message: Row, options: DecodeOptions) -> str:
    database, table = message.get("database"), message.get("table")
    if type(table) is not str or not table:
        return options.table
    return f"{database}.{table}" if type(database) is str and database else table


def _images(message: Row, name: str) -> list[Row]:
    images = message.get(name)
    if images is None:
        return []
    if type(images) is not list:
        raise EnvelopeError("bad_image", f"{name} is {kind_of(images)}, not an array of rows")
    for image in images:
        if type(image) is not dict:
            raise EnvelopeError("bad_image", f"{name} holds {kind_of(image)} where a row should be")
    return images


def _names(names: object) -> tuple[str, ...]:
    if names is None:
        return ()
    if type(names) is not list or not all(type(name) is str for name in names):
        raise EnvelopeError("bad_key", "pkNames is not an array of names")
    return tuple(names)


def _typed_columns(types: object) -> list[tuple[str, Callable[[str], object]]]:
    if types is None:
        return []
    if type(types) is not dict:
        raise EnvelopeError("bad_type", f"mysqlType is {kind_of(types)}, not an object")
    converters = []
    for column, declared in types.items():
        if type(declared) is not str:
            raise EnvelopeError("bad_type", f"mysqlType of {column} is not a text")
        convert = _reader(declared)
        if convert is not None:
            converters.append((column, convert))
    return converters


def _type(row: Row, columns: list[tuple[str, Callable[[str], object]]]) -> None:
    for column, convert in columns:
        value = row.get(column)
        if type(value) is str:  # null stays null; emitters that send JSON numbers are right already
            try:
                row[column] = convert(value)
            except ValueError as error:
                raise EnvelopeError("bad_value", f"column {column}: {error}") from None


@lru_cache(maxsize=4096)
def _reader(declared: str) -> Callable[[str], object] | None:
    """Choose how the text of a MySQL type is read: ``bigint(20) unsigned``, ``bit(1)`` …"""
    name = re.split(r"[\s(]", declared.strip().lower(), maxsplit=1)[0]
    if name in _INTEGER_TYPES:
        return _integer
    if name == "bit":
        return _flag if re.fullmatch(r"bit(\s*\(1\))?", declared.strip().lower()) else _integer
    return None


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError("not an integer")
    return int(text)


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("neither 0 nor 1")
    return text == "1"
