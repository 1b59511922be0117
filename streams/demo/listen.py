"""Listens to the alerts as any subscriber of Redis would, and keeps count of them."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter, deque
from collections.abc import Callable

import redis.asyncio as redis

from schemas.alert import Kind, Status, Transition, decode_transition
from schemas.change import Position
from streams.delivery.store import AlertStore

#: Finds when the message at a feed's position was appended.
ArrivedAt = Callable[[str, Position], float | None]

#: Transitions that are remembered in full.
REMEMBERED = 60


class Listener:
    """What came over the live channel so far."""

    def __init__(
        self,
        store: AlertStore,
        *,
        arrived_at: ArrivedAt | None = None,
        heard: Callable[[Transition], None] | None = None,
    ) -> None:
        """``heard`` is given each transition as it comes."""
        self._store, self._arrived_at, self._heard = store, arrived_at, heard
        self._pubsub: redis.client.PubSub | None = None
        self.counts: Counter[tuple[str, Kind]] = Counter()
        self.last: deque[Transition] = deque(maxlen=REMEMBERED)
        self.latencies_s: list[float] = []  #: of alerts that a record caused: append to Redis
        self.log_latencies_s: list[float] = []  #: of all: tick or change in the log to Redis
        self.open: dict[str, str] = {}  #: alerts that hold, with their models
        self.total = 0

    async def start(self) -> None:
        """Subscribe; whatever is published from now on is heard."""
        self._pubsub = self._store.redis.pubsub()
        await self._pubsub.subscribe(self._store.channel)

    async def run(self) -> None:
        """Listen until cancelled."""
        if self._pubsub is None:
            raise RuntimeError("start() first")
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                message = await self._pubsub.get_message(
                    ignore_subscribe_messages=True, timeout=1.0
                )
                if message is not None:
                    self._hear(decode_transition(message["data"]))
        await self._pubsub.aclose()  # type: ignore[no-untyped-call]  # redis-py

    def _hear(self, transition: Transition) -> None:
        if self._heard is not None:
            self._heard(transition)
        self.total += 1
        self.counts[transition.model, transition.kind] += 1
        self.last.append(transition)
        if transition.status is Status.HOLDS:
            self.open[transition.alert] = transition.model
        else:
            self.open.pop(transition.alert, None)
        self.log_latencies_s.append(max(time.time() - transition.at_ms / 1000, 0))
        cause = transition.cause
        if cause.position is not None and self._arrived_at is not None:
            feed = cause.feed or _feed(transition)
            began = self._arrived_at(feed, cause.position)
            if began is not None:
                self.latencies_s.append(time.monotonic() - began)


def _feed(transition: Transition) -> str:
    """The feed of the row that was the cause, where it is evidence too."""
    at = transition.cause.position
    return next((e.feed for e in transition.evidence if e.position == at), "")
