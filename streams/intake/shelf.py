"""Messages of a partition that wait in quarantine, and what waits for them. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from schemas.contract import Contract
from schemas.errors import RecordError
from schemas.fence import payload_of
from streams.intake.entry import Held, decode_held, encode_state, held_key
from streams.intake.marks import read_mark, read_of
from streams.intake.outcome import Outcome, Write
from streams.intake.quarantine import How, Quarantined, Settled
from streams.intake.statements import Hold
from streams.intake.work import Refusal, Work
from streams.log.records import LogRecord


class Shelf:
    """Lives in the registry's ``state``; what changes goes through ``write``."""

    def __init__(
        self, contract: Contract, partition: int, state: Mapping[bytes, bytes], write: Write
    ) -> None:
        self._contract, self._partition = contract, partition
        self._state, self._write = state, write

    def held(self, offset: int) -> Held | None:
        """What waits for a quarantined message; None if it is settled."""
        value = self._state.get(held_key(offset))
        payload = payload_of(value) if value is not None else b""
        return decode_held(payload) if payload else None

    def put(self, record: LogRecord, work: Work, error: Refusal, day: date | None) -> None:
        """Put a message into quarantine; ``day``: coverage of the feed stops before it."""
        keys, nameless = tuple(work.refused_keys), work.nameless
        known = self._state.get(held_key(record.offset))
        if known is not None and read_of(known) >= read_mark(record.offset + 1):
            # Somebody read it before: the same, unless its records differ in what they know.
            held = self.held(record.offset)
            if held is None or set(keys) <= set(held.keys):
                work.outcome.labels[:] = ["repeated"]
                return
            keys, nameless = tuple(sorted({*keys, *held.keys})), nameless or held.nameless
            day = held.day if day is None else day
        self.keep(record.offset, Held(keys, nameless, day, record.timestamp_ms), work.outcome)
        if day is not None:
            work.outcome.statements.append(self._hold(record.offset, day))
        work.outcome.quarantine.append(self.entry(record, work, error, day is not None))

    def keep(self, offset: int, held: Held, outcome: Outcome) -> None:
        """Remember what waits for a message."""
        self._write(held_key(offset), encode_state(held), outcome)

    def entry(self, record: LogRecord, work: Work, error: Refusal, holds: bool) -> Quarantined:
        """The entry of a message for the quarantine topic."""
        column = error.column if isinstance(error, RecordError) else ""
        return Quarantined(
            self._contract.feed, self._contract.epoch, self._partition, error.reason, record,
            column, error.detail, work.refused, holds,
        )  # fmt: skip

    def release(self, offset: int, key: str, outcome: Outcome) -> None:
        """A later change of the record has overtaken one in quarantine."""
        held = self.held(offset)
        if held is None:
            return
        keys = tuple(one for one in held.keys if one != key)
        if keys or held.nameless:
            self.keep(offset, Held(keys, held.nameless, held.day, held.at_ms), outcome)
        else:
            self.settle(offset, held, "superseded", outcome)

    def settle(
        self, offset: int, held: Held | None, how: How, outcome: Outcome, reason: str = ""
    ) -> None:
        """Nothing waits for the message any more."""
        feed, epoch = self._contract.feed, self._contract.epoch
        if held is not None:
            self._write(held_key(offset), b"", outcome)
        outcome.quarantine.append(Settled(feed, epoch, self._partition, offset, how, reason))
        if held is None or held.day is not None:
            outcome.statements.append(self._hold(offset, None))

    def _hold(self, offset: int, day: date | None) -> Hold:
        return Hold(self._contract.feed, self._contract.epoch, self._partition, offset, day)
