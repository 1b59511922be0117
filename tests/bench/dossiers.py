"""Dossiers in memory: what a row costs, and what one dossier of 10 000 records costs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec

from detectors.framework.engine import Engine
from detectors.framework.registry import discover
from schemas.change import Message, Position, Put, Rules, Tick
from schemas.subject import Tokens
from tests.bench import loads
from tests.bench.process import resident
from tests.bench.sample import Job, Sample
from tests.factories import death, payment, person

STEPS = (100, 1_000, 10_000)
_AT_ONCE = 50


def memory(job: Job) -> Sample:
    """The district's state in engines: bytes per row, everything included, as the system counts."""
    catalogue, tokens = discover(), Tokens(loads.SECRET)
    Engine(catalogue, tokens, entries=())  # whatever is loaded once is not the rows'
    state = loads.partitions(Path(job.loads), "state")
    rows = sum((key or b"").startswith(b"r\0") for entries in state.values() for key, _ in entries)
    del state
    before = resident()
    engines = [
        _restored(job, partition, catalogue, tokens) for partition in range(loads.PARTITIONS)
    ]
    grown = resident() - before
    subjects = sum(len(engine.dossiers.subjects) for engine in engines)
    return Sample(more={"row_bytes": grown / rows, "rows": rows, "subjects": subjects})


def _restored(job: Job, partition: int, catalogue: object, tokens: Tokens) -> Engine:
    # Read anew and forgotten entry by entry: the stored bytes must not be counted, nor their gaps.
    entries = loads.partitions(Path(job.loads), "state")[partition]
    entries.reverse()
    drained = iter(entries.pop, None)
    return Engine(catalogue, tokens, partition=partition, entries=_until_empty(entries, drained))  # type: ignore[arg-type]


def _until_empty(entries: list[loads.Row], drained: Iterator[loads.Row]) -> Iterator[loads.Row]:
    while entries:
        yield next(drained)


def big_dossier(job: Job) -> Sample:
    """One dead person's payments, one after the other: each looks at the whole dossier again.

    More payments than a life has; what it shows is a case or a company with many records.
    """
    engine = Engine(discover(), tokens := Tokens(loads.SECRET), hash="bench")
    name = tokens.subject("person", person(1))
    offset = _told(engine, 0, Rules(1, "bench"))
    offset = _told(engine, offset, Tick(date(2026, 1, 1)))
    _told(engine, offset, _put(name, death(died_on=date(2020, 1, 1)), 0))
    costs: dict[str, float] = {}
    begun = time.process_time()
    for number in range(1, STEPS[-1] + 1):
        before = time.process_time()
        _told(engine, offset + number, _payment(name, number))
        if number + _AT_ONCE > (step := next(s for s in STEPS if s >= number)):
            costs[f"us_{step}"] = (
                costs.get(f"us_{step}", 0) + (time.process_time() - before) / _AT_ONCE * 1e6
            )
    return Sample(
        records=STEPS[-1], seconds=(spent := time.process_time() - begun), cpu_s=spent, more=costs
    )


def _payment(name: str, number: int) -> Message:
    month = date(2020 + number // 12 % 5, number % 12 + 1, 1)
    row = payment(month=month, key=f"{number}", amount_fen=100_000 + number)
    return _put(name, row, number)


def _put(name: str, record: object, offset: int) -> Put:
    row = msgspec.Raw(msgspec.json.encode(record))
    return Put(name, type(record).__name__, row, Position(1, 0, offset))


def _told(engine: Engine, offset: int, message: Message) -> int:
    for _ in engine.apply(offset, 1_750_000_000_000, message):
        pass
    return offset + 1
