"""A whole deployment in memory: sources, a small intake, the real engine, its log, its crashes.

Only intake is a stand-in (the real one has tests of its own): a registry of where each record
stands and for whom. Everything from the changes topic on is what runs in production, to the byte.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from detectors.framework.batch import Active, batch
from detectors.framework.effects import MODEL_FAILED, Failure
from detectors.framework.engine import Engine
from detectors.framework.registry import Catalogue
from detectors.framework.ruleset import RuleSet
from schemas.alert import Transition, chains, decode_transition
from schemas.change import (
    Coverage,
    Message,
    Position,
    Put,
    Remove,
    Retract,
    Rules,
    Tick,
    Unreadable,
    encode_message,
)
from schemas.fence import fence_of
from schemas.record import Record
from schemas.subject import Tokens
from streams.detect.partition import work
from streams.log.partitioner import partition_for
from streams.log.records import LogRecord

Written = tuple[bytes, bytes]


class Crash(Exception):
    """The process died before this step."""


@dataclass
class Stored:
    """One partition as it lies in the log: messages, state batches, what was committed."""

    log: list[LogRecord] = field(default_factory=list)
    changelog: list[list[Written]] = field(default_factory=list)
    committed: int = 0
    ledger: list[bytes] = field(default_factory=list)

    def recovered(self, *, fenced: bool = True) -> tuple[dict[bytes, bytes], list[Written]]:
        """Values by key, and those whose last write lost to a higher fence."""
        best: dict[bytes, bytes] = {}
        last: dict[bytes, bytes] = {}
        for part in self.changelog:
            for key, value in part:
                last[key] = value
                if not fenced or key not in best or fence_of(value) >= fence_of(best[key]):
                    best[key] = value
        return best, [(key, best[key]) for key in sorted(best) if best[key] != last[key]]

    def compact(self) -> None:
        """What a broker may do: keep the last write of each key only."""
        last = {
            key: (i, j) for i, part in enumerate(self.changelog) for j, (key, _) in enumerate(part)
        }
        self.changelog = [
            [entry for j, entry in enumerate(part) if last[entry[0]] == (i, j)]
            for i, part in enumerate(self.changelog)
        ]


@dataclass
class Frozen:
    """An owner that stopped in the middle: it has computed a chunk, and writes it when it wakes."""

    partition: int
    sends: list[tuple[str, Any]]
    states: list[list[Written]]


@dataclass(frozen=True)
class Entry:
    """What intake knows of one record: for whom it stands, as what, and its last change."""

    kind: str
    subjects: tuple[str, ...]
    record: Record | None
    state: str  #: stands, unreadable or gone
    position: Position


NO_ENTRY = Entry("", (), None, "gone", Position(0, 0, 0))


class World:
    """Sources, log, engines. Every random choice is the test's."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        partitions: int = 2,
        grants: tuple[str, ...] = ("custody", "public_security"),
        slice_size: int = 2,
        fenced: bool = True,
        repair: bool = True,
    ) -> None:
        self.catalogue, self.partitions, self.grants = catalogue, partitions, grants
        self.tokens = Tokens("a secret of the test")
        self.stored = [Stored() for _ in range(partitions)]
        self.engines: list[Engine | None] = [None] * partitions
        self._slice, self._fenced, self._repair = slice_size, fenced, repair
        self.hash = Engine(catalogue, self.tokens).hash
        self.rules_number = 0
        self._ruleset: RuleSet | None = None
        self.rules_message = Rules(0, self.hash)
        self.as_of = date.min
        self.said: dict[tuple[str, str, tuple[Any, ...]], Coverage] = {}
        self._offsets: dict[str, int] = {}
        self._epochs: dict[str, int] = {}
        self._registry: dict[tuple[str, str], Entry] = {}
        self.sent: list[tuple[str, bytes]] = []  # what intake ever sent, for repeats
        self._clock_ms = 0
        self.frozen: list[Frozen] = []
        self.failures: list[Failure] = []
        self.limits: list[Failure] = []
        self.passed_over: list[str] = []  # messages that could not be read

    # ---- intake

    def put(self, record: Record) -> None:
        """The row as it now stands."""
        self._put(record, self._next(record.source.feed), redriven=False)

    def redrive(self, record: Record) -> None:
        """What could not be read comes again at its old position, put right; a no-op when another
        change of the row came since."""
        entry = self._registry.get((record.source.feed, record.source.key))
        if entry is not None and entry.state == "unreadable":
            self._put(record, entry.position, redriven=True)

    def _put(self, record: Record, position: Position, *, redriven: bool) -> None:
        feed, key = record.source.feed, record.source.key
        kind, now = type(record).__name__, self.tokens.subjects(record)
        before = self._registry.get((feed, key), NO_ENTRY).subjects
        for subject in before:
            if subject not in now:
                self._send(Remove(subject, kind, feed, key, position, 0, redriven))
        row = msgspec.Raw(msgspec.json.encode(record))
        for subject in now:
            self._send(Put(subject, kind, row, position, 0, redriven))
        self._registry[feed, key] = Entry(kind, now, record, "stands", position)

    def remove(self, feed: str, key: str) -> None:
        """The row is deleted."""
        position = self._next(feed)
        entry = self._registry.get((feed, key), NO_ENTRY)
        for subject in entry.subjects:
            self._send(Remove(subject, entry.kind, feed, key, position))
        if entry.subjects:
            self._registry[feed, key] = Entry(entry.kind, (), None, "gone", position)

    def unreadable(self, feed: str, key: str) -> None:
        """A change of the row came that cannot be read."""
        position = self._next(feed)
        entry = self._registry.get((feed, key), NO_ENTRY)
        for subject in entry.subjects:
            self._send(Unreadable(subject, entry.kind, feed, key, position))
        if entry.subjects:
            self._registry[feed, key] = Entry(
                entry.kind, entry.subjects, entry.record, "unreadable", position
            )

    def renew(self, feed: str, missing: Iterable[str] = ()) -> None:
        """The feed's topic is created again: all is read anew, and what did not come is swept."""
        self._epochs[feed] = self._epochs.get(feed, 1) + 1
        self._offsets[feed] = -1
        for (of, key), entry in tuple(self._registry.items()):
            if of == feed and entry.record is not None:
                if key in missing:
                    self.remove(feed, key)
                else:
                    self.put(entry.record)

    def repeat(self, index: int) -> None:
        """An intake worker that was frozen sends again what it had sent."""
        if self.sent:
            subject, encoded = self.sent[index % len(self.sent)]
            self._append(self._partition(subject), encoded)

    def _next(self, feed: str) -> Position:
        self._offsets[feed] = self._offsets.get(feed, -1) + 1
        return Position(self._epochs.get(feed, 1), 0, self._offsets[feed])

    def _send(self, message: Put | Remove | Unreadable) -> None:
        encoded = encode_message(message)
        self.sent.append((message.subject, encoded))
        self._append(self._partition(message.subject), encoded)

    def _partition(self, subject: str) -> int:
        return partition_for(subject.encode(), self.partitions)

    def _append(self, partition: int, encoded: bytes) -> None:
        log = self.stored[partition].log
        self._clock_ms += 1
        log.append(LogRecord(len(log), self._clock_ms, None, encoded))

    # ---- clock and rules

    def everywhere(self, message: Message) -> None:
        for partition in range(self.partitions):
            self._append(partition, encode_message(message))

    def cover(self, statements: Iterable[Coverage]) -> tuple[Coverage, ...]:
        """Statements, kept as the batch must know them: joined as the engine joins them."""
        told = tuple(statements)
        for new in told:
            key = (new.feed, new.kind, tuple(sorted(new.which.items())))
            old = self.said.get(key)
            if old is None or (new.number, new.until) > (old.number, old.until):
                self.said[key] = new
        return told

    def tick(self, as_of: date, statements: Iterable[Coverage] = (), *, floor: bool = True) -> None:
        self.as_of = max(self.as_of, as_of)
        told = self.cover(statements)
        floors = {
            feed: (Position(self._epochs.get(feed, 1), 0, last + 1),)
            for feed, last in self._offsets.items()
        }
        self.everywhere(Tick(as_of, told, floors if floor else {}))

    def retract(self, statements: Iterable[Coverage]) -> None:
        self.everywhere(Retract(self.cover(statements)))

    def activate(self, **decisions: Any) -> None:
        self.rules_number += 1
        self._ruleset = None
        self.rules_message = Rules(
            self.rules_number, self.hash, **{"grants": self.grants, **decisions}
        )
        self.everywhere(self.rules_message)

    # ---- detection

    def boot(self, partition: int) -> Engine:
        """The owner's engine, recovered from the log when there is none."""
        engine = self.engines[partition]
        if engine is None:
            stored = self.stored[partition]
            values, stale = stored.recovered(fenced=self._fenced)
            if stale and self._repair:
                stored.changelog.append(stale)
            engine = self.engines[partition] = self._engine(partition, values)
        return engine

    def _engine(self, partition: int, values: dict[bytes, bytes]) -> Engine:
        return Engine(
            self.catalogue,
            self.tokens,
            partition=partition,
            entries=values.items(),
            hash=self.hash,
            slice_size=self._slice,
        )

    def run(self, partition: int, count: int, *, crash_before: int | None = None) -> bool:
        """Process a chunk, step by step; whether it came to its end."""
        stored, engine = self.stored[partition], self.boot(partition)
        records = stored.log[stored.committed : stored.committed + count]
        if not records:
            return True
        step = 0

        def reached() -> None:
            nonlocal step
            if crash_before is not None and step == crash_before:
                raise Crash
            step += 1

        try:
            for piece in work(engine, records):
                self.passed_over += [why for _, why in piece.unreadable]
                self.failures += [f for _, f in piece.failures if f.reason == MODEL_FAILED]
                self.limits += [f for _, f in piece.failures if f.reason != MODEL_FAILED]
                for encoded in piece.rows():
                    reached()
                    stored.ledger.append(encoded[1])
                for key, value in piece.changes():
                    reached()
                    self._append(self._partition(key.decode()), value)
                for part in piece.batches:
                    reached()
                    stored.changelog.append(list(part))
            reached()
        except Crash:
            self.engines[partition] = None
            return False
        stored.committed += len(records)
        return True

    def freeze(self, partition: int, count: int) -> None:
        """An owner computes a chunk and stops before it sends anything; another takes over."""
        stored = self.stored[partition]
        engine = self._engine(partition, stored.recovered()[0])
        records = stored.log[stored.committed : stored.committed + count]
        frozen = Frozen(partition, [], [])
        for piece in work(engine, records):
            frozen.sends += [("ledger", value) for _, value in piece.rows()]
            frozen.sends += [("changes", pair) for pair in piece.changes()]
            frozen.states += [list(part) for part in piece.batches]
        self.frozen.append(frozen)

    def wake(self) -> None:
        """Every frozen owner wakes, sends and writes what it had computed; it cannot commit."""
        for frozen in self.frozen:
            stored = self.stored[frozen.partition]
            for where, what in frozen.sends:
                if where == "ledger":
                    stored.ledger.append(what)
                else:
                    self._append(self._partition(what[0].decode()), what[1])
            stored.changelog += frozen.states
            if frozen.states:  # the owner finds another writer in its changelog and starts again
                self.engines[frozen.partition] = None
        self.frozen.clear()

    def drain(self, rng: random.Random | None = None) -> None:
        """Process until nothing is left, derived rows included."""
        while any(s.committed < len(s.log) for s in self.stored):
            for partition, stored in enumerate(self.stored):
                while stored.committed < len(stored.log):
                    self.run(partition, rng.randint(1, 7) if rng else 50)

    # ---- what must be so

    def active(self) -> Active:
        """The active set as the engines hold it."""
        return {
            key: state.content
            for partition in range(self.partitions)
            for key, state in self.boot(partition).dossiers.active().items()
        }

    def batch(self) -> Active:
        """What a batch finds over the rows as they now stand."""
        entries = self._registry.values()
        stands = [e.record for e in entries if e.record is not None and e.state == "stands"]
        unread = [
            (subject, e.kind) for e in entries if e.state == "unreadable" for subject in e.subjects
        ]
        if self.rules_number == 0:
            return {}
        if self._ruleset is None:
            self._ruleset = RuleSet(self.catalogue, self.rules_message)
        return batch(stands, self.as_of, self.said.values(), self._ruleset, self.tokens, unread)

    def history(self) -> list[Transition]:
        """The ledger, repeats dropped as delivery drops them; asserts that it is sound.

        Per alert revisions run from 1 without a gap, every digest chains, and no revision of an
        alert has two contents.
        """
        told: list[Transition] = []
        last: dict[str, Transition] = {}
        seen: dict[tuple[str, int], bytes] = {}
        for stored in self.stored:
            for encoded in stored.ledger:
                t = decode_transition(encoded)
                if (t.alert, t.revision) in seen:
                    assert seen[t.alert, t.revision] == encoded, (
                        f"{t.alert}/{t.revision} has two contents"
                    )
                    continue
                seen[t.alert, t.revision] = encoded
                before = last.get(t.alert)
                assert t.revision == (before.revision + 1 if before else 1), (
                    f"gap before {t.revision}"
                )
                assert chains(t, before.digest if before else ""), (
                    f"{t.alert}/{t.revision} does not chain"
                )
                last[t.alert] = t
                told.append(t)
        return told
