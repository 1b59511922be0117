"""Runs one job and prints its sample: ``python -m tests.bench.one JOB`` (JSON)."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable

import msgspec

from tests.bench import dossiers, latency, models, quix, recovery, stages, stock_faust, whole
from tests.bench.plan import FOUR
from tests.bench.sample import Job, Sample

MEASURES: dict[str, Callable[[Job], Sample | Awaitable[Sample]]] = {
    "intake-debezium": lambda job: stages.intake(job, "debezium"),
    "intake-mixed": lambda job: stages.intake(job, "mixed"),
    "detect": stages.detect,
    "detect-four": lambda job: stages.detect(job, FOUR),
    "models": models.models,
    "delivery": stages.delivery,
    "end-to-end": whole.end_to_end,
    "stock-faust": stock_faust.stock_faust,
    "quix": quix.quix,
    "latency": latency.latency,
    "latency-all": latency.latency,
    "recovery-detect": lambda job: recovery.recovery(job, "state"),
    "recovery-registry": lambda job: recovery.recovery(job, "registry"),
    "memory": dossiers.memory,
    "big-dossier": dossiers.big_dossier,
}


async def _awaited(pending: Awaitable[Sample]) -> Sample:
    return await pending


def main(argument: str) -> None:
    """Run the job that the argument describes."""
    job = msgspec.json.decode(argument, type=Job)
    found = MEASURES[job.measure](job)
    sample = found if isinstance(found, Sample) else asyncio.run(_awaited(found))
    print(msgspec.json.encode(sample).decode(), flush=True)
    os._exit(0)  # what the libraries still want to tidy up is not measured


if __name__ == "__main__":
    main(sys.argv[1])
