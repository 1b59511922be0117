"""One partition's engine between the log and the log: messages in, batches of bytes out. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from detectors.framework.effects import Effects, Failure
from detectors.framework.engine import Engine
from detectors.framework.state import head_entry
from schemas.alert import Transition, encode_transition
from schemas.change import Put, Remove, decode_message, encode_message
from schemas.errors import ForeignRules
from streams.log.records import LogRecord

#: State batches are cut at about this size, always between two effects.
BATCH_BYTES = 256 * 1024

#: Outputs are sent and state is written at the latest after this many effects.
EFFECTS_AT_MOST = 2_000

Entry = tuple[bytes, bytes]


@dataclass(slots=True)
class Work:
    """What some messages led to: first to be sent, then to be written, then the next may be asked for."""

    transitions: list[Transition] = field(default_factory=list)
    derived: list[Put | Remove] = field(default_factory=list)
    failures: list[tuple[int, Failure]] = field(default_factory=list)
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
    done, effects = Work(), []
    for record in records:
        try:
            message = decode_message(record.value or b"")
        except msgspec.DecodeError as error:
            done.unreadable.append((record, str(error)))
            effects.append(engine.skip(record.offset))
            continue
        done.messages += 1
        try:
            for effect in engine.apply(record.offset, record.timestamp_ms, message):
                effects.append(effect)
                if len(effects) >= EFFECTS_AT_MOST:
                    yield _finished(done, effects)
                    done, effects = Work(), []
        except ForeignRules:
            if effects:
                yield _finished(done, effects)
            raise
    if effects:
        yield _finished(done, effects)


def _finished(done: Work, effects: list[Effects]) -> Work:
    batch: dict[bytes, bytes] = {}
    size = 0
    for effect in effects:
        done.transitions += effect.transitions
        done.derived += effect.derived
        done.failures += [(effect.offset, failure) for failure in effect.failures]
        for key, value in effect.writes:
            batch[key] = value
            size += len(key) + len(value)
        if size >= BATCH_BYTES:
            done.batches.append([*batch.items(), head_entry(effect.head)])
            batch, size = {}, 0
    if batch or not done.batches:
        done.batches.append([*batch.items(), head_entry(effects[-1].head)])
    return done
