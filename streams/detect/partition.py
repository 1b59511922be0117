"""One partition's engine between the log and the log: messages in, batches of bytes out. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from detectors.framework.effects import Effects, Failure
from detectors.framework.engine import Engine
from detectors.framework.state import head_entry
from schemas.alert import Transition, encode_transition
from schemas.change import (
    Forward,
    Message,
    Put,
    Remove,
    Unreadable,
    decode_message,
    encode_message,
)
from schemas.errors import ForeignRules
from schemas.record import RECORD_TYPES
from streams.log.records import LogRecord

#: State batches are cut at about this size, always between two effects.
BATCH_BYTES = 256 * 1024

#: Outputs are sent and state is written at the latest after this many effects, and after each slice
#: of bigger work: rules for a million dossiers must neither fill the memory nor keep the event loop
#: for so long that the watchdog takes it for dead, each time from the beginning.
EFFECTS_AT_MOST = 2_000

Entry = tuple[bytes, bytes]

_PLACE = re.compile(r"at `(\$[^`]*)`")


@dataclass(slots=True)
class Work:
    """What some messages led to: to be sent, then to be written, then the next may be asked for."""

    transitions: list[Transition] = field(default_factory=list)
    derived: list[Put | Remove | Forward] = field(default_factory=list)
    failures: list[tuple[LogRecord, Failure]] = field(default_factory=list)
    unreadable: list[tuple[LogRecord, str]] = field(default_factory=list)
    batches: list[list[Entry]] = field(default_factory=list)
    messages: int = 0

    def rows(self) -> list[tuple[bytes, bytes]]:
        """The transitions as rows of the alerts topic, keyed by alert."""
        return [(t.alert.encode(), encode_transition(t)) for t in self.transitions]

    def changes(self) -> list[tuple[bytes, bytes]]:
        """The derived rows as rows of the changes topic, keyed by subject."""
        return [(m.subject.encode(), encode_message(m)) for m in self.derived]


def work(engine: Engine, records: Sequence[LogRecord]) -> Iterator[Work]:
    """Apply records in order; each piece of work must be done before the next is asked for.

    Raises ``ForeignRules`` after the work of the messages before has been given out.
    """
    done, effects = Work(), list[Effects]()
    for record in records:
        message = _read(record)
        if isinstance(message, str):
            done.unreadable.append((record, message))
            effects.append(engine.skip(record.offset))
            continue
        done.messages += 1
        try:
            if isinstance(message, ForeignRules):
                raise message
            for effect in engine.apply(record.offset, record.timestamp_ms, message):
                effects.append(effect)
                done.failures += [(record, failure) for failure in effect.failures]
                if len(effects) >= EFFECTS_AT_MOST or not effect.head.done:
                    yield _finished(done, effects)
                    done, effects = Work(), []
        except msgspec.DecodeError as error:
            # The row in it; nothing was changed yet when it was looked at.
            done.unreadable.append((record, _where(error)))
            effects.append(engine.skip(record.offset))
        except ForeignRules:
            if effects:
                yield _finished(done, effects)
            raise
    if effects:
        yield _finished(done, effects)


def _read(record: LogRecord) -> Message | ForeignRules | str:
    """The message, why it cannot be read, or that only another version can."""
    try:
        message = decode_message(record.value or b"")
    except msgspec.DecodeError as error:
        return _where(error)
    unknown = ""
    if isinstance(message, (Put, Remove, Unreadable)):
        unknown = message.kind if message.kind not in RECORD_TYPES else ""
    elif isinstance(message, Forward):
        kinds = {row.kind for row in message.rows if row.hops}
        unknown = min(kinds - RECORD_TYPES.keys(), default="")
    if unknown:
        return ForeignRules(
            f"record type {unknown:.40} is unknown to this version: start the one that sent it"
        )
    return message


def _where(error: msgspec.DecodeError) -> str:
    """The place that an error names, without the value that it may quote."""
    found = _PLACE.search(str(error))
    return f"does not decode{f' at {found[1]}' if found else ''}"


def _finished(done: Work, effects: list[Effects]) -> Work:
    batch: dict[bytes, bytes] = {}
    size = 0
    for effect in effects:
        done.transitions += effect.transitions
        done.derived += effect.derived
        for key, value in effect.writes:
            batch[key] = value
            size += len(key) + len(value)
        if size >= BATCH_BYTES:
            done.batches.append([*batch.items(), head_entry(effect.head)])
            batch, size = {}, 0
    if batch or not done.batches:
        done.batches.append([*batch.items(), head_entry(effects[-1].head)])
    return done
