"""What an engine remembers of a partition, and how each piece is written as a fenced key and value.

Of two values of one key the one with the higher fence wins, whoever wrote it last, so that a frozen
owner that wakes up cannot undo what its successor wrote (:mod:`schemas.fence`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

import msgspec

from detectors.framework.dossier import Dossier
from detectors.framework.evaluate import Asked
from schemas.alert import Status
from schemas.change import Coverage, Position, Rules
from schemas.fence import fence, payload_of
from schemas.record import Record, decode_record

READ, GONE, UNREADABLE = (
    0,
    1,
    2,
)  #: what became of a row: it stands, left a tombstone, cannot be read

#: Cursor of a message that is done: above every subject, so that it wins over its own slices.
DONE = "\U0010ffff"


class Standing(msgspec.Struct, frozen=True, gc=False):
    """What many rows have in common; one object serves all that are equal."""

    kind: str
    epoch: int
    partition: int
    state: int
    redriven: bool  #: the row, or a former one of its key, came back from quarantine
    term: int  #: of the owner of the feed's partition that told it

    @staticmethod
    def of(
        kind: str, epoch: int, partition: int, state: int, redriven: bool, term: int
    ) -> Standing:
        """The one object for these."""
        key = (kind, epoch, partition, state, redriven, term)
        return _standings.get(key) or _standings.setdefault(key, Standing(*key))


_standings: dict[tuple[str, int, int, int, bool, int], Standing] = {}


class Row(msgspec.Struct, gc=False):
    """One record in a dossier: its content, where it stands in its feed, and what became of it."""

    record: Record | None
    offset: int
    standing: Standing

    @property
    def state(self) -> int:
        return self.standing.state

    @property
    def position(self) -> Position:
        return Position(self.standing.epoch, self.standing.partition, self.offset)


class AlertState(msgspec.Struct, array_like=True):
    """One alert for ever: its revision and digest never go, also when it has ended."""

    status: Status
    revision: int
    digest: str
    content: str  #: digest of what is compared
    raised_ms: int
    evidence: tuple[str, ...]  #: ``feed NUL key`` of the first rows it rests on
    evidence_count: int
    last: msgspec.Raw  #: the last transition, without its texts


class Made(msgspec.Struct, array_like=True, gc=False):
    """One derived row as it was last sent: for whom, and a digest of the row."""

    kind: str
    feed: str
    key: str
    subjects: tuple[str, ...]
    digest: str


class Subject:
    """Everything an engine knows of one subject."""

    __slots__ = ("alerts", "asked", "dossier", "made", "rows", "touched", "unreadable")

    def __init__(self, subject: str) -> None:
        self.dossier = Dossier(subject)
        self.rows: dict[tuple[str, str], Row] = {}
        self.alerts: dict[str, dict[str, AlertState]] = {}
        self.asked: dict[str, Asked] = {}
        self.touched: set[str] = set()
        self.made: dict[str, dict[str, Made]] = {}
        self.unreadable: frozenset[str] = frozenset()

    def set_row(self, feed: str, key: str, row: Row) -> None:
        """Put a row in place of the former one of its key."""
        old = self.rows.get((feed, key))
        if old is not None and old.record is not None:
            self.dossier.discard(old.record)
        if row.record is not None:
            self.dossier.put(row.record)
            feed, key = row.record.source.feed, row.record.source.key  # share the strings
        self.rows[feed, key] = row
        if row.state == UNREADABLE or (old is not None and old.state == UNREADABLE):
            self.unreadable = frozenset(
                r.standing.kind for r in self.rows.values() if r.state == UNREADABLE
            )

    def was(self, evidence: str, state: int) -> bool:
        """Whether the row that an alert names as its evidence has come to this state."""
        feed, _, key = evidence.partition("\0")
        row = self.rows.get((feed, key))
        return row is not None and row.state == state


class Head(msgspec.Struct, frozen=True):
    """How far a partition is applied: a message's offset and, inside one, the last subject done."""

    offset: int = -1
    cursor: str = DONE

    @property
    def done(self) -> bool:
        return self.cursor == DONE


class Known(msgspec.Struct, frozen=True):
    """What ticks and rules have said so far; before the first tick it is no day at all."""

    as_of: date = date.min
    coverage: tuple[Coverage, ...] = ()
    floor: dict[str, tuple[Position, ...]] = {}
    rules: Rules | None = None
    lowered: int = -1  #: offset of the last message that took knowledge back


class Looked(msgspec.Struct, frozen=True, omit_defaults=True):
    """Wake-ups of one subject by model, and the models that wait for the next tick."""

    asked: dict[str, Asked] = {}
    touched: tuple[str, ...] = ()


HEAD, KNOWN = b"h", b"k"
_encode = msgspec.json.Encoder().encode
_head = msgspec.json.Decoder(Head)
_known = msgspec.json.Decoder(Known)
_row = msgspec.json.Decoder(tuple[str, int, int, int, int, bool, int, msgspec.Raw])
_alert = msgspec.json.Decoder(AlertState)
_looked = msgspec.json.Decoder(Looked)
_made = msgspec.json.Decoder(dict[str, dict[str, Made]])


def head_entry(head: Head) -> tuple[bytes, bytes]:
    return HEAD, fence(head.offset, head.cursor) + _encode(head)


def known_entry(offset: int, known: Known) -> tuple[bytes, bytes]:
    return KNOWN, fence(offset) + _encode(known)


def row_key(subject: str, feed: str, key: str) -> bytes:
    return f"r\0{subject}\0{feed}\0{key}".encode()


def row_value(mark: bytes, row: Row, encoded: bytes | msgspec.Raw | None = None) -> bytes:
    """A row's value; ``encoded`` saves encoding the record again where its bytes are at hand."""
    body = b"null" if row.record is None else bytes(encoded) if encoded else _encode(row.record)
    at = row.standing
    again = "true" if at.redriven else "false"
    front = f'["{at.kind}",{at.epoch},{at.partition},{row.offset},{at.state},{again},{at.term},'
    return mark + front.encode() + body + b"]"


def alert_entry(
    mark: bytes, subject: str, model: str, obligation: str, alert: AlertState
) -> tuple[bytes, bytes]:
    return f"a\0{subject}\0{model}\0{obligation}".encode(), mark + _encode(alert)


def looked_entry(mark: bytes, name: str, subject: Subject) -> tuple[bytes, bytes]:
    asked = dict(sorted(subject.asked.items()))
    body = (
        _encode(Looked(asked, tuple(sorted(subject.touched)))) if asked or subject.touched else b""
    )
    return b"q\0" + name.encode(), mark + body


def made_entry(mark: bytes, name: str, subject: Subject) -> tuple[bytes, bytes]:
    return b"d\0" + name.encode(), mark + (_encode(subject.made) if subject.made else b"")


def restore(subjects: dict[str, Subject], key: bytes, value: bytes) -> Head | Known | None:
    """Take one stored entry in; returns the head, or what is known, if the entry is that."""
    body = payload_of(value)
    if not body:
        return None
    letter, _, rest = key.partition(b"\0")
    if letter == HEAD:
        return _head.decode(body)
    if letter == KNOWN:
        return _known.decode(body)
    parts = rest.decode().split("\0", 2)  # a record key or an obligation may hold anything
    subject = subjects.get(parts[0])
    if subject is None:
        subject = subjects[parts[0]] = Subject(parts[0])
    if letter == b"r":
        kind, epoch, partition, offset, state, redriven, term, raw = _row.decode(body)
        record = None if bytes(raw) == b"null" else interned(decode_record(kind, raw))
        standing = Standing.of(kind, epoch, partition, state, redriven, term)
        row = Row(record, offset, standing)
        subject.set_row(sys.intern(parts[1]), parts[2], row)
    elif letter == b"a":
        subject.alerts.setdefault(parts[1], {})[parts[2]] = _alert.decode(body)
    elif letter == b"q":
        looked = _looked.decode(body)
        subject.asked, subject.touched = dict(looked.asked), set(looked.touched)
    elif letter == b"d":
        subject.made = _made.decode(body)
    return None


#: Strings and dates kept for sharing; numbers that occur once would else be kept for ever.
SHARED_AT_MOST = 400_000

_shared: dict[object, object] = {}
_Fields = tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]
_fields: dict[type, _Fields] = {}
_set = msgspec.structs.force_setattr
_SOURCE = ("feed", "agency", "region")
_source = attrgetter(*_SOURCE)


def interned(record: Record) -> Record:
    """The record with its strings and dates shared with others': most of a dossier's memory.

    Only a fresh, unshared record may be given: its fields are replaced by equal objects.
    """
    kind = type(record)
    names, values = _fields.get(kind) or _fields_of(kind)
    if len(_shared) > SHARED_AT_MOST:
        _shared.clear()  # sharing is only thrift: what is shared already stays shared
    share = _shared.setdefault
    own = values(record)
    for name, value, other in zip(names, own, map(share, own, own), strict=True):
        if value is not other:
            _set(record, name, other)
    source = record.source
    own = _source(source)
    for name, value, other in zip(_SOURCE, own, map(share, own, own), strict=True):
        if value is not other:
            _set(source, name, other)
    return record


def _fields_of(kind: type[Record]) -> _Fields:
    """The fields of a type that hold a text or a date, and a getter of all of them at once."""
    hints = get_type_hints(kind)
    names = tuple(
        name
        for name in kind.__struct_fields__
        if name not in ("source", "sealed_basis") and _is_plain(hints[name])
    )
    # Of fewer than two names attrgetter gives no tuple.
    several = attrgetter(*names) if len(names) > 1 else partial(_one_by_one, names)
    return _fields.setdefault(kind, (names, several))


def _is_plain(hint: object) -> bool:
    parts = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    return all(one in (str, date, NoneType) for one in parts)


def _one_by_one(names: tuple[str, ...], record: Record) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in names)
