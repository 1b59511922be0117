"""Reads rows of one feed: into a record with its subjects, or as much of one as can be told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple

import msgspec

from schemas.contract import Contract
from schemas.errors import EnvelopeError, RecordError
from schemas.mapping import Mapper, end_row
from schemas.record import Record
from schemas.subject import Tokens
from streams.envelopes import Decoder, Row, RowChange, decode_key, decoder
from streams.intake.heartbeat import Heartbeat

_encode = msgspec.json.Encoder().encode
_columns = msgspec.json.Decoder(dict[str, object])


class Readable(NamedTuple):
    """A row that is a record about somebody."""

    row: bytes  #: the encoded record
    subjects: tuple[str, ...]
    hash: bytes


class Legible(NamedTuple):
    """Whom an unreadable row names as far as that can be told."""

    subjects: tuple[str, ...]
    unread: frozenset[str]  #: kinds of subject of which a name could not be read


class Reading:
    """A feed's envelope and mapping, looked up once."""

    def __init__(self, contract: Contract, mapper: Mapper, tokens: Tokens) -> None:
        self._contract, self._mapper, self._tokens = contract, mapper, tokens
        options = contract.decode_options
        self._decode: Decoder = decoder(contract.envelope, **options)
        self._decode_any: Decoder = decoder(contract.envelope, **{**options, "key_columns": ()})
        self.key = mapper.key
        self.columns = frozenset(mapper.columns)
        self._kept = mapper.columns
        self.masked = contract.identity == "masked"
        self.deletion = contract.deletion
        routes = contract.record_class.ROUTES
        self._routed = tuple((kind, name) for kind, names in routes.items() for name in names)
        self._every_kind = frozenset(one for kind in routes for one in _kinds(kind))
        self.heartbeat = Heartbeat(contract).until

    def decode(self, key: bytes | None, value: bytes | None) -> list[RowChange]:
        """Decode a message; raises ``EnvelopeError``. Other tables may lack the key's columns."""
        try:
            return self._decode(key, value)
        except EnvelopeError as error:
            if error.reason != "missing_key":
                raise
            changes = self._decode_any(key, value)
            if any(one.table in ("", self._contract.table) for one in changes):
                raise
            return changes

    def key_of(self, key: bytes | None) -> str:
        """The record's key from the message key alone; raises ``DongjianError`` if it says none."""
        columns = decode_key(self._contract.envelope, key, **self._contract.decode_options)
        if columns is None:
            raise RecordError("missing_key")
        return self.key(columns)

    def read(self, row: Row, ended: date | None = None) -> Readable:
        """Read a row, as ended where its list of present state lost it; raises ``RecordError``."""
        record = self._mapper.record(row)
        if ended is not None:
            record = end_row(record, self.deletion.field, ended)
        return self._readable(record)

    def _readable(self, record: Record) -> Readable:
        subjects = self._tokens.subjects(record)
        if not subjects:
            raise RecordError("no_subject", detail="no field names a subject")
        row = _encode(record)
        return Readable(row, subjects, self._mapper.row_hash(record, subjects, row))

    def legible(self, row: Row | None) -> Legible:
        """Whom a row names that is not readable as a whole; None: nothing of it can be read."""
        if row is None:
            return Legible((), self._every_kind)
        found: set[str] = set()
        unread: set[str] = set()
        for kind, name in self._routed:
            try:
                value = self._mapper.value(name, row)
            except RecordError:
                unread.update(_kinds(kind))
                continue
            values = value if isinstance(value, tuple) else (value,)
            found.update(self._tokens.subject(kind, str(one)) for one in values if one)
        return Legible(tuple(sorted(found)), frozenset(unread))

    def missing(self, row: Row) -> bool:
        """Whether a mapped column was not sent with the row."""
        return not row.keys() >= self.columns

    def stored(self, row: Row) -> bytes:
        """The mapped columns of a row, as the registry keeps them."""
        return _encode({name: row[name] for name in self._kept if name in row})

    @staticmethod
    def restored(columns: bytes) -> Row:
        """The columns that the registry kept."""
        return _columns.decode(columns)

    def day(self, at_ms: int) -> date:
        """The day of a time where the table is kept.

        Raises ``RecordError`` for a time that no calendar has: a producer may stamp its messages
        in microseconds.
        """
        try:
            at = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(self._contract.time_zone)
        except (ValueError, OverflowError, OSError):
            raise RecordError("bad_date", detail=f"{at_ms} is no time in milliseconds") from None
        return at.date()


def _kinds(kind: str) -> tuple[str, ...]:
    return ("person", "organisation") if kind == "party" else (kind,)


def milliseconds(at: datetime | None) -> int:
    """Epoch milliseconds; 0 for a time that the source does not tell."""
    return int(at.timestamp() * 1000) if at is not None else 0
