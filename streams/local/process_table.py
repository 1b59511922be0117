"""What the system knows of a process by its number, on Linux and on macOS."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and waits for its parent (Z) does not."""
    if sys.platform == "linux":
        try:
            after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
        except OSError:
            return False
        return after_name.split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def command_line(pid: int) -> str:
    """The words it was started with, empty when there is no such process."""
    if sys.platform == "linux":
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return ""
        return words.replace(b"\0", b" ").decode(errors="replace")
    shown = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)],  # noqa: S607 - where ps lives differs by system
        capture_output=True,
        text=True,
        check=False,
        timeout=10,
    )
    return shown.stdout


def rss_bytes(pid: int) -> int:
    """Resident memory, 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    sizes = (line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(next(sizes, "0")) * 1024
