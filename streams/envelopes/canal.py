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
from collections.abc import Callable, Sequence
from typing import TypeAlias

import msgspec

from schemas.errors import EnvelopeError
from streams.envelopes import exact_json
from streams.envelopes.exact_json import kind_of
from streams.envelopes.row import DecodeOptions, Op, Row, RowChange, instant, key_from, moved

Typed: TypeAlias = list[tuple[str, Callable[[str], object]]]

_ROW_TYPES = {"INSERT": "put", "UPDATE": "put", "DELETE": "remove"}
_IN_SOURCE = ("database", "table", "type", "es", "ts", "id", "gtid")
_INTEGER = re.compile(r"-?[0-9]{1,40}", re.ASCII)
_TRUNCATE = re.compile(r"\s*(/\*.*?\*/\s*)*truncate\b", re.IGNORECASE | re.DOTALL)
_INTEGER_TYPES = frozenset(
    ("tinyint", "smallint", "mediumint", "int", "integer", "bigint", "year", "serial")
)
_KNOWN_TYPES = 4096  # definitions of tables


class _Message(msgspec.Struct):
    type: str | None = None
    data: list[dict[str, object]] | msgspec.UnsetType | None = msgspec.UNSET
    old: list[dict[str, object]] | None = None
    database: str | None = None
    table: str | None = None
    es: int | None = None
    ts: int | None = None
    id: int | None = None
    gtid: str | None = None
    sql: str | None = None
    isDdl: bool | None = False
    pkNames: list[str] | None = None
    mysqlType: msgspec.Raw = msgspec.Raw(b"null")


_message = exact_json.typed(_Message)
_typed_by_text: dict[bytes, Typed] = {}


def decode(key: bytes | None, value: bytes | None, options: DecodeOptions) -> list[RowChange]:
    """Decode one message; Canal's message key says nothing about the rows."""
    if value is None:
        return [RowChange("skip", options.table, source={"tombstone": True})]
    try:
        message = _message.decode(value)
    except (ValueError, RecursionError) as error:
        raise exact_json.unreadable(error) from None
    kind, rows = message.type, message.data
    if kind is None or rows is msgspec.UNSET:
        raise EnvelopeError("not_canal", 'a Canal message has "type" and "data"')
    table = _table(message, options)
    at = instant(message.es)
    source: Row = {}
    for name in _IN_SOURCE:
        item = getattr(message, name)
        if item is not None:
            source[name] = item
    sequence = None if message.es is None else (message.es,)
    if message.isDdl:
        source["ddl"] = message.sql
        emptied = kind.upper() == "TRUNCATE" or (message.sql and _TRUNCATE.match(message.sql))
        told: Op = "truncate" if emptied else "schema"
        return [RowChange(told, table, source_time=at, source=source, sequence=sequence)]
    kind = kind.upper()
    op = _ROW_TYPES.get(kind, "skip")
    if op == "skip":
        return [RowChange("skip", table, source_time=at, source=source)]

    if not rows:
        raise EnvelopeError("missing_data", f"{kind} without a row")
    typed = _typed(bytes(message.mysqlType))
    old_rows = message.old if kind == "UPDATE" else None
    if old_rows is not None and len(old_rows) != len(rows):
        raise EnvelopeError(
            "misaligned_old", f"{len(rows)} rows in data and {len(old_rows)} in old"
        )
    columns: Sequence[str] = options.key_columns or message.pkNames or ()
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


def _table(message: _Message, options: DecodeOptions) -> str:
    if not message.table:
        return options.table
    return f"{message.database}.{message.table}" if message.database else message.table


def _typed(text: bytes) -> Typed:
    """Choose the readers of a ``mysqlType``; a table sends the same bytes with every message."""
    known = _typed_by_text.get(text)
    if known is not None:
        return known
    types = exact_json.read(text)
    if types is not None and type(types) is not dict:
        raise EnvelopeError("bad_type", f"mysqlType is {kind_of(types)}, not an object")
    typed: list[tuple[str, Callable[[str], object]]] = []
    for column, declared in (types or {}).items():
        if type(declared) is not str:
            raise EnvelopeError("bad_type", f"mysqlType of {column} is not a text")
        read = _reader(declared)
        if read is not None:
            typed.append((column, read))
    if len(_typed_by_text) >= _KNOWN_TYPES:
        _typed_by_text.clear()
    return _typed_by_text.setdefault(text, typed)


def _type(row: Row, typed: Typed) -> None:
    for column, convert in typed:
        value = row.get(column)
        if type(value) is str:  # null stays null; emitters that send JSON numbers are right already
            try:
                row[column] = convert(value)
            except ValueError as error:
                raise EnvelopeError("bad_value", f"column {column}: {error}") from None


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
