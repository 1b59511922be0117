"""One change of one row, whatever envelope it came in: what every decoder returns.

**Values** of ``key``, ``row`` and ``before`` are what JSON can hold without losing anything:

| column | value |
|---|---|
| NULL | ``None`` |
| integer, also unsigned 64-bit | ``int`` |
| exact decimal | ``str`` with the digits of the source: ``"123.40"`` |
| binary floating point | ``str``: the literal of the message, never parsed to a float |
| date | ``"2025-02-05"`` |
| timestamp without zone | ``"2025-02-05 10:30:00"``, with its fraction; **no offset** |
| timestamp with zone | the text of the source with its offset, ``"2025-02-05T02:30:00Z"`` |
| time of day | ``"10:30:00"`` |
| text | ``str``, untouched |

The blank between date and time is how SQL writes it (RFC 3339, 5.6 allows it): an envelope without
column types (Maxwell, plain) cannot know a timestamp from a text that looks like one, so this is
the only form that is the same in all envelopes without changing anybody's text. What an envelope
does not tell (Debezium without schema sends a date as a bare day count) stays as it was sent, and
the feed contract says what it means.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Literal, TypeAlias

import msgspec

from schemas.errors import EnvelopeError

Row: TypeAlias = dict[str, object]
Op: TypeAlias = Literal["put", "remove", "truncate", "schema", "skip"]

EVERY_OTHER_COLUMN = "*"
"""In ``unset``: every column that is not in ``row``, where their names are not known."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FLOAT_IS_EXACT_MS = 2**32 * 1000  # below, a double is nearer to the millisecond than half a µs


class RowChange(msgspec.Struct, frozen=True, gc=False):
    """A row as it now stands (``put``), gone (``remove``), or something that is no row.

    ``truncate``: every row of ``table`` is gone. ``schema``: the table's definition changed.
    ``skip``: nothing about a row (tombstone, heartbeat, transaction mark); said, not swallowed.

    ``before`` is advisory: PostgreSQL sends only the key under REPLICA IDENTITY DEFAULT.
    ``unset`` names columns whose value was not sent: the old value stands.
    ``snapshot`` is False for a live change, else True or the connector's own word (``"last"``,
    ``"incremental"``).
    ``sequence`` orders the changes of one row within one feed. Strictly lower means older; **equal
    means unordered**, the order of the log decides. None where the envelope has none, and for
    snapshot rows.
    """

    op: Op
    table: str = ""
    key: Row | None = None
    row: Row | None = None
    before: Row | None = None
    unset: tuple[str, ...] = ()
    snapshot: bool | str = False
    source_time: dt.datetime | None = None
    source: Row = {}
    sequence: tuple[int, ...] | None = None


class DecodeOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a feed knows and its messages may not say."""

    key_columns: tuple[str, ...] = ()
    """Columns of the row's key; without them the envelope's own key is taken."""
    table: str = ""
    """Table of the feed, for messages that do not name theirs."""
    columns: tuple[str, ...] = ()
    """All columns of the table: lets a partial plain row name what it did not send."""
    flattened: bool = False
    """Debezium: rows come unwrapped by ExtractNewRecordState, a tombstone is a deletion."""
    placeholder: str = "__debezium_unavailable_value"
    """Debezium: the connector's ``unavailable.value.placeholder``."""


Decoder: TypeAlias = Callable[[bytes | None, bytes | None], list[RowChange]]


def instant(milliseconds: object) -> dt.datetime | None:
    """Turn epoch milliseconds into an aware UTC time; None and 0 (sent for "unknown") are None."""
    if not milliseconds or type(milliseconds) is not int:
        return None
    if 0 < milliseconds < _FLOAT_IS_EXACT_MS:
        return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC)  # twice as fast
    try:
        return _EPOCH + dt.timedelta(milliseconds=milliseconds)
    except OverflowError:
        raise EnvelopeError("bad_time", "the source time is no date of this calendar") from None


def key_from(row: Row, columns: Iterable[str]) -> Row:
    """Take the key columns out of a row."""
    try:
        return {column: row[column] for column in columns}
    except KeyError as missing:
        raise EnvelopeError(
            "missing_key", f"no key column {missing.args[0]!r} in the row"
        ) from None


def moved(
    key: Row,
    before: Row | None,
    put: RowChange,
) -> list[RowChange]:
    """Split an update whose ``before`` has another key into its ``remove`` and ``put``."""
    if before is None:
        return [put]
    for column, value in key.items():
        if before.get(column, value) != value:
            old_key = {name: before.get(name, value) for name, value in key.items()}
            gone = msgspec.structs.replace(
                put, op="remove", key=old_key, row=None, before=before, unset=()
            )
            return [gone, msgspec.structs.replace(put, before=None)]
    return [put]
