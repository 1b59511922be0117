"""Each run in a process of its own: nothing of a run before it, and its own CPU seconds."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import msgspec

from streams.local.process_table import rss_bytes
from tests.bench.sample import Job, Sample

_ROOT = Path(__file__).resolve().parents[2]


class RunFailed(Exception):
    """A run ended without figures; the message holds the end of what it printed."""


def run(job: Job, timeout_s: float = 180) -> Sample:
    """Run a job in a process of its own."""
    said = msgspec.json.encode(job).decode()
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.one", said]
    try:
        done = subprocess.run(
            command, cwd=_ROOT, capture_output=True, check=False, timeout=timeout_s
        )
    except subprocess.TimeoutExpired as error:
        said = (error.stderr or b"")[-2_000:].decode(errors="replace")
        raise RunFailed(f"{job.measure}: not within {timeout_s:.0f} s\n{said}") from None
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        raise RunFailed(f"{job.measure}: {done.stderr[-2_000:].decode(errors='replace')}")
    return msgspec.json.decode(lines[-1], type=Sample)


def resident() -> int:
    """Bytes of memory that this process holds just now, garbage taken out."""
    gc.collect()
    return rss_bytes(os.getpid())
