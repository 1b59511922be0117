"""One server process of ours: started, waited for, stopped, killed and started again."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from schemas.errors import DongjianError
from streams.local import process_table

_POLL_S = 0.02
_LOG_TAIL_BYTES = 2_000


class LocalServerError(DongjianError):
    """A local server did not start or stop; the message holds the end of its log."""


class ProgramMissing(LocalServerError):
    """A program that the local server needs is not installed; the message names the package."""


@dataclass(frozen=True, slots=True)
class GivenServer:
    """A server that somebody else runs: used as it is, neither started nor stopped."""

    url: str

    def start(self) -> Self:
        return self

    def stop(self) -> None:
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


class ServerProcess:
    """One process with a pid file and a log file in ``data_dir``.

    Unless ``detached`` it ends with the process that started it, even when that one is killed
    (on Linux, started from the main thread); a detached one is found again through its pid file.
    """

    def __init__(self, name: str, data_dir: Path, *, detached: bool = False) -> None:
        self.name = name
        self.data_dir = data_dir
        self.detached = detached
        self.log_path = data_dir / "server.log"
        self._pid_path = data_dir / "pid"
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0  # where this run's part of the log begins

    @property
    def pid(self) -> int | None:
        """The process id while the process lives, whoever started it."""
        if self._process is not None:
            return self._process.pid if self._process.poll() is None else None
        try:
            pid = int(self._pid_path.read_text())
        except (FileNotFoundError, ValueError):
            return None
        # A pid is used again after a reboot: only a process that names our directory is ours.
        return pid if str(self.data_dir) in process_table.command_line(pid) else None

    @property
    def rss_bytes(self) -> int:
        """Resident memory of the process, 0 where the system does not tell."""
        return 0 if self.pid is None else process_table.rss_bytes(self.pid)

    def start(
        self,
        command: Sequence[str],
        ready: Callable[[], bool],
        *,
        timeout_s: float,
        account: str | None = None,
    ) -> None:
        """Run ``command``, return when ``ready`` says so; kill the process if it never does."""
        if self.pid is not None:
            raise LocalServerError(f"{self.name} runs already (pid {self.pid}) in {self.data_dir}")
        if not self.detached:
            command = [*_end_with_parent(), *command]
        with self.log_path.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.data_dir,
                start_new_session=True,  # Ctrl-C is for us: we stop the server when we are done
                user=account,
                group=account,
                extra_groups=[] if account else None,
            )
        self._pid_path.write_text(str(self._process.pid))
        if not self.detached:
            atexit.register(self.kill)
        try:
            self._wait_until_ready(ready, timeout_s)
        except BaseException:
            self.kill()
            raise

    def stop(self, stop_signal: signal.Signals = signal.SIGTERM, *, timeout_s: float = 30) -> None:
        """Ask the process to end and wait, kill it after ``timeout_s``; fine if it has ended."""
        pid = self.pid
        if pid is not None:
            os.kill(pid, stop_signal)
            if not self._ended(pid, timeout_s):
                os.killpg(pid, signal.SIGKILL)
                self._ended(pid, timeout_s=10)
        self._forget()

    def kill(self) -> None:
        """End the process and its children at once, as a power cut would."""
        pid = self.pid
        if pid is not None:
            os.killpg(pid, signal.SIGKILL)
            self._ended(pid, timeout_s=10)
        self._forget()

    def suspend(self) -> None:
        """Freeze the process (SIGSTOP)."""
        if self.pid is not None:
            os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen process go on."""
        if self.pid is not None:
            os.kill(self.pid, signal.SIGCONT)

    def _wait_until_ready(self, ready: Callable[[], bool], timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while not ready():
            if self.pid is None:
                raise LocalServerError(f"{self.name} ended while starting:\n{self._log_tail()}")
            if time.monotonic() > deadline:
                raise LocalServerError(
                    f"{self.name} did not answer within {timeout_s:.0f} s:\n{self._log_tail()}"
                )
            time.sleep(_POLL_S)

    def _ended(self, pid: int, timeout_s: float) -> bool:
        """Wait until the process is gone, its ports and files with it."""
        deadline = time.monotonic() + timeout_s
        while (
            process_table.is_alive(pid) if self._process is None else self._process.poll() is None
        ):
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_S)
        return True

    def _forget(self) -> None:
        atexit.unregister(self.kill)
        self._process = None
        self._pid_path.unlink(missing_ok=True)

    def _log_tail(self) -> str:
        written = self.log_path.read_bytes()[self._log_start :]
        return written[-_LOG_TAIL_BYTES:].decode(errors="replace").strip()


class Restartable:
    """What the local servers have in common: a context manager that can be broken on purpose."""

    _server: ServerProcess

    def start(self) -> Self:
        raise NotImplementedError

    def stop(self) -> None:
        """Stop in order; nothing happens when it is stopped."""
        self._server.stop()

    def kill(self) -> None:
        """SIGKILL: what was acknowledged is on disk, nothing else is promised."""
        self._server.kill()

    def suspend(self) -> None:
        """Freeze the server (SIGSTOP) until `resume`."""
        self._server.suspend()

    def resume(self) -> None:
        self._server.resume()

    @property
    def pid(self) -> int | None:
        return self._server.pid

    @property
    def rss_bytes(self) -> int:
        return self._server.rss_bytes

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on just now; all are held until the last is found, so they differ."""
    held = [socket.socket() for _ in range(count)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in held]
    finally:
        for one in held:
            one.close()


def is_listening(port: int) -> bool:
    """Whether somebody accepts connections on this port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def find_program(name: str, package: str, *, places: Iterable[Path] = ()) -> str:
    """The path of a program on PATH or in one of ``places``; ``package`` is the Debian package."""
    for path in [shutil.which(name), *(shutil.which(name, path=str(place)) for place in places)]:
        if path is not None:
            return path
    raise ProgramMissing(f"{name} is not installed (Debian: apt-get install {package})")


def _end_with_parent() -> list[str]:
    """A command prefix that has the kernel end the server when we die, however we die.

    The kernel sends the signal when the *thread* that started the server ends, so from any other
    thread than the main one only the exit handler is left.
    """
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    if setpriv is None or threading.current_thread() is not threading.main_thread():
        return []
    return [setpriv, "--pdeathsig", "KILL", "--"]
