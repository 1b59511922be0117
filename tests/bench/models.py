"""What each model costs: the engine alone over the district's changes, its evaluations timed."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from detectors.framework import looking
from detectors.framework.engine import Engine
from detectors.framework.registry import discover
from schemas.change import Put, Remove, decode_message
from schemas.record import RECORD_TYPES
from schemas.subject import Tokens
from tests.bench import loads
from tests.bench.sample import Job, Sample


def models(job: Job) -> Sample:
    """Per model: evaluations, their CPU time, and that by the changes that could wake it.

    A change can wake a model that reads its type in a dossier of its kind of subject; most do not,
    because the dossier has none of the rows that the model needs.
    """
    catalogue, tokens = discover(), Tokens(loads.SECRET)
    load = loads.changes(Path(job.loads))
    spent: dict[str, list[float]] = defaultdict(list)
    touched: Counter[str] = Counter()
    evaluate = looking.evaluate

    def timed(running: Any, *rest: Any) -> Any:
        begun = time.thread_time()
        said = evaluate(running, *rest)
        spent[running.model.id].append(time.thread_time() - begun)
        return said

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(looking, "evaluate", timed)
        begun = time.process_time()
        for partition, rows in load.partitions.items():
            engine = Engine(catalogue, tokens, partition=partition)
            for offset, (_, value) in enumerate(rows):
                for _ in engine.apply(offset, 1_750_000_000_000, decode_message(value)):
                    pass
        whole = time.process_time() - begun
    for rows in load.partitions.values():
        for _, value in rows:
            message = decode_message(value)
            if isinstance(message, Put | Remove):
                kind, subject = RECORD_TYPES[message.kind], message.subject.partition(":")[0]
                for model in catalogue.models:
                    if kind in model.detector.reads and subject in model.detector.subjects:
                        touched[model.id] += 1
    more: dict[str, float] = {"whole_s": whole}
    for model_id in sorted(touched):
        times = sorted(spent[model_id])
        more |= {
            f"touched_{model_id}": touched[model_id],
            f"evaluations_{model_id}": len(times),
            f"us_{model_id}": sum(times) / touched[model_id] * 1e6,
            f"each_us_{model_id}": sum(times) / len(times) * 1e6 if times else 0,
            f"p99_us_{model_id}": times[len(times) * 99 // 100] * 1e6 if times else 0,
            f"share_{model_id}": sum(times) / whole,
        }
    return Sample(more=more)
