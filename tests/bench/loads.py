"""The loads, made once and kept in files: agencies' messages, changes, ledger, stored state.

All of it is the example district, through the real intake and the real engine: dossiers as they
are, with violations, corrections, repeats, broken messages and statements of completeness.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import msgspec

from detectors.framework.engine import Engine
from detectors.framework.registry import discover
from schemas.change import Tick, encode_message
from schemas.contract import Contract
from schemas.mapping import Mapper
from schemas.subject import Tokens
from streams.activation import wanted_rules
from streams.detect.partition import work
from streams.district import GRANTS, UNTIL, District, Rendering, contracts
from streams.district.tables import TABLES
from streams.intake.registry import Registry
from streams.log.partitioner import partition_for
from streams.log.records import LogRecord
from streams.settings import Settings, read_settings
from tests.bench.plan import FOUR
from tests.chaos.fixed_log import Writer

Row = tuple[bytes | None, bytes]
Partitions = dict[int, list[Row]]

PARTITIONS = 4
FEED_PARTITIONS = 4
TICK_DAYS = 14
SECRET = "a secret of the benchmark"
ENVELOPES = {"debezium": "debezium", "mixed": "any"}

#: The models of the first version: what more of them cost is told beside these.
FIRST = ("D01", "D02", "D03", "D11")

#: More happens to the same people than in life: delivery is fed transitions, nothing else.
LEDGER_DENSITY = 40.0

_encode = msgspec.msgpack.encode


class Agencies(msgspec.Struct):
    """The messages of all agencies, by topic and partition."""

    topics: dict[str, Partitions]

    def __len__(self) -> int:
        return sum(len(rows) for topic in self.topics.values() for rows in topic.values())


class Changes(msgspec.Struct):
    """A changes topic: rules, rows and ticks, as intake and clock write it."""

    partitions: Partitions
    ticks: int
    subjects: int
    transitions: int  #: that detection makes of it


def settings_of(broker: str, redis_url: str, folder: Path, prefix: str, **more: str) -> Settings:
    """The settings of a deployment as its environment would say them."""
    return read_settings(
        {
            "DONGJIAN_BROKER": broker,
            "REDIS_URL": redis_url,
            "DONGJIAN_DATA": str(folder / "data"),
            "DONGJIAN_SECRET": SECRET,
            "DONGJIAN_PREFIX": prefix,
            "DONGJIAN_PARTITIONS": str(PARTITIONS),
            "DONGJIAN_GRANTS": ",".join(GRANTS),
            "DONGJIAN_METRICS": "",
            **more,
        }
    )


def contracts_of(envelope: str, topic_prefix: str) -> dict[str, Contract]:
    """The district's contracts, its topics under a prefix so that several loads share a broker."""
    given = "" if envelope == "any" else envelope
    return {
        feed: replace(contract, topic=topic_prefix + contract.topic)
        for feed, contract in contracts(envelope=given).items()
    }


def make(folder: Path, people: int, wanted: Collection[str]) -> dict[str, int]:
    """Write the loads that are wanted into the folder; returns what is in them."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = settings_of("embedded://", "", folder, "bench")
    counts: dict[str, int] = {}
    for name in wanted:
        district = District(1, people)
        if name in ENVELOPES:
            messages = _agencies(district, ENVELOPES[name])
            _write(folder, name, messages)
            counts[name] = len(messages)
        elif name == FOUR:
            off = ",".join(m.id for m in discover().models if m.id not in FIRST)
            few = settings_of("embedded://", "", folder, "bench", DONGJIAN_DISABLED=off)
            _write(folder, FOUR, _changes(few, District(1, people, models=FIRST))[0])
        elif name == "changes":
            found, state = _changes(settings, district)
            _write(folder, "changes", found)
            _write(folder, "state", state)
            counts |= {
                "changes": sum(map(len, found.partitions.values())),
                "ticks": found.ticks,
                "subjects": found.subjects,
                "transitions": found.transitions,
            }
        elif name == "ledger":
            ledger = _ledger(settings, District(2, people // 6, density=LEDGER_DENSITY))
            _write(folder, name, ledger)
            counts[name] = sum(map(len, ledger.values()))
        elif name == "registry":
            _write(folder, name, _registry(settings, district))
    return counts


def read(folder: Path, name: str, kind: type[msgspec.Struct] | type[Partitions]) -> object:
    """Read a load again."""
    return msgspec.msgpack.decode((folder / f"{name}.msgpack").read_bytes(), type=kind)


def agencies(folder: Path, name: str) -> Agencies:
    """What agencies send, in one of the two mixtures of envelopes."""
    found = read(folder, name, Agencies)
    assert isinstance(found, Agencies)
    return found


def changes(folder: Path, name: str = "changes") -> Changes:
    """What detection reads: of the whole district, or of what the first four models need."""
    found = read(folder, name, Changes)
    assert isinstance(found, Changes)
    return found


def partitions(folder: Path, name: str) -> Partitions:
    """``ledger``, or what is stored: ``state`` of detection, ``registry`` of one feed."""
    found = read(folder, name, Partitions)
    assert isinstance(found, dict)
    return found


def _write(folder: Path, name: str, load: object) -> None:
    (folder / f"{name}.msgpack").write_bytes(_encode(load))


def _agencies(district: District, envelope: str) -> Agencies:
    render = Rendering(envelope)
    topics: dict[str, Partitions] = defaultdict(lambda: defaultdict(list))
    for event in district.events():
        key, value = render(event)
        partition = partition_for(key, FEED_PARTITIONS)
        topics[TABLES[event.feed].topic][partition].append((key, value))
    return Agencies({topic: dict(rows) for topic, rows in topics.items()})


def _changes_of(settings: Settings, district: District) -> tuple[Writer, int]:
    writer, render = Writer(settings, contracts_of("any", "")), Rendering()
    writer.rules(discover())
    ticked: date | None = None
    ticks = 0
    for day, events in groupby(district.events(), key=lambda event: event.day):
        for event in events:
            writer.event(event, *render(event))
        if ticked is None or day - ticked >= timedelta(TICK_DAYS):
            ticked = day
            ticks += 1
            writer.tick(event)
        writer.flush()
    writer.tick(event)
    writer.flush()
    return writer, ticks + 1


def _changes(settings: Settings, district: District) -> tuple[Changes, Partitions]:
    writer, ticks = _changes_of(settings, district)
    catalogue, tokens = discover(), Tokens(settings.secret)
    found = Changes({}, ticks, 0, 0)
    state: Partitions = {}
    for partition in range(PARTITIONS):
        records = writer.log.records(partition)
        found.partitions[partition] = [(r.key, r.value or b"") for r in records]
        engine = Engine(catalogue, tokens, partition=partition)
        written: dict[bytes, bytes] = {}
        for piece in work(engine, records):
            found.transitions += len(piece.transitions)
            for batch in piece.batches:
                written.update(batch)
        found.subjects += len(engine.dossiers.subjects)
        state[partition] = list(written.items())
    return found, state


def _ledger(settings: Settings, district: District) -> Partitions:
    writer, _ = _changes_of(settings, district)
    return {p: list(rows) for p, rows in writer.log.ledger(settings).items()}


def _registry(settings: Settings, district: District) -> Partitions:
    """What the registry of the biggest feed remembers of the district."""
    contract, tokens = contracts_of("any", "")["hrss-payment"], Tokens(settings.secret)
    mapper, render = Mapper(contract, tokens), Rendering()
    known = {
        partition: Registry(
            contract, mapper, tokens, {}, partition=partition, partitions=FEED_PARTITIONS
        )
        for partition in range(FEED_PARTITIONS)
    }
    offsets: dict[int, int] = defaultdict(int)
    for event in district.events():
        if event.feed == "hrss-payment":
            key, value = render(event)
            partition = partition_for(key, FEED_PARTITIONS)
            known[partition].apply(LogRecord(offsets[partition], event.at_ms, key, value))
            offsets[partition] += 1
    return {p: list(registry.state.items()) for p, registry in known.items()}


def multiplied(partitions: Partitions, wanted: int) -> Partitions:
    """The rows as often, each time of another subject or record, as it takes to have so many."""
    copies = -(-wanted // max(sum(map(len, partitions.values())), 1))
    found: Partitions = {}
    for partition, rows in partitions.items():
        many: list[Row] = [
            (_other(key, copy), value) for copy in range(copies) for key, value in rows
        ]
        found[partition] = many[: wanted // len(partitions)]
    return found


def _other(key: bytes | None, copy: int) -> bytes:
    """The key of the same entry of somebody else: of a subject in a dossier's, else of a record."""
    assert key is not None
    letter, zero, rest = key.partition(b"\0")
    if not copy or not zero or not letter:  # what a partition has once keeps its key
        return key if not copy or len(key) == 1 or key.startswith(b"\0") else key + b"~%d" % copy
    subject, end, more = rest.partition(b"\0")
    return b"%s\0%s~%d%s%s" % (letter, subject, copy, end, more)


#: The day that the clock is told: nothing of the district lies after it.
TODAY = UNTIL

#: "It is the last day", before the first record: without it no duty is ever due.
FIRST_TICK = encode_message(Tick(TODAY))


def rules_row(settings: Settings, contracts: dict[str, Contract]) -> Row:
    """The message that activates this code and these settings."""
    return None, encode_message(wanted_rules(settings, discover(), contracts, 1))
