"""Tells a dead worker from a dead broker, and ends the worker only.

Faust has states in which the process lives, logs nothing and never works again. An outage of the
broker looks the same from inside, but a restart would not help: the worker waits. So the process is
ended (exit 70, the supervisor restarts it) only when the broker answers over another connection,
there is something to do, and nothing at all has moved for a long time; or when the event loop
itself stands still.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import faust
from faust.exceptions import ConsumerNotStarted

from schemas.errors import LogError
from streams.log import fatal
from streams.log.probe import Probe, open_probe

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Standstill:
    """How long something that should move has not; a pure clockwork."""

    limit_s: float
    _token: object = None
    _since: float | None = None
    _seen: float | None = None

    def reset(self) -> None:
        self._since = self._seen = None

    def observe(self, now: float, token: object, *, busy: bool) -> bool:
        """Note a sight of the token; True when it should have moved for longer than the limit.

        A gap between two sights of more than half the limit says that this process itself was
        frozen: what it did not see meanwhile proves nothing.
        """
        frozen = self._seen is not None and now - self._seen > self.limit_s / 2
        self._seen = now
        if not busy or frozen or token != self._token or self._since is None:
            self._token, self._since = token, now
            return False
        return now - self._since >= self.limit_s


class Watchdog:
    """Two threads: one watches the event loop, one the progress of the apps in it."""

    def __init__(
        self,
        apps: Sequence[faust.App],
        broker_url: str,
        *,
        stalled_s: float = 600.0,
        loop_stalled_s: float = 120.0,
        every_s: float = 5.0,
        moves: Mapping[str, Callable[[], object]] | None = None,
    ) -> None:
        """``stalled_s`` must be longer than the longest chunk without a write takes.

        ``moves`` gives, by application, what else moves while it waits for somebody: a delivery
        that tries to reach Redis is alive, and a restart would take detection down with it.
        """
        self._apps = tuple(apps)
        self._broker_url = broker_url
        self._every_s = every_s
        self._moves = moves or {}
        self._standstills = {app.conf.id: Standstill(stalled_s) for app in self._apps}
        self._loop_standstill = Standstill(loop_stalled_s)
        self._beats = 0
        self._beat_handle: asyncio.TimerHandle | None = None
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=target, name=f"watchdog-{name}", daemon=True)
            for name, target in (("loop", self._watch_loop), ("progress", self._watch_progress))
        ]

    def start(self) -> None:
        """Begin to watch; call it in the event loop of the apps."""
        self._beat(asyncio.get_running_loop())
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop watching, before the apps are stopped."""
        self._stopped.set()
        if self._beat_handle is not None:
            self._beat_handle.cancel()

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        self._beats += 1
        self._beat_handle = loop.call_later(min(1.0, self._every_s), self._beat, loop)

    def _watch_loop(self) -> None:
        while not self._stopped.wait(self._every_s):
            if self._loop_standstill.observe(time.monotonic(), self._beats, busy=True):
                fatal.end_process(
                    "the event loop has not run for %s s", self._loop_standstill.limit_s
                )

    def _watch_progress(self) -> None:
        probe = open_probe(self._broker_url)
        try:
            while not self._stopped.wait(self._every_s):
                for app in self._apps:
                    self._look_at(app, probe)
        finally:
            probe.close()

    def _look_at(self, app: faust.App, probe: Probe) -> None:
        standstill = self._standstills[app.conf.id]
        try:
            backlog = probe.backlog(app.conf.id, owned(app))
        except LogError as error:
            # Not the worker's fault, and time without answers does not count.
            logger.warning("broker_silent app=%s reason=%s", app.conf.id, error)
            standstill.reset()
            return
        busy = backlog.lag > 0 or not settled(app)
        moves = self._moves.get(app.conf.id)
        token = (backlog.committed, progress(app), moves() if moves is not None else None)
        if standstill.observe(time.monotonic(), token, busy=busy):
            fatal.end_process(
                "app %s: the broker answers, %s records wait, and nothing has moved for %s s",
                app.conf.id, backlog.lag, standstill.limit_s,
            )  # fmt: skip


def owned(app: Any) -> set[tuple[str, int]]:
    """Return the source partitions of an app; none before it has started."""
    if app._consumer is None:  # the public property would make one, in this thread
        return set()
    try:
        return {tuple(tp) for tp in app._consumer.owned()}
    except ConsumerNotStarted:
        return set()


def settled(app: Any) -> bool:
    """Say whether an app has its partitions and has recovered their tables."""
    recovery = app.tables._recovery
    return recovery is not None and recovery.completed.is_set() and not app.rebalancing


def progress(app: Any) -> object:
    """Return what moves in an app between two commits: its recovery and its state writes."""
    recovery = app.tables._recovery
    offsets = [] if recovery is None else list(recovery.active_offsets.values())
    written = sum(
        held.end
        for table in app.tables.values()
        if table._data is not None
        for held in list(table.store.held.values())
    )
    return app.rebalancing_count, sum(offset or 0 for offset in offsets), written
