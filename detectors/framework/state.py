"""What an engine remembers of a partition, and how each piece is written as a fenced key and value.

Of two values of one key the one with the higher fence wins, whoever wrote it last, so that a frozen
owner that wakes up cannot undo what its successor wrote (:mod:`schemas.fence`).
"""

from __future__ import annotations

import sys
from datetime import date

import msgspec

from detectors.framework.dossier import Dossier
from detectors.framework.evaluate import Asked
from detectors.framework.merged import Heard, Merged, Received, hops_of
from detectors.framework.row import UNREADABLE, Row, Standing
from detectors.framework.sharing import interned
from schemas.alert import Status
from schemas.change import Coverage, Position, Rules
from schemas.fence import fence, payload_of
from schemas.record import decode_record

#: Cursor of a message that is done: above every subject, so that it wins over its own slices.
DONE = "\U0010ffff"


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
    counted: str = ""  #: the agency in whose dossier 类案 counts it


class Made(msgspec.Struct, array_like=True, gc=False):
    """One derived row as it was last sent: for whom, and a digest of the row."""

    kind: str
    feed: str
    key: str
    subjects: tuple[str, ...]
    digest: str


class Subject:
    """Everything an engine knows of one subject."""

    __slots__ = ("alerts", "asked", "dossier", "made", "merged", "rows", "touched", "troubles",
                 "unreadable")  # fmt: skip

    def __init__(self, subject: str) -> None:
        self.dossier = Dossier(subject)
        self.rows: dict[tuple[str, str], Row] = {}
        self.alerts: dict[str, dict[str, AlertState]] = {}
        self.asked: dict[str, Asked] = {}
        self.touched: set[str] = set()
        self.troubles: dict[str, str] = {}
        self.made: dict[str, dict[str, Made]] = {}
        self.unreadable: frozenset[str] = frozenset()
        self.merged: Merged | None = None

    @property
    def target(self) -> str:
        """The subject that takes this one's place; empty: none does."""
        return self.merged.target if self.merged is not None else ""

    def merge(self) -> Merged:
        """What it has to do with other numbers, from now on kept."""
        if self.merged is None:
            self.merged = Merged()
        return self.merged

    def row(self, feed: str, key: str) -> Row | None:
        """The row that stands for a feed and key, its own or one of a former number."""
        own = self.rows.get((feed, key))
        return own if self.merged is None else self.merged.shown((feed, key), own)

    def places(self) -> list[tuple[str, str]]:
        """Feed and key of every row that is here, in order."""
        return sorted({*self.rows, *(self.merged.rows if self.merged is not None else ())})

    def set_row(self, feed: str, key: str, row: Row) -> None:
        """Put a row of its own in place of the former one of its key."""
        before = self.row(feed, key)
        if row.record is not None:  # share the strings
            feed, key = row.record.source.feed, row.record.source.key
        self.rows[feed, key] = row
        self._show(before, row if self.merged is None else self.row(feed, key))

    def receive(self, sender: str, feed: str, key: str, row: Received | None) -> None:
        """Put what a former number passed on in place of what it had passed on before."""
        before = self.row(feed, key)
        self.merge().set_row(sender, (feed, key), row)
        self._show(before, self.row(feed, key))

    def _show(self, before: Row | None, now: Row | None) -> None:
        if before is now:
            return
        if before is not None and before.record is not None:
            self.dossier.discard(before.record)
        if now is not None and now.record is not None:
            self.dossier.put(now.record)
        if UNREADABLE in (before and before.state, now and now.state):
            rows = (self.row(*place) for place in self.places())
            self.unreadable = frozenset(
                row.standing.kind for row in rows if row is not None and row.state == UNREADABLE
            )

    def heard(self, sender: str, heard: Heard) -> bool:
        """Note how far a former number was heard; whether the dossier goes by other names now."""
        merged = self.merge()
        before = merged.former()
        merged.heard[sender] = heard
        former = merged.former()
        self.dossier.also_known_as(former)
        return former != before

    def was(self, evidence: str, state: int) -> bool:
        """Whether the row that an alert names as its evidence has come to this state."""
        feed, _, key = evidence.partition("\0")
        row = self.row(feed, key)
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
    """Wake-ups of one subject by model, the models that wait for the next tick, and what of them
    was told to have gone wrong."""

    asked: dict[str, Asked] = {}
    touched: tuple[str, ...] = ()
    troubles: dict[str, str] = {}


_NOTHING_LOOKED = Looked()

HEAD, KNOWN = b"h", b"k"
_encode = msgspec.json.Encoder().encode
_head = msgspec.json.Decoder(Head)
_known = msgspec.json.Decoder(Known)
_row = msgspec.json.Decoder(tuple[str, int, int, int, int, bool, int, msgspec.Raw])
_alert = msgspec.json.Decoder(AlertState)
_looked = msgspec.json.Decoder(Looked)
_merging = msgspec.json.Decoder(tuple[str, dict[str, Heard]])
_received = msgspec.json.Decoder(tuple[str, int, int, int, int, bool, int, int, msgspec.Raw])
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
    if hops := hops_of(row):
        front += f"{hops},"
    return mark + front.encode() + body + b"]"


def received_entry(
    mark: bytes, subject: str, sender: str, place: tuple[str, str], row: Received | None
) -> tuple[bytes, bytes]:
    """What a former number passed on; it has no tombstone: its sender's place in the log guards."""
    key = f"f\0{subject}\0{sender}\0{place[0]}\0{place[1]}".encode()
    return key, mark if row is None else row_value(mark, row)


def merged_entry(mark: bytes, name: str, merged: Merged) -> tuple[bytes, bytes]:
    heard = dict(sorted(merged.heard.items()))
    return b"i\0" + name.encode(), mark + _encode((merged.target, heard))


def alert_entry(
    mark: bytes, subject: str, model: str, obligation: str, alert: AlertState
) -> tuple[bytes, bytes]:
    return f"a\0{subject}\0{model}\0{obligation}".encode(), mark + _encode(alert)


def looked_entry(mark: bytes, name: str, subject: Subject) -> tuple[bytes, bytes]:
    looked = Looked(
        dict(sorted(subject.asked.items())),
        tuple(sorted(subject.touched)),
        dict(sorted(subject.troubles.items())),
    )
    return b"q\0" + name.encode(), mark + (_encode(looked) if looked != _NOTHING_LOOKED else b"")


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
        subject.troubles = dict(looked.troubles)
    elif letter == b"d":
        subject.made = _made.decode(body)
    elif letter == b"i":
        merged = subject.merge()
        merged.target, merged.heard = _merging.decode(body)
        subject.dossier.also_known_as(merged.former())
    elif letter == b"f":
        feed, place = parts[2].split("\0", 1)
        kind, epoch, partition, offset, state, redriven, term, hops, raw = _received.decode(body)
        record = None if bytes(raw) == b"null" else interned(decode_record(kind, raw))
        standing = Standing.of(kind, epoch, partition, state, redriven, term)
        received = Received(record, offset, standing, hops)
        subject.receive(sys.intern(parts[1]), sys.intern(feed), place, received)
    return None
