"""Two numbers of one person: what a dossier passes on to a later number, and got from former ones.

The dossier of the ``old`` number of an ``Identity`` row passes its rows on, type and key unchanged,
to the dossier of the ``new`` one, and is itself not evaluated. It is done before any model, so no
model reads ``Identity``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeGuard

import msgspec

from detectors.framework.row import GONE, READ, UNREADABLE, Row, Standing
from schemas.change import Forwarded, Position
from schemas.people import Identity
from schemas.record import Record, decode_record

#: How often one row is passed on at most: so a circle of wrong ``Identity`` rows ends.
HOPS = 2

_encode = msgspec.json.Encoder().encode
_NOWHERE = Position(0, 0, 0)

Place = tuple[str, str]
"""Feed and key of a row."""

#: Of routes at one position: what stands, then what cannot be read, then what is gone.
_WORTH = {READ: 2, UNREADABLE: 1, GONE: 0}


def replaced_by(rows: Iterable[Identity], key: str, token: Callable[[str], str]) -> str:
    """The number that takes over from the one whose token is ``key``; empty when there is none.

    One number is taken over by one other: the latest row counts, and a later row that says the
    reverse of an earlier one takes it back. ``rows`` are in the order of their days.
    """
    following: dict[str, None] = {}
    for row in rows:
        old, new = token(row.old), token(row.new)
        if old == new:
            continue
        if old == key:
            following.pop(row.new, None)
            following[row.new] = None
        elif new == key:
            following.pop(row.old, None)
    return next(reversed(following), "")


class Received(Row):
    """A row that a former number's dossier passed on, at its position in its own feed."""

    hops: int = 1


class Heard(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """How far one sender was heard, and whom the dossier is also known as through it."""

    at: int
    former: tuple[str, ...]


class Merged:
    """One dossier's dealings with the other numbers of its person; most have none."""

    __slots__ = ("heard", "rows", "target")

    def __init__(self, target: str = "", heard: dict[str, Heard] | None = None) -> None:
        self.target = target  #: the subject that gets everything; empty: none, it is evaluated
        self.heard = heard or {}
        self.rows: dict[Place, dict[str, Received]] = {}

    def former(self) -> frozenset[str]:
        """The tokens of the former numbers."""
        return frozenset(
            subject.partition(":")[2] for heard in self.heard.values() for subject in heard.former
        )

    def senders(self) -> Iterator[str]:
        """The former numbers that pass on to this one."""
        return (sender for sender in sorted(self.heard) if self.heard[sender].former)

    def shown(self, place: Place, own: Row | None) -> Row | None:
        """The one row for a feed and key, of the dossier's own and those passed on.

        The latest change counts: a row whose number the agency corrected has come to the dossier
        by itself, and is not told a second time by the dossier of the former number.
        """
        others = self.rows.get(place)
        if not others:
            return own
        best = own
        for _, row in sorted(others.items()):
            if best is None or _rank(row) > _rank(best):
                best = row
        return best

    def set_row(self, sender: str, place: Place, row: Received | None) -> None:
        if row is not None:
            self.rows.setdefault(place, {})[sender] = row
        elif (others := self.rows.get(place)) is not None:
            others.pop(sender, None)
            if not others:
                del self.rows[place]


def _rank(row: Row) -> tuple[int, int, int, int, int, int]:
    at = row.standing
    return at.epoch, at.partition, row.offset, at.term, _WORTH[at.state], -hops_of(row)


def hops_of(row: Row | None) -> int:
    """How often the row was passed on; 0: it is the dossier's own."""
    return row.hops if isinstance(row, Received) else 0


def goes_on(row: Row | None) -> TypeGuard[Row]:
    """Whether a row is passed on: one that stands, and did not come through too many numbers.

    What says which number follows which does not go on: it is with both of them.
    """
    return (
        row is not None
        and row.state != GONE
        and row.standing.kind != Identity.__name__
        and hops_of(row) < HOPS
    )


def passed_on(place: Place, row: Row) -> Forwarded:
    """A row as the next dossier gets it."""
    raw = msgspec.Raw(_encode(row.record))
    at = row.standing
    return Forwarded(at.kind, *place, row.position, at.term, hops_of(row) + 1, raw)


def gone(place: Place, row: Row | None) -> Forwarded:
    """That a row does not stand any more where it was passed on from."""
    if row is None:
        return Forwarded("", *place, _NOWHERE)
    return Forwarded(row.standing.kind, *place, row.position, row.standing.term)


def taken_in(item: Forwarded, share: Callable[[Record], Record]) -> Received | None:
    """A row as it came from a former number's dossier; None: it does not stand there any more."""
    if not item.hops:
        return None
    unread = bytes(item.row) == b"null"
    record = None if unread else share(decode_record(item.kind, item.row))
    at = item.position
    state = UNREADABLE if record is None else READ
    standing = Standing.of(item.kind, at.epoch, at.partition, state, False, item.term)
    return Received(record, at.offset, standing, item.hops)


def parted(rows: Sequence[Forwarded], size: int) -> Iterator[tuple[Forwarded, ...]]:
    """Rows in parts that fit into messages; at least one part, for what else a message says."""
    for start in range(0, max(len(rows), 1), size):
        yield tuple(rows[start : start + size])
