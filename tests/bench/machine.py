"""What a figure was taken on: without it no figure means anything."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import msgspec


class Machine(msgspec.Struct, frozen=True):
    """The machine and how busy it was with other things when the measuring began."""

    cores: int
    cpu: str
    memory_gib: float
    system: str
    python: str
    load: float  #: runnable tasks, mean of the last minute

    def __str__(self) -> str:
        return (
            f"{self.cores} cores ({self.cpu}), {self.memory_gib:.0f} GiB, {self.system}, "
            f"Python {self.python}, load average at start {self.load:.1f}"
        )


def this_machine() -> Machine:
    """Look at the machine as it is now."""
    return Machine(
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0,
        cpu=_said("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        memory_gib=int((_said("/proc/meminfo", "MemTotal") or "0").split()[0]) / 2**20,
        system=f"{platform.system()} {platform.release().partition('-')[0]}",
        python=platform.python_version(),
        load=os.getloadavg()[0],
    )


def _said(path: str, name: str) -> str:
    """The value of the first line that begins with a name; empty where there is no such file."""
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
