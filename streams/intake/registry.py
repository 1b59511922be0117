"""The registry of one partition of a feed: what is news, and for whom. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from schemas.contract import Contract
from schemas.errors import EnvelopeError, RecordError
from schemas.fence import payload_of
from schemas.mapping import Mapper
from schemas.subject import Tokens
from streams.envelopes import RowChange
from streams.intake import ordered
from streams.intake.completeness import Completeness
from streams.intake.entry import Entry, decode_entry, encode_state, is_record
from streams.intake.marks import known_by_any, mark, read_mark, read_of
from streams.intake.orders import Order, Sweep
from streams.intake.outcome import Outcome
from streams.intake.reading import Reading, milliseconds
from streams.intake.rows import Rows
from streams.intake.shelf import Shelf
from streams.intake.statements import Due
from streams.intake.work import Naming, Work, former_subjects
from streams.log.records import LogRecord

#: Headers of the message that stands for those that the log dropped before they were read.
EXPIRED = (("dongjian-expired", b""),)

_FIRST = frozenset(("first", "first_in_data_collection"))
_LAST = frozenset(("last", "last_in_data_collection"))


class Registry:
    """Owns ``state`` (the recovered table of the partition, values fenced by the feed's offset).

    ``unwritten``: a former owner may have told of so many offsets without writing it.

    Each call gives what must be sent, then written, before the next record's effects are. The state
    in memory is ahead of that: whoever fails in between must start again from the log.
    """

    def __init__(
        self,
        contract: Contract,
        mapper: Mapper,
        tokens: Tokens,
        state: dict[bytes, bytes],
        *,
        partition: int = 0,
        partitions: int = 1,
        topic_id: str = "",
        unwritten: int = 0,
    ) -> None:
        self.contract, self.state = contract, state
        self.partition, self.partitions = partition, partitions
        self.reading = Reading(contract, mapper, tokens)
        self.rows = Rows(contract, self.reading, self.entry, self.known)
        self.shelf = Shelf(contract, partition, state, self.write)
        last, read = known_by_any(state.values())
        self._term, self.applied = last + 1, read - 1
        self.naming = Naming(contract.feed, contract.record, contract.epoch, partition, self._term)
        self.completeness = Completeness(
            contract, self.reading, state, partition, partitions, topic_id
        )
        self.unwritten = unwritten
        # What was told of the next messages and not written before a restart may have been told by
        # another reading of them: it is told again as what counts at that position.
        self._read_otherwise = self.completeness.read_otherwise
        self._read = self._mark = b""

    def claim(self) -> Outcome:
        """Begin a term: to be written before anything is read."""
        outcome = Outcome()
        self._read = read_mark(self.applied + 1)
        self._mark = mark(self._term, self._read)
        self.completeness.claim(outcome, self.write)
        return outcome

    # ---- where the feed is read

    def behind(self, position: int) -> range | None:
        """The offsets to be read before those that the group still brings, from ``position`` on.

        A new epoch begins with nothing known while the group goes on where it was; so does a new
        feed on a topic that others are read from. None: that was done.
        """
        if self.completeness.is_caught_up:
            return None
        return range(self.applied + 1, position)

    def caught_up(self, position: int) -> Outcome:
        """All of them are read: to be said and written before anything else is read."""
        self._tell_otherwise_read(position)
        self.applied = max(self.applied, position - 1)
        self._read = read_mark(self.applied + 1)
        self._mark = mark(self._term, self._read)
        outcome = Outcome()
        self.completeness.caught_up(position)
        self.completeness.say(outcome, self.write)
        return outcome

    # ---- a message of the feed

    def apply(self, record: LogRecord) -> Outcome:
        """Apply one message; on what was applied before a restart it has no effect."""
        work = self._begin(record)
        self.take(record, work)
        return self._end(record, work)

    def broken(self, record: LogRecord, error: str) -> Outcome:
        """Apply a message that made us fail as one that cannot be read."""
        work = self._begin(record)
        self.rows.undecoded(record, RecordError("internal_error", detail=error), work)
        return self._end(record, work)

    def _tell_otherwise_read(self, offset: int) -> None:
        if self._read_otherwise:  # what was applied, a frozen owner may have applied alone
            self.completeness.retell(max(offset, self.applied + 1) + self.unwritten)
            self._read_otherwise = offset <= self.applied

    def _begin(self, record: LogRecord) -> Work:
        self._tell_otherwise_read(record.offset)
        work = Work(record.offset, record.timestamp_ms)
        work.retold = record.offset < self.completeness.retell_to
        return work

    def _end(self, record: LogRecord, work: Work) -> Outcome:
        self._read = read_mark(record.offset + 1)
        self._mark = mark(self._term, self._read)
        self._finish(work)
        if work.refusal is not None:
            at_ms = work.source_ms or work.at_ms
            day = self.completeness.hold_day(at_ms) if work.holds else None
            self.shelf.put(record, work, work.refusal, day)
        if self.completeness.news:
            self.completeness.say(work.outcome, self.write)
        self.applied = max(self.applied, record.offset)
        return work.outcome

    def order(self, order: Order) -> Iterator[Outcome]:
        """Apply one order, in slices.

        Orders change nothing that a later row of the feed has changed already, so that they may be
        repeated, and come between any two messages.
        """
        self._read = read_mark(self.applied + 1)
        self._mark = mark(self._term, self._read)
        if isinstance(order, ordered.CHANGING):
            yield ordered.begin(self)
        # A record that an order changes is not read further by it: others may have read ahead.
        self._read = read_mark(0)
        self._mark = mark(self._term, self._read)
        for outcome in ordered.carry_out(self, order):
            self.completeness.say(outcome, self.write)
            yield outcome

    def take(self, record: LogRecord, work: Work) -> None:
        """Take in the row changes of a message."""
        if record.headers == EXPIRED:
            lost = RecordError("expired", detail="messages before this one were never read")
            work.refuse(lost, None)
            return
        try:
            changes = self.reading.decode(record.key, record.value)
        except EnvelopeError as error:
            self.rows.undecoded(record, error, work)
            return
        if changes:
            work.source_time = changes[0].source_time
            work.source_ms = milliseconds(work.source_time)
        for change in changes:
            if change.op in ("put", "remove") and change.table == self.contract.table:
                self.rows.change(change, work)
                if work.redriven:
                    continue  # of a snapshot or a day it tells nothing any more
                if change.snapshot:
                    self._snapshot(change, work)
                else:
                    self.completeness.infer(work.source_ms or work.at_ms)
            else:
                self._other(change, work)
        if self.partitions > 1 and len(changes) > 1 and not work.redriven:
            self._moved_away(changes, work)

    # ---- what is no row of the table

    def _other(self, change: RowChange, work: Work) -> None:
        try:
            until = self.reading.heartbeat(change)
        except RecordError as error:
            # Completeness that cannot be read is not said: a later heartbeat makes up for it.
            work.refusal = work.refusal or error
            work.refused += 1
            work.count("quarantined")
            return
        if until is not None:
            self.completeness.heard(until)
            work.count("heartbeat")
        elif change.table and change.table != self.contract.table:
            work.count("skipped")
        elif change.op == "truncate":
            news = self.completeness.truncated(change.sequence)
            work.count("truncated" if news else "resent")
            if news:
                self._due(change, work, "truncate")
        else:
            work.count("skipped")
            if change.op == "skip" and change.snapshot and not work.redriven:
                self._snapshot(change, work)

    def _snapshot(self, change: RowChange, work: Work) -> None:
        word = change.snapshot
        self.completeness.snapshot_row(work.at_ms, first=word in _FIRST)
        if word in _LAST and self.contract.complete_snapshots:
            self._due(change, work, "snapshot")

    def _due(self, change: RowChange, work: Work, cause: str, key: str | None = None) -> None:
        """Ask for a sweep of all partitions; the clock orders it when they have come this far."""
        if self.contract.deletion.meaning == "expiry" or work.redriven:
            return
        at_ms = milliseconds(change.source_time) or work.at_ms
        began = self.completeness.snapshot_ms if cause == "snapshot" else None
        sweep = Sweep(
            self.contract.epoch,
            cause,
            work.at_ms if began is None else began,
            self.reading.day(at_ms),
            change.sequence,
            key,
        )
        feed, partition = self.contract.feed, self.partition
        work.outcome.statements.append(Due(feed, partition, work.offset, sweep))

    def _moved_away(self, changes: list[RowChange], work: Work) -> None:
        """A row came under a new key: its old one may lie in another partition."""
        if not any(change.op == "put" for change in changes):
            return
        for key, touched in work.touched.items():
            after = touched.after
            if touched.before is None and after is not None and after.gone:
                gone = next(c for c in changes if c.op == "remove")
                self._due(gone, work, "moved", key)

    # ---- the end of a message

    def _finish(self, work: Work) -> None:
        """Tell the differences, remember them, and settle what they leave behind in quarantine."""
        outcome = work.outcome
        left: list[tuple[int, str]] = []
        for key, touched in work.touched.items():
            before, after = touched.before, touched.after
            if after is None or after is before:
                continue
            self.naming.told(key, touched, work.redriven, work.retold, outcome.changes)
            former = former_subjects(before, after, work)
            if former:
                after = msgspec.structs.replace(after, former=former)
            self.write(key.encode(), encode_state(after), outcome)
            if before is not None and before.outstanding:
                left += [(o, key) for o in before.outstanding if o not in after.outstanding]
        for offset, key in left:
            if not (work.redriven and offset == work.offset):
                self.shelf.release(offset, key, outcome)

    def finish(self, work: Work) -> Outcome:
        """End an order's work."""
        self._finish(work)
        return work.outcome

    # ---- state

    def entry(self, key: str) -> Entry | None:
        """What is known of a record."""
        value = self.state.get(key.encode())
        if value is None:
            return None
        payload = payload_of(value)
        return decode_entry(payload) if payload else None

    def last_seen_ms(self) -> int:
        """When the log got the last message that showed a record; 0: none did."""
        payloads = (payload_of(v) for name, v in self.state.items() if is_record(name))
        return max((decode_entry(one).seen_ms for one in payloads if one), default=0)

    def known(self, key: str, offset: int) -> bool:
        """Whether what is remembered of a record includes the message at an offset."""
        value = self.state.get(key.encode())
        return value is not None and read_of(value) > read_mark(offset)

    def write(self, key: bytes, payload: bytes, outcome: Outcome) -> None:
        """Remember a value, and have it written. It knows no less than the one before it."""
        old = self.state.get(key)
        if old is not None and read_of(old) > self._read:
            value = mark(self._term, read_of(old)) + payload
        else:
            value = self._mark + payload
        self.state[key] = value
        outcome.writes.append((key, value))
