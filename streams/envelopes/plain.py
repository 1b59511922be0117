"""Plain JSON: rows from an office without change data capture, written by its own program.

A row as it now stands (all columns; send it again when anything changes):

    {"op": "upsert", "table": "civil.death", "key": {"id": 1},
     "row": {"id": 1, "died_on": "2025-02-03", "amount": "123.40"}, "at":
     "2025-02-05T10:30:00+08:00"}

A row that is gone, a table that was emptied, a row under a new key:

    {"op": "delete", "table": "civil.death", "key": {"id": 1}, "at": "2025-02-05T10:30:00+08:00"}
    {"op": "truncate", "table": "civil.death"}
    {"op": "upsert", "table": "civil.death", "old_key": {"id": 1}, "key": {"id": 2}, "row": {…}}

Only what changed: ``"partial": true``. The columns not sent keep their value; a column is emptied
by sending it as null. And the statement that everything up to a day has been sent, without which
the absence of a row proves nothing:

    {"op": "heartbeat", "table": "civil.death", "complete_until": "2025-02-05"}

Optional: ``before`` (the row as it was), ``snapshot`` (true while a whole table is sent again),
``sequence`` (an integer, or an array of integers, that grows with every change: a file sent twice
is then recognised), ``source`` (an object: whatever helps to trace the row). ``at`` needs its
offset or Z: no zone is guessed. Without ``key`` the contract's key columns are taken from the row.
Send amounts as text or as numbers, both keep their digits. A field that is not listed here is
refused (``bad_shape``), so that a misspelt one cannot be lost.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from schemas.errors import EnvelopeError
from streams.envelopes import exact_json
from streams.envelopes.row import EVERY_OTHER_COLUMN, DecodeOptions, Row, RowChange, key_from


class _Message(msgspec.Struct, forbid_unknown_fields=True):
    op: Literal["upsert", "delete", "truncate", "heartbeat"]
    table: str = ""
    key: dict[str, object] | None = None
    old_key: dict[str, object] | None = None
    row: dict[str, object] | None = None
    before: dict[str, object] | None = None
    partial: bool = False
    at: dt.datetime | None = None
    complete_until: dt.date | None = None
    snapshot: bool = False
    sequence: int | list[int] | None = None
    source: dict[str, object] = {}


_message = exact_json.typed(_Message)


def decode(key: bytes | None, value: bytes | None, options: DecodeOptions) -> list[RowChange]:
    """Decode one message."""
    if value is None:
        return [RowChange("skip", options.table, source={"tombstone": True})]
    try:
        message = _message.decode(value)
    except (ValueError, RecursionError) as error:
        raise exact_json.unreadable(error) from None
    table = message.table or options.table
    at = _aware(message.at)
    sequence = _sequence(message.sequence)
    if message.op == "heartbeat":
        if message.complete_until is None:
            raise EnvelopeError("missing_field", 'a heartbeat says "complete_until", a date')
        told: Row = {"heartbeat": {"complete_until": message.complete_until.isoformat()}}
        return [RowChange("skip", table, source_time=at, source={**message.source, **told})]
    if message.op == "truncate":
        return [
            RowChange("truncate", table, source_time=at, source=message.source, sequence=sequence)
        ]
    if message.snapshot:
        sequence = None
    change = RowChange(
        "remove",
        table,
        _key(message, options),
        None,
        message.before,
        (),
        message.snapshot,
        at,
        message.source,
        sequence,
    )
    if message.op == "delete":
        return [change]
    if message.row is None:
        raise EnvelopeError("missing_field", 'an upsert has a "row"')
    unset: tuple[str, ...] = ()
    if message.partial:
        unset = tuple(column for column in options.columns if column not in message.row)
        unset = unset if options.columns else (EVERY_OTHER_COLUMN,)
    put = msgspec.structs.replace(change, op="put", row=message.row, unset=unset)
    if message.old_key is None or message.old_key == put.key:
        return [put]
    gone = msgspec.structs.replace(change, key=message.old_key)
    return [gone, msgspec.structs.replace(put, before=None)]


def read_key(key: bytes | None, options: DecodeOptions) -> Row | None:
    """Read a Kafka key that is the key object itself; None for any other key."""
    if key is None:
        return None
    sent = exact_json.read(key)
    return sent if type(sent) is dict else None


def _key(message: _Message, options: DecodeOptions) -> Row:
    if message.key:
        return key_from(message.key, options.key_columns) if options.key_columns else message.key
    row = message.row if message.op == "upsert" else message.before
    if not options.key_columns or row is None:
        raise EnvelopeError("missing_key", f'{message.op} needs a "key", an object of columns')
    return key_from(row, options.key_columns)


def _aware(at: dt.datetime | None) -> dt.datetime | None:
    if at is None:
        return None
    if at.tzinfo is None:
        raise EnvelopeError("naive_time", '"at" needs its offset: 2025-02-05T10:30:00+08:00')
    try:
        return at.astimezone(dt.UTC)
    except OverflowError:
        raise EnvelopeError("bad_time", '"at" is beyond the calendar') from None


def _sequence(sequence: int | list[int] | None) -> tuple[int, ...] | None:
    if sequence is None:
        return None
    return (sequence,) if isinstance(sequence, int) else tuple(sequence)
