"""Runs the demonstration: one worker with all roles, the district, and what is seen of it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Protocol, TypeVar

from schemas.alert import Transition
from schemas.errors import LogError
from schemas.subject import Tokens
from streams.delivery.store import AlertStore
from streams.demo.beside import Beside
from streams.demo.clerk import Clerk
from streams.demo.deployment import Deployment
from streams.demo.failed import DemoFailed
from streams.demo.listen import Listener
from streams.demo.play import Play
from streams.demo.verdict import Verdict, judge
from streams.demo.watch import Sight, Watch
from streams.district import TABLES, District
from streams.feeds import contracts_of
from streams.intake.quarantine import Quarantine
from streams.log.client import open_client
from streams.metrics import Metrics
from streams.worker import Worker, provision

T = TypeVar("T")

#: Messages that may wait before the district stands still: a slow machine shows the same, later.
WAITING_AT_MOST = 20_000

#: Seconds between two looks.
LOOK_S = 0.25

#: Seconds that what is under way may take after the last day.
SETTLE_S = 120.0


@dataclass(frozen=True, slots=True)
class Scene:
    """What a screen shows: everything that is known at one moment."""

    district: District
    play: Play
    sight: Sight
    listener: Listener
    metrics: Metrics
    elapsed_s: float
    stage: str  #: starting, playing, settling, over


class Screen(Protocol):
    """Shows the running demonstration."""

    def show(self, scene: Scene) -> None: ...


@dataclass(frozen=True, slots=True)
class Result:
    """What the demonstration came to."""

    verdict: Verdict
    alerts: tuple[Transition, ...]
    quarantine: Quarantine
    scene: Scene
    started_s: float  #: until the worker was ready
    played_s: float
    settled_s: float


async def demonstrate(
    place: Deployment, district: District, days_per_s: float | None, screen: Screen
) -> Result:
    """Play the district through a deployment and judge what it found."""
    settings, metrics = place.settings, Metrics()
    contracts = contracts_of(settings)
    watch: Watch

    def brake() -> bool:
        return watch.sight.waiting > WAITING_AT_MOST

    clerk = Clerk(settings.topics, contracts)
    play = Play(district, days_per_s, brake, clerk.sees)
    worker = Worker(settings, contracts, redis_url=place.redis_url, now=play.today, metrics=metrics)
    store = AlertStore(place.redis_url, settings.topics.prefix)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(store.close)
        client = await stack.enter_async_context(open_client(settings.broker))
        await provision(client, settings, contracts)
        topics = sorted({table.topic for table in TABLES.values()})
        watch = Watch(client, metrics, settings.topics, topics)
        listener = Listener(store, arrived_at=play.arrivals.at)
        await listener.start()
        began = time.monotonic()
        stage = "starting"

        def scene() -> Scene:
            elapsed = time.monotonic() - began
            return Scene(district, play, watch.sight, listener, metrics, elapsed, stage)

        async def show() -> None:
            while True:
                watch.appended = play.appended
                with contextlib.suppress(LogError):  # the next look says more
                    await watch.look()
                await clerk.act(client, play.day)
                screen.show(scene())
                await asyncio.sleep(LOOK_S)

        async with Beside(worker, listener.run(), show()) as beside:
            await beside.ready()
            started, stage = time.monotonic(), "playing"
            await beside.unless_it_ends(play.run(client, settings.topics.partitions))
            played, stage = time.monotonic(), "settling"
            while True:
                if not await beside.unless_it_ends(watch.settled(SETTLE_S)):
                    raise DemoFailed(f"not through after {SETTLE_S:.0f} s: {watch.sight.lag} waits")
                if not await clerk.act(client, None):
                    break
            settled, stage = time.monotonic(), "over"
            watch.appended = play.appended
            await watch.look()
            alerts = tuple([alert async for alert in store.all()])
            quarantine = await Quarantine.load(client, settings.topics.quarantine)
            screen.show(scene())
        verdict = judge(district, alerts, Tokens(settings.secret), district.window.until)
        return Result(
            verdict, alerts, quarantine, scene(),
            started - began, played - started, settled - played,
        )  # fmt: skip
