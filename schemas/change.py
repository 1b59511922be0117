"""The messages of the changes topic: what a partition's engine is told, in that order."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

VERSION = 1  #: of the messages of this module; old versions stay readable


class Position(msgspec.Struct, frozen=True, array_like=True, order=True, gc=False):
    """Where a change stands in its feed: a higher epoch wins, in one a record has one partition."""

    epoch: int
    partition: int
    offset: int


class Put(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="op", tag="put"):
    """The row as it now stands, for one subject: an encoded record of the type ``kind``."""

    subject: str
    kind: str
    row: msgspec.Raw
    position: Position
    source_time_ms: int = 0  #: when the source committed it; 0: unknown
    redriven: bool = False  #: told again, with its old position
    term: int = 0  #: of the owner of the feed's partition: of two at one position the later counts


class Remove(
    msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="op", tag="remove"
):
    """The row is gone for this subject: deleted, moved to another subject, or swept."""

    subject: str
    kind: str
    feed: str
    key: str
    position: Position
    source_time_ms: int = 0
    redriven: bool = False
    term: int = 0


class Unreadable(
    msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="op", tag="unreadable"
):
    """A change of this row came and could not be read: models do not see the row until it can."""

    subject: str
    kind: str
    feed: str
    key: str
    position: Position
    source_time_ms: int = 0
    reason: str = ""
    term: int = 0


class Forwarded(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One row as it stands in the dossier of a former number; without a row it is gone there."""

    kind: str
    feed: str
    key: str
    position: Position  #: of the row in its own feed
    term: int = 0
    hops: int = 0  #: times that it was passed on to come here; 0: it does not stand there any more
    row: msgspec.Raw = msgspec.Raw(b"null")  #: null with ``hops``: it cannot be read


class Forward(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="op", tag="forward"):
    """What changed in the dossier of a number that another has replaced, told to that other's.

    ``at`` is the sender's place in its own log: of two messages of one sender the later counts.
    ``former`` are the subjects that the new number is also known as through this sender, itself
    first; empty: the sender passes nothing on any more.
    """

    subject: str
    sender: str
    at: int
    former: tuple[str, ...] = ()
    rows: tuple[Forwarded, ...] = ()


#: ``Coverage.until`` of a feed or supply that promises nothing any more: it no longer answers.
WITHDRAWN = date.min


class Coverage(msgspec.Struct, frozen=True, omit_defaults=True):
    """One feed is complete, for what it supplies, from ``since`` to ``until`` (lag taken off).

    ``which`` narrows what is supplied: name of a field of ``kind`` to the values supplied; a field
    that is not named is supplied whole. ``number`` grows when a statement is taken back: a higher
    number replaces, under the same number ``until`` is joined as a maximum.
    """

    feed: str
    kind: str
    since: date
    until: date
    which: dict[str, tuple[str, ...]] = {}
    number: int = 0


class Tick(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="op", tag="tick"):
    """It is now ``as_of``; these feeds are complete so far; intake has passed these offsets.

    ``floor`` maps a feed to ``[epoch, partition, end offset]`` triples: a change below the floor of
    its partition is a repeat. All three join as running maxima.
    """

    as_of: date
    coverage: tuple[Coverage, ...] = ()
    floor: dict[str, tuple[Position, ...]] = {}


class Mark(msgspec.Struct, frozen=True, tag_field="op", tag="mark"):
    """A clock's question whether detection has come this far; changes nothing."""

    clock: str
    number: int


class Retract(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="op", tag="retract"):
    """Coverage that proved wrong, or began later than was said: this is what holds from now on."""

    coverage: tuple[Coverage, ...]


class Rules(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="op", tag="rules"):
    """Activates a rule set: code is named by its hash, what a deployment decides is said."""

    number: int
    hash: str
    grants: tuple[str, ...] = ()  #: permissions granted by the deployment
    acts_from: dict[str, date] = {}  #: model: earlier acts are not told
    disabled: tuple[str, ...] = ()  #: models that are off
    lists: dict[str, tuple[str, ...]] = {}  #: small reference lists, asked by ``context.listed``
    overrides: dict[str, Any] = {}  #: model: parameter: rows that replace the card's
    agencies: dict[str, tuple[str, str]] = {}  #: organ code: what it is called in zh and en


RowChange = Put | Remove | Unreadable
"""A change of one row in one dossier."""

Message = RowChange | Forward | Tick | Mark | Retract | Rules

_decoder: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)
_encoder = msgspec.json.Encoder()


def decode_message(data: bytes) -> Message:
    """Decode one message of the changes topic; raises ``msgspec.DecodeError``."""
    return _decoder.decode(data)


def encode_message(message: Message) -> bytes:
    """Encode one message of the changes topic."""
    return _encoder.encode(message)
