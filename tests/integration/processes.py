"""Workers as processes of their own, as a deployment runs them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]

#: Coverage and every other tool of the parent's environment stay out of the way.
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME")


class WorkerProcess:
    """``dongjian worker`` with the settings of a test; its log is a file."""

    def __init__(self, environment: Mapping[str, str], log: Path, *roles: str) -> None:
        self.log_path = log
        arguments = [word for role in roles for word in ("--role", role)]
        program = "from streams.cli import main; main()"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", program, "worker", *arguments],
                cwd=_ROOT,
                env={**{k: os.environ[k] for k in _KEPT if k in os.environ}, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    @property
    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def running(self) -> bool:
        return self.process.poll() is None

    def stop(self, timeout_s: float = 60) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout_s)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


@contextmanager
def workers() -> Iterator[list[WorkerProcess]]:
    """Whatever is put into the list is ended with the test, however that ends."""
    running: list[WorkerProcess] = []
    try:
        yield running
    finally:
        for worker in running:
            if worker.running():
                worker.kill()
