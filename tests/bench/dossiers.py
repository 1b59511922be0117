"""Dossiers in memory: what a row costs, and what one dossier of 10 000 records costs."""

from __future__ import annotations

import gc
import time
import tracemalloc
from datetime import date
from pathlib import Path

import msgspec

from detectors.framework.engine import Engine
from detectors.framework.registry import Catalogue, discover
from schemas.change import Message, Position, Put, Rules, Tick
from schemas.subject import Tokens
from tests.bench import loads
from tests.bench.sample import Job, Sample
from tests.factories import death, payment, person

STEPS = (100, 1_000, 10_000)
_AT_ONCE = 20


def memory(job: Job) -> Sample:
    """The district's state in engines: what Python allocated for it, indexes included, per row."""
    catalogue, tokens = discover(), Tokens(loads.SECRET)
    state = loads.partitions(Path(job.loads), "state")
    rows = sum((key or b"").startswith(b"r\0") for entries in state.values() for key, _ in entries)
    # Only what is allocated from here on is counted, so not the stored bytes that are read.
    tracemalloc.start()
    _bare = [_engine(catalogue, tokens, p, stored, rows=False) for p, stored in state.items()]
    gc.collect()
    before, _ = tracemalloc.get_traced_memory()
    full = [_engine(catalogue, tokens, p, stored, rows=True) for p, stored in state.items()]
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    grown = after - 2 * before  # what a bare engine holds is in each of the two
    subjects = sum(len(engine.dossiers.subjects) for engine in full)
    return Sample(more={"row_bytes": grown / rows, "rows": rows, "subjects": subjects})


def _engine(
    catalogue: Catalogue, tokens: Tokens, partition: int, stored: list[loads.Row], *, rows: bool
) -> Engine:
    """An engine of stored entries; without rows it still knows its rules, which cost once."""
    entries = ((k, v) for k, v in stored if k is not None and (rows or len(k) == 1))
    return Engine(catalogue, tokens, partition=partition, entries=entries)


def big_dossier(job: Job) -> Sample:
    """What one more record costs where a dossier holds so many already: it is looked at as a whole.

    They are the payments to one dead person, so that all of them are evidence of one alert; more
    than a life has, but not more than a case or a company may have records.
    """
    tokens = Tokens(loads.SECRET)
    name = tokens.subject("person", person(1))
    costs: dict[str, float] = {}
    for step in STEPS:
        engine = Engine(discover(), tokens, hash="bench")
        # Before the rules come, rows are kept and nothing is evaluated.
        _told(engine, 0, _put(name, death(died_on=date(2020, 1, 1)), 0))
        for number in range(1, step - _AT_ONCE + 1):
            _told(engine, number, _payment(name, number))
        _told(engine, step, Rules(1, "bench"))
        _told(engine, step + 1, Tick(date(2026, 1, 1)))
        begun = time.process_time()
        for number in range(step - _AT_ONCE + 1, step + 1):
            _told(engine, step + 2 + number, _payment(name, number))
        costs[f"us_{step}"] = (time.process_time() - begun) / _AT_ONCE * 1e6
    return Sample(more=costs)


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
