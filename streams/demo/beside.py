"""A worker at work beside something else, which waits for it and ends it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Self, TypeVar

from streams.demo.failed import DemoFailed
from streams.worker import Worker

T = TypeVar("T")

#: Seconds until a worker is ready at the latest.
READY_S = 120.0


class Beside:
    """Runs a worker, and what looks at it, while it is entered."""

    def __init__(self, worker: Worker, *others: Coroutine[None, None, None]) -> None:
        self._worker, self._work = worker, others
        self._stop = asyncio.Event()
        self._running: asyncio.Task[int] | None = None
        self._others: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self._worker.run(self._stop), name="worker")
        self._others = [asyncio.create_task(one) for one in self._work]
        return self

    async def __aexit__(self, *reason: object) -> None:
        for other in self._others:
            other.cancel()
        await asyncio.gather(*self._others, return_exceptions=True)
        self._stop.set()
        if self._running is not None:
            await asyncio.gather(self._running, return_exceptions=True)

    async def ready(self) -> None:
        """Wait until every role has its partitions."""
        await self.unless_it_ends(self._ready())

    async def _ready(self) -> None:
        give_up = time.monotonic() + READY_S
        while not self._worker.apps or self._worker.unready():
            if time.monotonic() > give_up:
                why = self._worker.unready()
                raise DemoFailed(f"the worker was not ready after {READY_S:.0f} s: {why}")
            await asyncio.sleep(0.05)

    async def unless_it_ends(self, work: Coroutine[None, None, T]) -> T:
        """Await something, and no longer than the worker and what looks at it live."""
        task = asyncio.create_task(work)
        beside = [one for one in (self._running, *self._others) if one is not None]
        done, _ = await asyncio.wait({task, *beside}, return_when=asyncio.FIRST_COMPLETED)
        if task in done:
            return task.result()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        for ended in done:
            ended.result()
        raise DemoFailed("the worker ended before its time: worker.log in the folder says why")
