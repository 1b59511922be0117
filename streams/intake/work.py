"""One message at work: the records it touches, before and after, and the difference told.

A message may touch a record more than once (Canal sends a statement's rows together); what the
changes topic is told is the difference over the whole message, at the message's one position.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from schemas.change import Position, Put, Remove, Unreadable
from schemas.errors import EnvelopeError, RecordError
from streams.envelopes import RowChange
from streams.intake.entry import Entry
from streams.intake.outcome import Change, Outcome
from streams.intake.reading import Readable, milliseconds

_Raw = msgspec.Raw

Refusal = EnvelopeError | RecordError


@dataclass(slots=True)
class Touched:
    """A record before and after; ``row`` is its encoded record where it stands."""

    before: Entry | None
    after: Entry | None
    row: bytes = b""
    reason: str = ""
    source_time_ms: int = 0


@dataclass(slots=True)
class Work:
    """What a message has led to so far. Nothing of it is remembered before all of it succeeded."""

    offset: int
    at_ms: int
    redriven: bool = False
    retold: bool = False  #: read by another contract than what was told of it before may have been
    source_time: datetime | None = None
    source_ms: int = 0  #: when the source committed its first change; 0: unknown
    touched: dict[str, Touched] = field(default_factory=dict)
    outcome: Outcome = field(default_factory=Outcome)
    refusal: Refusal | None = None  #: the first one
    refused: int = 0
    refused_keys: list[str] = field(default_factory=list)
    nameless: bool = False  #: of a refused row not even the key is known
    holds: bool = False  #: a refused row may be about anybody
    waiting: bool = False  #: redriven before something earlier of the same record
    applied: int = 0  #: redriven rows that were news

    def count(self, label: str) -> None:
        self.outcome.labels.append(label)

    def refuse(self, error: Refusal, key: str | None) -> None:
        """Note a row for the quarantine."""
        self.refused += 1
        if self.refusal is None:
            self.refusal = error
        if key is None:
            self.nameless = self.holds = True
        elif key not in self.refused_keys:
            self.refused_keys.append(key)
        self.count("quarantined")

    def time_of(self, change: RowChange) -> int:
        """When the source committed a change, in epoch milliseconds; 0: unknown."""
        if change.source_time is self.source_time:
            return self.source_ms
        return milliseconds(change.source_time)

    def wait(self, key: str) -> None:
        """A redriven partial row must wait for what came before it."""
        self.waiting = True
        self.refused_keys.append(key)
        self.count("waiting")

    def stand(
        self, key: str, touched: Touched, after: Entry, now: Readable | None, at_ms: int
    ) -> None:
        """The record is now this."""
        touched.after = after
        touched.source_time_ms = at_ms
        if now is not None:
            touched.row = now.row
        self.touched[key] = touched


@dataclass(frozen=True, slots=True)
class Naming:
    """How a feed's partition names itself in changes."""

    feed: str
    kind: str
    epoch: int
    partition: int
    term: int  #: of this owner of the partition

    def told(
        self, key: str, touched: Touched, redriven: bool, retold: bool, into: list[Change]
    ) -> None:
        """Tell the difference, removals first; retold also what is as it was."""
        before, after = touched.before, touched.after
        if after is None or after is before:
            return
        old = before.subjects if before is not None else ()
        if retold and before is not None and before.former:
            old = tuple(sorted({*old, *before.former}))
        at_ms, redriven, term = touched.source_time_ms, redriven or retold, self.term
        if after.stands:
            same = before is not None and before.stands and before.hash == after.hash
            if not touched.row or (same and not retold):
                return
            position = Position(self.epoch, self.partition, after.position)
            new = after.subjects
            if old and old != new:
                self._remove(old, new, key, position, at_ms, redriven, into)
            row = _Raw(touched.row)
            for subject in new:
                into.append(Put(subject, self.kind, row, position, at_ms, redriven, term))
            return
        position = Position(self.epoch, self.partition, after.position)
        if after.outstanding:
            known = before.outstanding if before is not None else ()
            if set(after.outstanding) <= set(known):
                return
            self._remove(old, after.subjects, key, position, at_ms, redriven, into)
            for subject in after.subjects:
                into.append(
                    Unreadable(
                        subject, self.kind, self.feed, key, position, at_ms, touched.reason, term
                    )
                )
            return
        self._remove(old, (), key, position, at_ms, redriven, into)

    def _remove(
        self,
        old: tuple[str, ...],
        new: tuple[str, ...],
        key: str,
        position: Position,
        at_ms: int,
        redriven: bool,
        into: list[Change],
    ) -> None:
        for subject in old:
            if subject not in new:
                gone = Remove(
                    subject, self.kind, self.feed, key, position, at_ms, redriven, self.term
                )
                into.append(gone)


def former_subjects(before: Entry | None, after: Entry, work: Work) -> tuple[str, ...]:
    """Whom an owner that was frozen before an order may still tell of the record."""
    if before is None or not (work.redriven or work.retold):
        return ()
    told = {*before.former, *before.subjects} if work.redriven else set(before.former)
    return tuple(sorted(told.difference(after.subjects)))
