"""What an engine remembers of a partition, and how each piece is written as a fenced key and value.

Of two values of one key the one with the higher fence wins, whoever wrote it last, so that a frozen
owner that wakes up cannot undo what its successor wrote (:mod:`schemas.fence`).
"""

from __future__ import annotations

from datetime import date

import msgspec

from detectors.framework.evaluate import Asked
from detectors.framework.merged import Merged, Received, hops_of
from detectors.framework.remembered import AlertState, Subject
from detectors.framework.row import Row
from schemas.change import Coverage, Position, Rules
from schemas.fence import fence

#: Cursor of a message that is done: above every subject, so that it wins over its own slices.
DONE = "\U0010ffff"


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
    return b"d\0" + name.encode(), mark + (_encode(dict(subject.made)) if subject.made else b"")
