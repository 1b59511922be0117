"""A worker: some or all roles in one process, each a Faust application of its own."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date

import faust

from detectors.framework.registry import Catalogue, discover
from schemas.contract import Contract
from schemas.errors import SettingsError
from schemas.subject import Tokens
from streams.activation import activate, last_activation, wanted_rules
from streams.clock import Clock, today
from streams.delivery.agent import Delivery
from streams.delivery.store import AlertStore
from streams.detect.agent import Detect
from streams.feeds import feed_partitions
from streams.health import HealthServer
from streams.intake.agent import Intake
from streams.log.app import chunked_app, serve
from streams.log.client import LogClient, open_client
from streams.metrics import Metrics
from streams.settings import Settings
from streams.topics import CLOCK, DELIVERY, DETECT, INTAKE, ROLES
from streams.watchdog import Watchdog, settled

logger = logging.getLogger(__name__)

#: Seconds between two commits of what is done; the clock waits for commits.
COMMIT_S = 1.0
COMMIT_EMBEDDED_S = 0.1


@dataclass(slots=True)
class Worker:
    """What one process runs. ``now`` gives the clock its day; a demonstration gives its own."""

    settings: Settings
    contracts: Mapping[str, Contract]
    roles: Sequence[str] = ROLES
    redis_url: str = ""
    now: Callable[[], date] = today
    metrics: Metrics | None = None

    async def run(self, stop: asyncio.Event) -> int:
        """Run until ``stop`` is set or a role fails; the exit code."""
        settings, roles = self.settings, self.roles
        unknown = set(roles) - set(ROLES)
        if unknown:
            raise SettingsError(f"no role {', '.join(sorted(unknown))}; there are {', '.join(ROLES)}")
        if settings.embedded and set(roles) != set(ROLES):
            raise SettingsError("the embedded log is one process: run all roles, or set DONGJIAN_BROKER=kafka://…")
        metrics = self.metrics or Metrics()
        catalogue = discover()
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(open_client(settings.broker))
            partitions = await provision(client, settings, self.contracts)
            if CLOCK in roles:
                await self._activated(client, catalogue)
            apps = self._apps(catalogue, metrics, partitions)
            watchdog = Watchdog(list(apps.values()), settings.broker)
            server = self._serve_health(apps, metrics)
            watchdog.start()
            stack.callback(watchdog.stop)
            if server is not None:
                server.start()
                stack.callback(server.stop)
            if CLOCK in roles:
                clock = Clock(
                    client,
                    settings.topics,
                    self.contracts,
                    metrics,
                    strata=max((d.stratum + 1 for d in catalogue.derivations), default=0),
                    patience_s=settings.patience_s,
                    now=self.now,
                )
                ticking = asyncio.create_task(clock.run(settings.tick_s, stop), name="clock")
                ticking.add_done_callback(lambda task: stop.set())
            code = await serve(list(apps.values()), stop) if apps else await _wait(stop)
            if CLOCK in roles:
                await ticking
            return code

    def _apps(
        self, catalogue: Catalogue, metrics: Metrics, partitions: Mapping[str, int]
    ) -> dict[str, faust.App]:
        settings = self.settings
        tokens = Tokens(settings.secret)
        apps: dict[str, faust.App] = {}
        for role in (INTAKE, DETECT, DELIVERY):
            if role not in self.roles:
                continue
            app = apps[role] = chunked_app(
                settings.topics.app(role),
                settings.broker,
                instance_id=settings.instance or None,
                data_dir=settings.data / role,
                commit_interval_s=COMMIT_EMBEDDED_S if settings.embedded else COMMIT_S,
            )
            if role == INTAKE:
                Intake(app, settings.topics, self.contracts, partitions, tokens, metrics)
            elif role == DETECT:
                Detect(app, settings.topics, catalogue, tokens, metrics)
            else:
                store = AlertStore(self.redis_url or settings.redis_url, settings.topics.prefix)
                Delivery(app, settings.topics, store, metrics, settings.broker)
        return apps

    def _serve_health(
        self, apps: Mapping[str, faust.App], metrics: Metrics
    ) -> HealthServer | None:
        if not self.settings.metrics:
            return None

        def unready() -> dict[str, str]:
            waiting = {role: "recovering" for role, app in apps.items() if not settled(app)}
            if DELIVERY in apps and not metrics.redis_up._value.get():
                waiting["redis"] = "not reached"
            return waiting

        def refresh() -> None:
            for role, app in apps.items():
                metrics.recovering.labels(role).set(not settled(app))

        return HealthServer(self.settings.metrics, metrics, unready, refresh)

    async def _activated(self, client: LogClient, catalogue: Catalogue) -> None:
        """Activate the rules at the first start; later only what is in one process does so by itself.

        Where workers of an older version may still run, somebody has to say when: ``dongjian
        activate``.
        """
        last = await last_activation(client, self.settings)
        if last is None or self.settings.embedded:
            await activate(client, self.settings, catalogue, self.contracts)
        elif wanted_rules(self.settings, catalogue, self.contracts, last.number) != last:
            logger.warning("rules_differ active=%s fix='dongjian activate'", last.number)


async def provision(
    client: LogClient, settings: Settings, contracts: Mapping[str, Contract]
) -> dict[str, int]:
    """Create every topic that is missing; the partition counts of the feeds' topics, by feed."""
    await client.ensure_topics(settings.topics.core())
    partitions = await feed_partitions(client, settings, contracts)
    feeds = [(feed, contracts[feed].epoch, count) for feed, count in partitions.items()]
    await client.ensure_topics(settings.topics.for_feeds(feeds))
    return partitions


async def _wait(stop: asyncio.Event) -> int:
    await stop.wait()
    return 0


def instance_name(settings: Settings) -> str:
    """The name of this worker in logs."""
    return settings.instance or socket.gethostname()
