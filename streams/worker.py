"""A worker: some or all roles in one process, each a Faust application of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date

import faust

from detectors.framework.merged import HOPS
from detectors.framework.registry import Catalogue, discover
from schemas.contract import Contract
from schemas.errors import SettingsError
from schemas.people import Identity
from schemas.subject import Tokens
from streams import garbage
from streams.activation import activate_at_start
from streams.clock import Clock, today
from streams.delivery.agent import Delivery
from streams.delivery.store import AlertStore
from streams.detect.agent import Detect
from streams.feeds import feed_partitions, feed_topic_ids
from streams.health import HealthServer
from streams.intake.agent import Intake
from streams.lag import Lag
from streams.log import fatal
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
    metrics: Metrics = field(default_factory=Metrics)
    catalogue: Catalogue | None = None
    commit_s: float | None = None
    apps: dict[str, faust.App] = field(default_factory=dict)
    health: HealthServer | None = None
    _delivery: Delivery | None = None
    _store: AlertStore | None = None

    async def run(self, stop: asyncio.Event) -> int:
        """Run until ``stop`` is set or a role fails; the exit code."""
        settings = self.settings
        self._check_roles()
        garbage.look_seldom()
        catalogue = self.catalogue or discover()
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(open_client(settings.broker))
            partitions = await provision(client, settings, self.contracts)
            if CLOCK in self.roles:
                await activate_at_start(client, settings, catalogue, self.contracts)
            topic_ids = await feed_topic_ids(client, self.contracts) if INTAKE in self.roles else {}
            self._make_apps(client, catalogue, partitions, topic_ids)
            if self._store is not None:
                stack.push_async_callback(self._store.close)
            if settings.metrics:
                lag = Lag(self.apps, settings.broker, self.metrics)
                stack.callback(lag.close)
                self.health = HealthServer(
                    settings.metrics, self.metrics, self.unready, lag.refresh
                )
                self.health.start()
                stack.callback(self.health.stop)
            moves = {}
            if (delivery := self._delivery) is not None:
                moves[self.apps[DELIVERY].conf.id] = lambda: delivery.attempts
            watchdog = Watchdog(list(self.apps.values()), settings.broker, moves=moves)
            watchdog.start()
            stack.callback(watchdog.stop)
            beside = self._beside(client, catalogue, stop)
            code = await serve(list(self.apps.values()), stop) if self.apps else await _wait(stop)
            return await _end(beside) or code

    def unready(self) -> dict[str, str]:
        """What is not ready yet, by role."""
        waiting = {role: "recovering" for role, app in self.apps.items() if not settled(app)}
        if self._delivery is not None and not self._delivery.reaches_redis:
            waiting["redis"] = "not reached"
        return waiting

    def _check_roles(self) -> None:
        unknown = set(self.roles) - set(ROLES)
        if unknown:
            raise SettingsError(
                f"no role {', '.join(sorted(unknown))}; there are {', '.join(ROLES)}"
            )
        if self.settings.embedded and set(self.roles) != set(ROLES):
            raise SettingsError(
                "the embedded log is one process: run all roles, or set DONGJIAN_BROKER=kafka://…"
            )

    def _make_apps(
        self,
        client: LogClient,
        catalogue: Catalogue,
        partitions: Mapping[str, int],
        topic_ids: Mapping[str, str],
    ) -> None:
        settings, metrics = self.settings, self.metrics
        tokens = Tokens(settings.secret)
        usual_s = COMMIT_EMBEDDED_S if settings.embedded else COMMIT_S
        for role in (INTAKE, DETECT, DELIVERY):
            if role not in self.roles:
                continue
            data = settings.data / role
            data.mkdir(parents=True, exist_ok=True)
            app = self.apps[role] = chunked_app(
                settings.topics.app(role),
                settings.broker,
                instance_id=settings.instance or None,
                data_dir=data,
                commit_interval_s=self.commit_s or usual_s,
                broker_session_timeout=settings.session_s,
                broker_heartbeat_interval=settings.session_s / 10,
            )
            if role == INTAKE:
                Intake(
                    app, settings.topics, self.contracts, partitions, tokens, metrics,
                    client=client, topic_ids=topic_ids,
                )  # fmt: skip
            elif role == DETECT:
                Detect(app, settings.topics, catalogue, tokens, metrics)
            else:
                store = AlertStore(self.redis_url or settings.redis_url, settings.topics.prefix)
                self._delivery = Delivery(app, settings.topics, store, metrics, client)
                self._store = store

    def _beside(
        self, client: LogClient, catalogue: Catalogue, stop: asyncio.Event
    ) -> list[asyncio.Task[None]]:
        """Start what runs beside the apps; whatever of it ends, ends the worker."""
        tasks = []
        if self._delivery is not None:
            tasks.append(asyncio.create_task(self._delivery.watch(), name="delivery-watch"))
        if CLOCK in self.roles:
            clock = Clock(
                client,
                self.settings.topics,
                self.contracts,
                self.metrics,
                strata=strata(catalogue, self.contracts),
                patience_s=self.settings.patience_s,
                now=self.now,
            )
            tasks.append(asyncio.create_task(clock.run(self.settings.tick_s, stop), name="clock"))
        for task in tasks:
            task.add_done_callback(lambda _: stop.set())
        return tasks


def strata(catalogue: Catalogue, contracts: Mapping[str, Contract]) -> int:
    """From dossier to dossier: how many steps a row may still have to go when intake has passed it.

    One for each layer of derived records; and where two numbers of one person are told, before and
    after each of them a row may be passed on to the number that counts.
    """
    layers = max((d.stratum + 1 for d in catalogue.derivations), default=0)
    merged = any(contract.record == Identity.__name__ for contract in contracts.values())
    return (layers + 1) * (HOPS + 1 if merged else 1) - 1


async def _end(tasks: Sequence[asyncio.Task[None]]) -> int:
    """Cancel what runs beside the apps; the exit code if something of it had failed."""
    code = 0
    for task in tasks:
        if task.done() and not task.cancelled() and (error := task.exception()) is not None:
            logger.critical("worker_failed task=%s", task.get_name(), exc_info=error)
            code = fatal.EXIT_RESTART
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return code


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
