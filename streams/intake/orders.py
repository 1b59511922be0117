"""Orders to a feed: messages of its control topic, carried out by whoever owns the partition."""

from __future__ import annotations

from datetime import date

import msgspec

from streams.log.records import LogRecord

#: Fields of this module's messages are only ever appended, each with a default.
VERSION = 1


class Redrive(msgspec.Struct, frozen=True, tag_field="order", tag="redrive"):
    """Read a quarantined message again, as it came; applied where nothing later was."""

    epoch: int
    message: LogRecord


class Dismiss(msgspec.Struct, frozen=True, tag_field="order", tag="dismiss"):
    """A quarantined message is void: what it made unreadable stands again as it stood before."""

    epoch: int
    offset: int
    reason: str


class Sweep(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="order", tag="sweep"):
    """Records that were not seen since are gone: a truncation, or the end of a complete snapshot.

    Goes to every partition, because its cause came on one and the rows are on all.
    """

    epoch: int
    cause: str  #: truncate, snapshot, moved
    before_ms: int  #: last seen in the log before this
    day: date  #: on which a record of a list of present state ends
    sequence: tuple[int, ...] | None = None  #: the source's order of the cause, where it has one
    key: str | None = None  #: only this record: its key changed and the new one lies elsewhere


class TakeBack(msgspec.Struct, frozen=True, tag_field="order", tag="take_back"):
    """The feed was not complete as far as it said."""

    until: date
    number: int


class Heard(msgspec.Struct, frozen=True, tag_field="order", tag="heard"):
    """A heartbeat that came on a topic of its own."""

    until: date


class Restate(msgspec.Struct, frozen=True, tag_field="order", tag="restate"):
    """Say again what is supplied, if the contract says otherwise than was said, and what was read.

    Who has not read yet what the group has passed reads it before any order.
    """


Order = Redrive | Dismiss | Sweep | TakeBack | Heard | Restate

_decoder: msgspec.json.Decoder[Order] = msgspec.json.Decoder(Order)
_encoder = msgspec.json.Encoder()


def decode_order(data: bytes) -> Order:
    """Decode one message of a control topic; raises ``msgspec.DecodeError``."""
    return _decoder.decode(data)


def encode_order(order: Order) -> bytes:
    """Encode one message of a control topic."""
    return _encoder.encode(order)
