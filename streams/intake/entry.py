"""What the registry remembers of one record, and of a feed's partition as a whole."""

from __future__ import annotations

from datetime import date

import msgspec

#: Keys of the registry that are no record's begin with a byte that no record key begins with.
HEAD = b"\0head"
_HELD = b"\0held"


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One record as its feed last told it.

    It is *gone* (``columns`` empty, nothing outstanding), *unreadable* (something outstanding) or
    it stands. Fields are only ever appended, each with a default.
    """

    offset: int  #: of the last change that told its content
    sequence: tuple[int, ...] | None  #: the source's own order of the last change
    seen_ms: int  #: when the log got the last message that showed it
    subjects: tuple[str, ...]  #: whom the changes topic was told it is about
    columns: bytes  #: the mapped columns of the last good row, as JSON
    hash: bytes  #: over (record, subjects, contract version); empty while unreadable or gone
    outstanding: tuple[int, ...] = ()  #: in quarantine since the last good row, ascending
    ended: date | None = None  #: a list of present state: the day the row left it
    ended_at: int = -1  #: offset of that removal
    former: tuple[str, ...] = ()  #: whom an owner that missed an order may still tell of it

    @property
    def gone(self) -> bool:
        return not self.columns and not self.outstanding

    @property
    def stands(self) -> bool:
        return bool(self.columns) and not self.outstanding

    @property
    def position(self) -> int:
        """The offset that the changes topic knows as this record's latest."""
        return max(self.offset, self.ended_at)


class Held(msgspec.Struct, frozen=True, array_like=True):
    """A message in quarantine that something still waits for."""

    keys: tuple[str, ...]  #: records that it made unreadable
    nameless: bool  #: a row of it has no key that can be read
    day: date | None  #: coverage of the feed stops before this day; None: it need not
    at_ms: int  #: when the log got it


class Head(msgspec.Struct, frozen=True, array_like=True):
    """What a partition knows beside its records."""

    topic_id: str
    partitions: int
    said: date | None = None  #: complete until, as the source says, lag not taken off
    number: int = 0  #: grows when a statement is taken back
    supplies: bytes = b""  #: what was said to be supplied, to see when the contract says otherwise
    snapshot_ms: int | None = None  #: when the first row of the running snapshot came
    mapping: bytes = b""  #: fingerprint of the contract that the last messages were read by
    caught_up: int = 0  #: 1: the epoch has read what its group had passed before
    truncated: tuple[int, ...] | None = None  #: the source's order of the last truncation
    retell_to: int = 0  #: messages before this offset may have been told by one who knew less
    #: The latest snapshot that was swept: when it began as the order says, and when it did here.
    swept: tuple[int, int] | None = None


_encode = msgspec.msgpack.Encoder().encode
_entry = msgspec.msgpack.Decoder(Entry)
_held = msgspec.msgpack.Decoder(Held)
_head = msgspec.msgpack.Decoder(Head)

encode_state = _encode
decode_entry = _entry.decode
decode_held = _held.decode
decode_head = _head.decode


def held_key(offset: int) -> bytes:
    """The registry key of the quarantined message at an offset; ascending like the offsets."""
    return _HELD + offset.to_bytes(8, "big")


def is_record(key: bytes) -> bool:
    """Whether a registry key is that of a record."""
    return not key.startswith(b"\0")
