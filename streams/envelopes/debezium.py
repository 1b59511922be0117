"""Debezium JSON: PostgreSQL and MySQL, with and without schema, enveloped or flattened.

A message value is ``{"before": {…}|null, "after": {…}|null, "source": {…}, "op": "c|u|d|r|t|m",
"ts_ms": …}``, or the same as ``payload`` beside its ``schema`` (``schemas.enable=true``); the key
is the primary key as an object, wrapped likewise.

* ``c`` and ``u`` give a ``put``, ``d`` a ``remove``, ``r`` (snapshot) a ``put`` with ``snapshot``,
  ``t`` (not sent unless ``skipped.operations=none``) a ``truncate`` (of the partition it came on;
  Debezium sends one message for the table), ``m`` (``pg_logical_emit_message``) a ``skip``.
* A null value is the tombstone that follows a ``d`` for compaction: ``skip``. For a flattened feed
  (``flattened=True``) it is the deletion itself.
* A changed primary key comes as ``d`` and ``c`` (headers ``__debezium.newkey`` and ``oldkey``), one
  ``remove`` and one ``put``. A ``u`` whose ``before`` has another key (custom
  ``message.key.columns``) becomes the same two.
* ``__debezium_unavailable_value`` (a TOAST value or LOB that did not change; also as base64 or hex
  of a bytes column, in arrays and maps) is not a value: the column goes to ``unset``.
* Under REPLICA IDENTITY DEFAULT ``before`` is null, or holds the key and blanks: blanks that were
  never sent are left out.
* With a schema, decimals and times are read by schema name (``connect_values``). Without one a
  date is a bare integer and a *precise* decimal a base64 text that nobody can tell from a text: use
  ``decimal.handling.mode=string`` there. A ``{"scale", "value"}`` decimal is recognised.
* ``sequence``: PostgreSQL the LSN of the row (row locks make it grow for each key); MySQL binlog
  file number, position, row.
* Messages of heartbeat and transaction topics are ``skip``, schema changes ``schema``.
* Flattened (ExtractNewRecordState): the row itself, with ``__op``, ``__deleted``, ``__table``,
  ``__lsn`` … from ``add.fields`` taken out into ``source``. Needs one of those fields, a schema or
  ``flattened=True``: any other object is refused as ``not_debezium`` rather than taken for a row.
"""

from __future__ import annotations

import re

from schemas.errors import EnvelopeError
from streams.envelopes import flattened, unavailable
from streams.envelopes.binlog import file_number
from streams.envelopes.connect_schema import ConnectSchema, unwrap
from streams.envelopes.connect_values import variable_decimal
from streams.envelopes.exact_json import kind_of
from streams.envelopes.row import DecodeOptions, Row, RowChange, instant, key_from, moved

_OPS = frozenset("cudrtm")
# What the converters put where PostgreSQL sent nothing: null, or for NOT NULL the zero of the type.
_BLANKS = (None, "", 0, False, "AA==", {"scale": 0, "value": "AA=="})
_ZERO_TEXT = re.compile(r"0(\.0+)?|1970-01-01(T00:00:00(\.0+)?)?Z?|00:00:00(\.0+)?Z?")
_LIVE = (None, "false", False)


def decode(key: bytes | None, value: bytes | None, options: DecodeOptions) -> list[RowChange]:
    """Decode one message."""
    if value is None:
        return [_tombstone(key, options)]
    payload, schema, text = unwrap(value)
    if payload is None:
        return [_tombstone(key, options)]
    if type(payload) is not dict:
        raise EnvelopeError("not_an_object", f"the payload is {kind_of(payload)}")
    op, source = payload.get("op"), payload.get("source")
    if type(op) is not str or not (type(source) is dict or "after" in payload):
        return _other(key, text, payload, schema, options)
    if op not in _OPS:
        raise EnvelopeError("unknown_op", "op is none of c, u, d, r, t, m")
    if source is None:
        source = {}
    elif type(source) is not dict:
        raise EnvelopeError("bad_source", f"source is {kind_of(source)}, not an object")
    return _enveloped(op, key, text, payload, source, schema, options)


def read_key(key: bytes | None, options: DecodeOptions) -> Row | None:
    """Read the key of a message whose value does not decode; None if it says no key."""
    if key is None:
        return None
    payload, schema, _ = unwrap(key)
    if type(payload) is not dict:
        raise EnvelopeError("bad_key", f"the message key is {kind_of(payload)}, not an object")
    schema.convert(payload)
    return payload


def _enveloped(
    op: str,
    key: bytes | None,
    text: bytes,
    payload: Row,
    source: Row,
    schema: ConnectSchema,
    options: DecodeOptions,
) -> list[RowChange]:
    table = table_of(source, options)
    at = instant(source.get("ts_ms"))
    if op == "m":
        source = {**source, "message": payload.get("message")}
        return [RowChange("skip", table, source_time=at, source=source)]
    if op == "t":
        return [RowChange("truncate", table, source_time=at, source=source, sequence=order(source))]
    word = source.get("snapshot")
    snapshot: bool | str = op == "r"
    if word not in _LIVE:
        snapshot = True if word is True or word == "true" else str(word)
    sequence = None if snapshot else order(source)

    before, after = _image(payload, "before"), _image(payload, "after")
    unset = unavailable.drop(after, options.placeholder)
    unavailable.drop(before, options.placeholder)
    if op == "d":
        before = _sent_part(before, key, options)
    if schema.structs:
        for name, image in (("before", before), ("after", after)):
            if image is not None and name in schema.structs:
                schema.structs[name].convert(image)
    elif b'"scale":' in text:
        _read_variable_decimals(before)
        _read_variable_decimals(after)

    if op == "d":
        row_key = _key(key, before, options)
        if row_key is None and before is None:
            raise EnvelopeError("missing_key", "a deletion with neither a message key nor a before")
        return [
            RowChange("remove", table, row_key, None, before, (), snapshot, at, source, sequence)
        ]
    if after is None:
        raise EnvelopeError("missing_after", f"op {op} has no after image")
    row_key = _key(key, after, options)
    put = RowChange("put", table, row_key, after, before, unset, snapshot, at, source, sequence)
    return [put] if before is None or row_key is None else moved(row_key, before, put)


def table_of(source: Row, options: DecodeOptions) -> str:
    """Name the table as ``schema.table``, or ``db.table`` in MySQL, which has no schemas."""
    table = source.get("table")
    if type(table) is not str or not table:
        return options.table
    space = source.get("schema") or source.get("db")
    return f"{space}.{table}" if type(space) is str else table


def order(source: Row) -> tuple[int, ...] | None:
    """Place a change in its source: ``(lsn,)``, or ``(binlog file, position, row)``."""
    lsn = source.get("lsn")
    if type(lsn) is int:
        # Not (commit LSN, LSN): the commit part is missing after some restarts, and for one key the
        # LSN alone grows, for a row stays locked until its transaction has committed.
        return (lsn,)
    file, position, row = source.get("file"), source.get("pos"), source.get("row")
    if type(file) is str and type(position) is int:
        number = file_number(file)
        if number is not None:
            return (number, position, row if type(row) is int else 0)
    return None


def _image(payload: Row, name: str) -> Row | None:
    image = payload.get(name)
    if image is not None and type(image) is not dict:
        raise EnvelopeError("bad_image", f"{name} is {kind_of(image)}, not an object")
    return image


def _key(key: bytes | None, row: Row | None, options: DecodeOptions) -> Row | None:
    columns = options.key_columns
    if columns and row is not None and all(column in row for column in columns):
        return key_from(row, columns)
    sent = read_key(key, options)
    if sent is None:
        return None
    if columns:
        return key_from(sent, columns)
    if row is not None and all(column in row for column in sent):
        # The message key tells the columns; the values are those of the row itself.
        return {column: row[column] for column in sent}
    return sent


def _sent_part(before: Row | None, key: bytes | None, options: DecodeOptions) -> Row | None:
    """Leave out the blanks that stand where PostgreSQL sent nothing but the key."""
    columns = options.key_columns or read_key(key, options)
    if not before or not columns:
        return before
    for name, value in before.items():
        if name in columns or value in _BLANKS:
            continue
        if type(value) is not str or not _ZERO_TEXT.fullmatch(value):
            return before
    return {name: value for name, value in before.items() if name in columns}


def _read_variable_decimals(image: Row | None) -> None:
    if image is None:
        return
    for name, value in image.items():
        if type(value) is dict and value.keys() == {"scale", "value"}:
            try:
                image[name] = variable_decimal(value)
            except (TypeError, ValueError) as error:
                raise EnvelopeError("bad_value", f"column {name}: {error}") from None


def _tombstone(key: bytes | None, options: DecodeOptions) -> RowChange:
    source: Row = {"tombstone": True}
    if not options.flattened:
        return RowChange("skip", options.table, source=source)
    row_key = _key(key, None, options)
    if row_key is None:
        raise EnvelopeError("missing_key", "a null value without a key deletes nothing")
    return RowChange("remove", options.table, row_key, source=source)


def _other(
    key: bytes | None, text: bytes, payload: Row, schema: ConnectSchema, options: DecodeOptions
) -> list[RowChange]:
    """Read what is no row envelope: heartbeat, transaction mark, schema change, flattened row."""
    if not options.flattened:
        if payload.keys() == {"ts_ms"}:
            source: Row = {"connector_heartbeat": payload}
            return [RowChange("skip", source_time=instant(payload["ts_ms"]), source=source)]
        if "event_count" in payload and payload.get("status") in ("BEGIN", "END"):
            at = instant(payload.get("ts_ms"))
            return [RowChange("skip", source_time=at, source={"transaction": payload})]
        if "tableChanges" in payload or "ddl" in payload:
            return _schema_change(payload, options)
        if not (flattened.is_marked(payload) or schema.name.endswith(".Value")):
            raise EnvelopeError(
                "not_debezium",
                "neither op with before/after/source, nor a __field of ExtractNewRecordState"
                " (set add.fields=op,table,lsn,source.ts_ms there, or say flattened)",
            )
    unset = unavailable.drop(payload, options.placeholder)
    deleted, row, source = flattened.split(payload)
    if deleted:
        row = _sent_part(row, key, options) or {}
    schema.convert(row)
    if schema.name == "" and b'"scale":' in text:
        _read_variable_decimals(row)
    table = table_of(source, options) or schema.name.removesuffix(".Value")
    at = instant(source.get("ts_ms"))
    word = source.get("snapshot")
    snapshot = source.get("op") == "r" or (word not in _LIVE and (word == "true" or str(word)))
    sequence = None if snapshot else order(source)
    row_key = _key(key, row, options)
    if deleted:
        if row_key is None and not row:
            raise EnvelopeError("missing_key", "a deletion with neither a key nor a row")
        return [RowChange("remove", table, row_key, None, row, (), snapshot, at, source, sequence)]
    return [RowChange("put", table, row_key, row, None, unset, snapshot, at, source, sequence)]


def _schema_change(payload: Row, options: DecodeOptions) -> list[RowChange]:
    origin = payload.get("source")
    source = dict(origin) if type(origin) is dict else {}
    source["ddl"] = payload.get("ddl")
    if type(payload.get("databaseName")) is str:
        source.setdefault("db", payload["databaseName"])
    at = instant(source.get("ts_ms") or payload.get("ts_ms"))
    return [RowChange("schema", table_of(source, options), source_time=at, source=source)]
