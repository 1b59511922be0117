"""A row of a dossier as the engine keeps it: the record, where it stands, what became of it."""

from __future__ import annotations

import msgspec

from schemas.change import Position
from schemas.record import Record

#: What became of a row: it stands, left a tombstone, cannot be read.
READ, GONE, UNREADABLE = 0, 1, 2


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
