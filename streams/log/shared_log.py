"""One embedded log per file and process, shared by its apps and clients, with grouped commits."""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, TextIO

from schemas.errors import LogError
from streams.log.records import Headers, Row
from streams.log.sqlite_log import Append, SqliteLog

SCHEME = "embedded://"
FOREIGN_POLL_S = 0.1
"""How late an append by another process may be noticed; one pragma per poll, no query."""


def log_path(broker_url: str) -> str:
    """Return the absolute path that an ``embedded://`` URL names; empty for a log in memory."""
    path = broker_url.removeprefix(SCHEME)
    return os.path.abspath(path) if path else ""


class SharedLog:
    """A log with its waiting readers and waiting appends."""

    _open: ClassVar[dict[str, SharedLog]] = {}

    def __init__(self, path: str) -> None:
        self.log = SqliteLog(path)
        self.users = 0
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = set()
        self._pending: list[tuple[list[Append], asyncio.Future[list[int]]]] = []
        self._groups: dict[str, TextIO | None] = {}

    @classmethod
    def acquire(cls, path: str) -> SharedLog:
        """Open the log of this path, or share it if this process has it open."""
        shared = cls._open.get(path)
        if shared is None:
            shared = cls._open[path] = cls(path)
        shared.users += 1
        return shared

    def release(self) -> None:
        """Close the file with its last user; a log in memory lives as long as the process."""
        self.users -= 1
        if not self.users and self.log.path:
            self._open.pop(self.log.path, None)
            self.log.close()

    # One process per group

    def join(self, group: str) -> None:
        """Take a group for this process: the log has no coordinator that could share it out."""
        if group in self._groups:
            raise LogError(f"the group {group!r} already runs in this process")
        lock: TextIO | None = None
        if self.log.path:
            lock = Path(f"{self.log.path}.{group}.lock").open("w")  # noqa: SIM115 (held until leave)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                lock.close()
                raise LogError(
                    f"another process runs {group!r} on {self.log.path!r}: the embedded log admits "
                    "one process per group; stop it, or use Kafka to scale out"
                ) from error
        self._groups[group] = lock

    def leave(self, group: str) -> None:
        lock = self._groups.pop(group, None)
        if lock is not None:
            lock.close()

    # Appends

    async def append(
        self,
        topic: str,
        partition: int,
        batches: Sequence[Sequence[Row]],
        timestamp_ms: int | None = None,
        headers: Headers = (),
    ) -> list[int]:
        """Append batches to one partition, in order, and return their base offsets.

        What is asked for in one turn of the event loop becomes durable in one transaction.
        """
        at = int(time.time() * 1000) if timestamp_ms is None else timestamp_ms
        appends = [Append(topic, partition, rows, at, headers) for rows in batches]
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[int]] = loop.create_future()
        self._pending.append((appends, future))
        if len(self._pending) == 1:
            loop.call_soon(self._write_pending)
        return await future

    def _write_pending(self) -> None:
        pending, self._pending = self._pending, []
        try:
            bases = iter(self.log.append([one for appends, _ in pending for one in appends]))
        except Exception:
            # One bad append must not fail its neighbours: each gets its own transaction.
            for appends, future in pending:
                self._write_alone(appends, future)
        else:
            for appends, future in pending:
                offsets = [next(bases) for _ in appends]
                if not future.done():
                    future.set_result(offsets)
        self.wake()

    def _write_alone(self, appends: list[Append], future: asyncio.Future[list[int]]) -> None:
        try:
            offsets = self.log.append(appends)
        except Exception as error:
            if not future.done():
                future.set_exception(error)
        else:
            if not future.done():
                future.set_result(offsets)

    # Readers

    def wake(self) -> None:
        """Wake every reader that waits, in whatever event loop it runs."""
        waiting, self._waiting = self._waiting, set()
        for loop, future in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(_finish, future)

    async def wait(self, timeout_s: float) -> None:
        """Wait for an append, by this process or another, at most ``timeout_s``."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        entry = (loop, future)
        self._waiting.add(entry)
        deadline = loop.time() + timeout_s
        try:
            while not future.done() and (left := deadline - loop.time()) > 0:
                step = min(left, FOREIGN_POLL_S) if self.log.path else left
                await asyncio.wait({future}, timeout=step)
                if self.log.path and not future.done() and self.log.refresh():
                    self.wake()
                    return
        finally:
            self._waiting.discard(entry)


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
