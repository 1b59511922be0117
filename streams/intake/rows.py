"""One row change against what is known of its record: what the record then is. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec

from schemas.contract import Contract
from schemas.errors import EnvelopeError, RecordError
from streams.envelopes import Row, RowChange
from streams.intake.entry import Entry
from streams.intake.reading import Reading, milliseconds
from streams.intake.work import Refusal, Touched, Work
from streams.log.records import LogRecord


class Rows:
    """The records of one partition of a feed; ``entry`` looks one up.

    ``known`` tells whether what is remembered of a record includes the message at an offset.
    """

    def __init__(
        self,
        contract: Contract,
        reading: Reading,
        entry: Callable[[str], Entry | None],
        known: Callable[[str, int], bool],
    ) -> None:
        self.contract, self.reading, self.entry, self.known = contract, reading, entry, known

    def change(self, change: RowChange, work: Work) -> None:
        try:
            key = self.reading.key(change.key or change.row or change.before or {})
        except RecordError as error:
            work.refuse(error, None)
            return
        touched = work.touched.get(key)
        if touched is None:
            if not work.redriven and self.known(key, work.offset):
                work.count("repeated")
                return
            entry = self.entry(key)
            if entry is not None and not self._is_news(entry, change, work):
                if work.retold:
                    self._told_otherwise(key, entry, work)
                return
            touched = Touched(entry, entry)
        if change.op == "put":
            self._put(key, change, touched, work)
        else:
            self._removed(key, change, touched, work)

    def _is_news(self, entry: Entry, change: RowChange, work: Work) -> bool:
        if work.redriven:
            if work.offset in entry.outstanding:
                return True
            if work.offset <= entry.offset:
                work.count("superseded")
                return False
        sent, known = change.sequence, entry.sequence
        if sent is not None and known is not None and sent < known:
            work.count("superseded" if work.redriven else "resent")
            return False
        return True

    def _told_otherwise(self, key: str, entry: Entry, work: Work) -> None:
        """What is no news may have been some to an owner that missed an order: it is as it was."""
        if entry.outstanding or work.offset <= entry.position:
            return
        if entry.ended is not None and entry.ended_at >= entry.offset:
            after = msgspec.structs.replace(entry, ended_at=work.offset)
        else:
            after = msgspec.structs.replace(entry, offset=work.offset)
        now = None
        if entry.stands:
            try:
                now = self.reading.read(self.reading.restored(entry.columns), entry.ended)
            except RecordError:
                return  # the contract was changed since, and refuses what it took before
            after = msgspec.structs.replace(after, subjects=now.subjects, hash=now.hash)
        work.stand(key, Touched(entry, entry), after, now, 0)

    def _put(self, key: str, change: RowChange, touched: Touched, work: Work) -> None:
        entry, row = touched.after, change.row or {}
        again = entry is not None and work.offset in entry.outstanding
        partial = (change.unset or self.contract.partial) and self.reading.missing(row)
        if partial:
            if again and entry is not None and entry.outstanding[0] != work.offset:
                work.wait(key)
                return
            behind = entry is not None and entry.outstanding and not again
            if entry is None or not entry.columns or behind:
                reason = "partial_of_unreadable" if behind else "partial_of_unknown"
                self._unreadable(key, row, RecordError(reason), change, touched, work)
                return
            row = {**self.reading.restored(entry.columns), **row}
        ended, ended_at = None, -1
        if entry is not None and entry.ended_at >= work.offset:
            ended, ended_at = entry.ended, entry.ended_at
        at_ms = work.time_of(change)
        try:
            now = self.reading.read(row, ended)
        except RecordError as error:
            if error.reason == "no_subject" and self.reading.masked:
                self._nobody(key, change, touched, work)
            else:
                self._unreadable(key, row, error, change, touched, work)
            return
        sequence = _later(change.sequence, entry)
        if again and entry is not None:
            rest = tuple(one for one in entry.outstanding if one > work.offset)
            after = Entry(
                entry.offset, sequence, entry.seen_ms, entry.subjects if rest else now.subjects,
                self.reading.stored(row), b"" if rest else now.hash, rest, ended, ended_at,
            )  # fmt: skip
        else:
            after = Entry(
                work.offset, sequence, work.at_ms, now.subjects,
                self.reading.stored(row), now.hash, (), ended, ended_at,
            )  # fmt: skip
        if work.redriven:
            work.applied += 1
            work.count("redriven")
        elif entry is not None and entry.stands and entry.hash == now.hash:
            work.count("unchanged")
        else:
            work.count("changed")
        work.stand(key, touched, after, now, at_ms)

    def _unreadable(
        self,
        key: str,
        row: Row | None,
        error: Refusal,
        change: RowChange | None,
        touched: Touched,
        work: Work,
    ) -> None:
        """The record changed, nobody can tell to what: nothing may rest on it until it can be read.

        Whom the row still names has it, unreadable; whom it names no more has it no longer. A
        subject whose name cannot be read may still be the one it was: taking the row away from it
        would prove an absence, so it stays, unreadable. What was unreadable before stays in line:
        if this change is dismissed, that one counts again.
        """
        work.refuse(error, key)
        entry = touched.after
        if entry is not None and work.offset in entry.outstanding:
            return
        named, unread = self.reading.legible(row)
        old = entry.subjects if entry is not None else ()
        may_be = {s for s in old if s.partition(":")[0] in unread}
        subjects = tuple(sorted(may_be.union(named)))
        if not subjects or (unread and not old):
            work.holds = True  # whoever else it is about is not known: their silence proves nothing
        after = Entry(
            work.offset,
            _later(change.sequence if change is not None else None, entry),
            work.at_ms,
            subjects,
            entry.columns if entry is not None else b"",
            b"",
            (*entry.outstanding, work.offset) if entry is not None else (work.offset,),
            entry.ended if entry is not None else None,
            entry.ended_at if entry is not None else -1,
        )
        touched.reason = error.reason
        at_ms = milliseconds(change.source_time) if change is not None else 0
        work.stand(key, touched, after, None, at_ms)

    def _nobody(self, key: str, change: RowChange, touched: Touched, work: Work) -> None:
        """A row that names nobody, in a feed of which that is to be expected."""
        work.count("masked")
        if touched.after is not None:
            self._gone(key, change, touched, work)

    def _removed(self, key: str, change: RowChange, touched: Touched, work: Work) -> None:
        entry, meaning = touched.after, self.contract.deletion.meaning
        if meaning == "correction":
            work.count("removed")
            self._gone(key, change, touched, work)
        elif meaning == "expiry":
            work.count("expired")
            if entry is not None:
                after = _changed(entry, _later(change.sequence, entry), work.at_ms)
                work.stand(key, touched, after, None, 0)
        else:
            work.count("ended")
            at_ms = milliseconds(change.source_time)
            day = self.reading.day(at_ms or work.at_ms)
            sequence = _later(change.sequence, entry)
            self.ended(key, day, sequence, touched, work, work.offset, at_ms)

    def _gone(self, key: str, change: RowChange, touched: Touched, work: Work) -> None:
        entry = touched.after
        subjects: tuple[str, ...] = ()
        rest: tuple[int, ...] = ()
        offset = work.offset
        if entry is not None and work.offset in entry.outstanding:
            rest = tuple(one for one in entry.outstanding if one > work.offset)
            subjects, offset = entry.subjects if rest else (), entry.offset
        sequence = _later(change.sequence, entry)
        after = Entry(offset, sequence, work.at_ms, subjects, b"", b"", rest)
        if work.redriven:
            work.applied += 1
        work.stand(key, touched, after, None, milliseconds(change.source_time))

    def ended(
        self,
        key: str,
        day: date,
        sequence: tuple[int, ...] | None,
        touched: Touched,
        work: Work,
        at: int,
        source_time_ms: int,
    ) -> None:
        """The record left a list of present state on a day; if it cannot be read, that waits."""
        entry = touched.after
        if entry is None:
            entry = Entry(-1, sequence, work.at_ms, (), b"", b"")
        rest = tuple(one for one in entry.outstanding if one != work.offset)
        if entry.ended is not None and entry.ended_at >= entry.offset:
            day, at = entry.ended, max(at, entry.ended_at)  # it had left before
        now, hash = None, entry.hash
        if entry.columns and not rest:
            try:
                now = self.reading.read(self.reading.restored(entry.columns), day)
                hash = now.hash
            except RecordError:
                now = None  # the contract was changed since, and refuses what it took before
        after = Entry(
            entry.offset, sequence, work.at_ms, entry.subjects, entry.columns, hash,
            rest, day, at,
        )  # fmt: skip
        if work.redriven:
            work.applied += 1
        work.stand(key, touched, after, now, source_time_ms)

    def undecoded(self, record: LogRecord, error: Refusal, work: Work) -> None:
        try:
            key = self.reading.key_of(record.key)
        except (EnvelopeError, RecordError):
            work.refuse(error, None)
            return
        if not work.redriven and self.known(key, work.offset):
            work.count("repeated")
            return
        entry = self.entry(key)
        if entry is not None and work.redriven and work.offset not in entry.outstanding:
            work.count("superseded")
            return
        touched = Touched(entry, entry)
        self._unreadable(key, None, error, None, touched, work)


def _later(sequence: tuple[int, ...] | None, entry: Entry | None) -> tuple[int, ...] | None:
    """The later of two places in the source's order, as far as they are known."""
    known = entry.sequence if entry is not None else None
    if sequence is None or (known is not None and known > sequence):
        return known
    return sequence


def _changed(entry: Entry, sequence: tuple[int, ...] | None, seen_ms: int) -> Entry:
    return Entry(
        entry.offset, sequence, seen_ms, entry.subjects, entry.columns, entry.hash,
        entry.outstanding, entry.ended, entry.ended_at,
    )  # fmt: skip
