"""What both yardsticks are fed: the same changes as detection, ticks and rules left out."""

from __future__ import annotations

from pathlib import Path

from streams.log.client import LogClient
from tests.bench import loads
from tests.bench.sample import Job
from tests.bench.stages import append_all


async def fill(job: Job, client: LogClient, topic: str) -> int:
    """Append the row changes, at most ``job.count`` of them; how many."""
    rows = loads.changes(Path(job.loads)).partitions
    each = job.count // len(rows)
    keyed = {p: [row for row in all_ if row[0] is not None][:each] for p, all_ in rows.items()}
    return await append_all(client, topic, keyed)
