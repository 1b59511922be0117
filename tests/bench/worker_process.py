"""``dongjian worker`` as a deployment starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streams.settings import Settings
from tests.bench import loads

_ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def worker_process(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with all roles in a process of its own, ended with the context."""
    environment = {
        "DONGJIAN_BROKER": settings.broker,
        "REDIS_URL": settings.redis_url,
        "DONGJIAN_DATA": str(settings.data),
        "DONGJIAN_FEEDS": str(settings.feeds),
        "DONGJIAN_SECRET": loads.SECRET,
        "DONGJIAN_PREFIX": settings.topics.prefix,
        "DONGJIAN_PARTITIONS": str(settings.topics.partitions),
        "DONGJIAN_GRANTS": ",".join(settings.grants),
        "DONGJIAN_METRICS": "",
        "DONGJIAN_INSTANCE": "bench",
    }
    settings.data.mkdir(parents=True, exist_ok=True)
    with (settings.data / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", "from streams.cli import main; main()", "worker"],
            cwd=_ROOT,
            env={**os.environ, **environment},
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
