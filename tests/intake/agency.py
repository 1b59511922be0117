"""An agency's table as a small world: what it writes to the log, and a fold of intake's news.

The table is rendered as Debezium without schema, because that envelope has everything: the source's
order, snapshots, columns that were not sent, truncation, and keys that change as two messages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from schemas.change import Position, Put, Remove, Unreadable, decode_message, encode_message
from schemas.contract import Contract, load_contract
from schemas.fence import fence_of
from schemas.mapping import Mapper, end_row
from schemas.subject import Tokens
from streams.intake.orders import Dismiss, Order, Redrive, Sweep, decode_order, encode_order
from streams.intake.outcome import Change, Outcome
from streams.intake.quarantine import Quarantined, Settled
from streams.intake.registry import Registry
from streams.intake.statements import Due, Hold, Said
from streams.log.partitioner import partition_for
from streams.log.records import LogRecord
from tests.factories import person

TOKENS = Tokens("a secret of the tests")
TABLE = "police.restraint"
TOAST = "__debezium_unavailable_value"
DAY_MS = 86_400_000
BEGIN_MS = 1_735_689_600_000  # 2025-01-01

_CONTRACT = """
feed = "police-restraint"
title = {{zh = "强制措施", en = "restraints"}}
topic = "agency.police.restraint"
envelope = "{envelope}"
table = "police.restraint"
epoch = {epoch}
version = 1
record = "Restraint"
agency = "371102-police"
agency_name = {{zh = "公安", en = "police"}}
region = "371102"
key = ["no"]
identity = "{identity}"
deletion = {deletion}
complete_snapshots = true
{partial}
[fields]
measure_no = {{column = "no"}}
case_no = {{column = "case_no", kind = "number"}}
person = {{column = "{person}", kind = "person"}}
kind = {{column = "kind", codes = {codes}}}
since = {{column = "since", kind = "date"}}
until = {{column = "until", kind = "date"}}
place = {{column = "place"}}
{tail}
"""
CODES = '{"1" = "detention", "2" = "arrest"}'
REPAIRED = '{"1" = "detention", "2" = "arrest", "9" = "bail"}'
HEARTBEAT = """
[[supplies]]
since = 2019-01-01
lag = "2 d"
[coverage]
mode = "heartbeat"
table = "police.heartbeat"
until = {column = "until", kind = "date"}
"""


def contract(
    deletion: str = '"correction"',
    *,
    epoch: int = 1,
    codes: str = CODES,
    identity: str = "plain",
    envelope: str = "debezium",
    partial: str = "",
    person: str = "id_no",
    tail: str = "",
) -> Contract:
    return load_contract(
        _CONTRACT.format(
            deletion=deletion,
            epoch=epoch,
            codes=codes,
            identity=identity,
            envelope=envelope,
            partial=partial,
            person=person,
            tail=tail,
        ),
        "restraint.toml",
    )


def row(no: str, **columns: Any) -> dict[str, Any]:
    """A row of the table; ``who`` is the number of an invented person."""
    who = columns.pop("who", 1)
    return {
        "no": no,
        "case_no": "A1",
        "id_no": person(who) if isinstance(who, int) else who,
        "kind": "1",
        "since": "2025-01-02",
        "until": None,
        "place": "x",
        **columns,
    }


@dataclass
class Agency:
    """The table, and the topic that it is written to."""

    partitions: int = 2
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    last: dict[str, dict[str, Any]] = field(default_factory=dict)  #: also of rows that are gone
    lsn: int = 0
    clock_ms: int = BEGIN_MS

    def __post_init__(self) -> None:
        self.logs: list[list[LogRecord]] = [[] for _ in range(self.partitions)]

    def put(self, key: str, toast: Iterable[str] = (), **columns: Any) -> None:
        given = {name: value for name, value in self.rows.get(key, {}).items() if name != "no"}
        if "who" in columns:
            given.pop("id_no", None)
        new = row(key, **{**given, **columns})
        op = "u" if key in self.rows else "c"
        sent = {**new}
        for name in toast:
            if key in self.rows:
                sent[name] = TOAST
                new[name] = self.rows[key][name]
        self.rows[key] = self.last[key] = new
        self.send(key, op, sent)

    def delete(self, key: str) -> None:
        if self.rows.pop(key, None) is not None:
            self.send(key, "d", None)

    def rename(self, old: str, new: str) -> None:
        """Change a primary key: Debezium sends a deletion and a creation."""
        if old in self.rows and new not in self.rows:
            moved = {**self.rows.pop(old), "no": new}
            self.send(old, "d", None)
            self.rows[new] = self.last[new] = moved
            self.send(new, "c", moved)

    def lose(self, key: str) -> None:
        """Delete a row while the connector is away: nothing is sent."""
        if len(self.rows) > 1:
            self.rows.pop(key, None)

    def truncate(self) -> None:
        self.rows.clear()
        self.send("", "t", None, partition=0)

    def snapshot(self) -> None:
        """Send the whole table again."""
        keys = sorted(self.rows)
        for index, key in enumerate(keys):
            word = "first" if index == 0 else "last" if index == len(keys) - 1 else "true"
            if len(keys) == 1:
                word = "last"
            self.send(key, "r", self.rows[key], snapshot=word)

    def resend(self, count: int) -> None:
        """A connector that starts again from an older place: the same messages at new offsets."""
        recent = sorted(
            ((lsn, p, r) for p, log in enumerate(self.logs) for r in log if (lsn := _lsn(r))),
            key=lambda one: one[0],
        )
        for _, partition, record in recent[-count:]:
            self.append(partition, record.key, record.value)

    def garbage(self, key: str | None = None) -> None:
        """A message whose value is broken; with ``key`` its row can still be told."""
        name = msgspec.json.encode({"no": key}) if key else b"?"
        self.append(self.partition(key or "?"), name, b'{"before": nul')

    def heartbeat(self, until: str) -> None:
        sent = {"id": 1, "until": until}
        self.send("", "u", sent, table="police.heartbeat", partition=0)

    def partition(self, key: str) -> int:
        return partition_for(msgspec.json.encode({"no": key}), self.partitions)

    def send(
        self,
        key: str,
        op: str,
        after: dict[str, Any] | None,
        *,
        snapshot: str = "false",
        table: str = TABLE,
        partition: int | None = None,
    ) -> None:
        self.lsn += 1
        schema, _, name = table.partition(".")
        source = {
            "schema": schema, "table": name, "lsn": self.lsn, "snapshot": snapshot,
            "ts_ms": self.clock_ms,
        }  # fmt: skip
        value = {"before": None, "after": after, "source": source, "op": op}
        named = {"no": key} if table == TABLE else {"id": 1}
        self.append(
            self.partition(key) if partition is None else partition,
            msgspec.json.encode(named) if op != "t" else None,
            msgspec.json.encode(value),
        )

    def append(self, partition: int, key: bytes | None, value: bytes | None) -> None:
        self.clock_ms += 1000
        log = self.logs[partition]
        log.append(LogRecord(len(log), self.clock_ms, key, value))


def _lsn(record: LogRecord) -> int:
    try:
        source = msgspec.json.decode(record.value or b"{}")["source"]
    except (msgspec.DecodeError, KeyError):
        return 0
    return int(source["lsn"]) if source["snapshot"] == "false" else 0


class Crash(Exception):
    """The process dies."""


class Fenced(Exception):
    """A write came behind one of another process: this one ends, as the table has it end."""


class Fold:
    """The changes topic as detection reads it: the latest row of each record for each subject."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], tuple[Position, Any, int]] = {}
        self.messages: list[Change] = []

    def take(self, change: Change) -> None:
        self.take_encoded(encode_message(change))

    def take_encoded(self, data: bytes) -> None:
        message = decode_message(data)
        assert isinstance(message, Put | Remove | Unreadable)
        self.messages.append(message)
        if isinstance(message, Put):
            content: Any = msgspec.json.decode(message.row)
            key = content["source"]["key"]
        else:
            content, key = ("gone" if isinstance(message, Remove) else "unreadable"), message.key
        old = self.rows.get((message.subject, key))
        redriven = not isinstance(message, Unreadable) and message.redriven
        told_again = old is not None and redriven and message.position == old[0]
        if old is None or message.position > old[0] or (told_again and message.term >= old[2]):
            self.rows[message.subject, key] = message.position, content, message.term

    def standing(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = defaultdict(dict)
        for (subject, key), (_, content, _) in self.rows.items():
            if content != "gone":
                found[subject][key] = content
        return dict(found)


@dataclass
class Stage:
    """One partition of a feed's intake: its changelog, its committed offsets and its memory."""

    world: World
    number: int
    registry: Registry | None = None
    changelog: list[list[tuple[bytes, bytes]]] = field(default_factory=list)
    committed: int = 0
    ordered: int = 0
    end: int = 0  #: of the changelog, as this process knows it
    frozen: Stage | None = None

    def recovered(self) -> dict[bytes, bytes]:
        state: dict[bytes, bytes] = {}
        for batch in self.changelog:
            for key, value in batch:
                if key not in state or fence_of(value) >= fence_of(state[key]):
                    state[key] = value
        return state

    def open(self) -> Registry:
        if self.registry is None:
            self.registry = self.world.registry(self.number, self.recovered())
            self.changelog.append(self.registry.claim().writes)
            self.end = len(self.changelog)
        return self.registry

    def freeze(self) -> None:
        """The owner stops in the middle of its work, and another one takes over."""
        frozen = Stage(self.world, self.number)
        frozen.changelog, frozen.committed, frozen.ordered = (
            self.changelog, self.committed, self.ordered,
        )  # fmt: skip
        frozen.registry, self.registry = self.open(), None
        frozen.end = self.end
        self.frozen = frozen

    def wake(self, count: int, *, order: bool) -> None:
        """The frozen owner goes on with what it had fetched; it can commit nothing."""
        frozen, self.frozen = self.frozen, None
        if frozen is not None:
            frozen.work(count)
            if order and frozen.registry is not None:
                frozen.obey()

    def work(self, count: int, crash_at: int | None = None) -> None:
        """Take up to ``count`` messages of the feed; die before I/O step ``crash_at``."""
        log = self.world.agency.logs[self.number]
        chunk = log[self.committed : self.committed + count]
        outcomes = [self.open().apply(record) for record in chunk]
        with suppress(Fenced):
            self._carry_out(outcomes, crash_at)
            self.committed += len(chunk)

    def obey(self, crash_at: int | None = None) -> None:
        """Take one order."""
        log = self.world.control[self.number]
        if self.ordered < len(log):
            order = decode_order(log[self.ordered])
            with suppress(Fenced):
                for outcome in self.open().order(order):
                    self._carry_out([outcome], crash_at)
                self.ordered += 1

    def _carry_out(self, outcomes: list[Outcome], crash_at: int | None) -> None:
        steps: list[Any] = [c for o in outcomes for c in o.changes]
        steps += [e for o in outcomes for e in (*o.quarantine, *o.statements)]
        batches = [o.writes for o in outcomes if o.writes]
        steps += batches
        for index, step in enumerate(steps):
            if crash_at is not None and index == crash_at:
                self.registry = None
                raise Crash
            if isinstance(step, list):
                self.changelog.append(step)
                self.end += 1
            else:
                self.world.receive(step)
        if batches and self.end != len(self.changelog):
            self.registry = None
            raise Fenced


class World:
    """An agency, the intake of its feed, and the topics that intake writes."""

    def __init__(self, contract: Contract, partitions: int = 2, unwritten: int = 0) -> None:
        self.unwritten = unwritten
        self.contract = contract
        self.mapper = Mapper(contract, TOKENS)
        self.agency = Agency(partitions)
        self.control: list[list[bytes]] = [[] for _ in range(partitions)]
        self.fold = Fold()
        self.entries: dict[str, Quarantined] = {}
        self.settled: dict[str, Settled] = {}
        self.holds: dict[str, Hold] = {}
        self.said: dict[str, Said] = {}
        self.due: dict[str, Due] = {}
        self.stages = [Stage(self, number) for number in range(partitions)]

    def registry(self, partition: int, state: dict[bytes, bytes]) -> Registry:
        return Registry(
            self.contract,
            self.mapper,
            TOKENS,
            state,
            partition=partition,
            partitions=self.agency.partitions,
            topic_id="topic",
            unwritten=self.unwritten,
        )

    def receive(self, one: Any) -> None:
        if isinstance(one, Put | Remove | Unreadable):
            self.fold.take(one)
        elif isinstance(one, Quarantined):
            self.entries[one.id] = one
        elif isinstance(one, Settled):
            if one.how != "superseded":
                self.settled[one.id] = one
            self.settled.setdefault(one.id, one)
        elif isinstance(one, Hold):
            if (known := self.holds.get(one.name)) is None or known.day is not None:
                self.holds[one.name] = one
        elif isinstance(one, Said):
            self.said[one.key] = one
        elif isinstance(one, Due):
            self.due[one.key] = one

    def repair(self, contract: Contract) -> None:
        """Start again with another contract."""
        self.contract, self.mapper = contract, Mapper(contract, TOKENS)
        for stage in self.stages:
            stage.registry = None

    def order(self, order: Order, partition: int | None = None) -> None:
        for number, log in enumerate(self.control):
            if partition in (None, number):
                log.append(encode_order(order))

    def drain(self) -> None:
        """Everything that is in the logs is worked off; what falls due then is swept."""
        for stage in self.stages:
            while stage.committed < len(self.agency.logs[stage.number]):
                stage.work(5)
        for key in list(self.due):
            sweep: Sweep = self.due.pop(key).sweep
            self.order(sweep)
        for stage in self.stages:
            while stage.ordered < len(self.control[stage.number]):
                stage.obey()

    def open_entries(self) -> list[Quarantined]:
        found = [entry for id, entry in self.entries.items() if id not in self.settled]
        return sorted(found, key=lambda e: (e.partition, e.message.offset))

    def redrive_all(self) -> None:
        for entry in self.open_entries():
            self.order(Redrive(entry.epoch, entry.message), entry.partition)

    def dismiss(self, entry: Quarantined) -> None:
        order = Dismiss(entry.epoch, entry.message.offset, "broken at the source")
        self.order(order, entry.partition)

    def expected(self) -> dict[str, dict[str, Any]]:
        """What a batch over the table finds: each row, under each of its subjects.

        Rows that are gone stand on in an archive, and are ended in a list of present state (tests
        let no day pass between their removals).
        """
        found: dict[str, dict[str, Any]] = defaultdict(dict)
        meaning = self.contract.deletion.meaning
        rows = self.agency.rows if meaning == "correction" else self.agency.last
        for key, columns in rows.items():
            record = self.mapper.record(columns)
            if meaning == "ends" and key not in self.agency.rows:
                record = end_row(record, "until", date(2025, 1, 1))
            for subject in TOKENS.subjects(record):
                content = msgspec.json.decode(msgspec.json.encode(record))
                found[subject][record.source.key] = content
        return dict(found)
