"""The doctor: looks at everything a deployment stands on, and says of each fault what mends it."""

from __future__ import annotations

import platform
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

import redis.asyncio as redis

from detectors.framework.calendar import legal_calendar
from detectors.framework.registry import Catalogue
from schemas.contract import Contract
from schemas.errors import DongjianError
from streams.activation import last_activation, wanted_rules
from streams.clock import today
from streams.log.client import LogClient
from streams.log.records import WEEK_MS, TopicSpec
from streams.settings import Settings
from streams.topics import DELIVERY, DETECT, INTAKE

Verdict = Literal["ok", "warn", "fail"]

#: Libraries whose versions the design depends on, as they were tried.
_TRIED = {"faust-streaming": "0.15.3", "aiokafka": "0.14.0"}

#: Records that may wait before it is worth a word.
_LAG = 10_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    verdict: Verdict
    what: str
    fix: str = ""


async def examine(
    settings: Settings,
    contracts: Mapping[str, Contract],
    catalogue: Catalogue,
    client: LogClient,
    redis_url: str,
) -> AsyncIterator[Check]:
    """Look at versions, calendar, log, rules, lag and Redis, in this order."""
    for library, tried in _TRIED.items():
        found = version(library)
        same = found == tried
        yield Check(
            "ok" if same else "fail", f"{library} {found}", "" if same else f"install {tried}"
        )
    yield Check("ok", f"Python {platform.python_version()}, {len(catalogue.models)} models, {len(contracts)} feeds")
    year = today().year
    for wanted, verdict in ((year, "fail"), (year + 1, "warn")):
        known = legal_calendar().known(today().replace(year=wanted, month=7, day=1))
        fix = "" if known else "add the year's holidays as a TOML file (see CONTRIBUTING)"
        yield Check("ok" if known else verdict, f"legal calendar of {wanted}", fix)  # type: ignore[arg-type]
    async for check in _topics(settings, contracts, client):
        yield check
    async for check in _rules_and_lag(settings, contracts, catalogue, client):
        yield check
    async for check in _redis(redis_url):
        yield check


async def _topics(
    settings: Settings, contracts: Mapping[str, Contract], client: LogClient
) -> AsyncIterator[Check]:
    try:
        existing = await client.topics()
    except DongjianError as error:
        yield Check("fail", f"broker {settings.broker}", str(error))
        return
    yield Check("ok", f"broker {settings.broker}: {len(existing)} topics")
    feeds: list[tuple[str, int, int]] = []
    for feed, contract in contracts.items():
        if contract.topic in existing:
            feeds.append((feed, contract.epoch, existing[contract.topic]))
        else:
            yield Check("fail", f"feed {feed}: no topic {contract.topic}", "start a worker, or create it")
    for spec in [*settings.topics.core(), *settings.topics.for_feeds(feeds)]:
        async for check in _topic(spec, existing, client):
            yield check


async def _topic(
    spec: TopicSpec, existing: Mapping[str, int], client: LogClient
) -> AsyncIterator[Check]:
    if spec.name not in existing:
        yield Check("fail", f"topic {spec.name} is missing", "start a worker: it creates what is missing")
        return
    if existing[spec.name] != spec.partitions:
        yield Check(
            "fail",
            f"topic {spec.name} has {existing[spec.name]} partitions, not {spec.partitions}",
            "partition counts are fixed: use another DONGJIAN_PREFIX and take every feed in again",
        )
    config = await client.describe(spec.name)
    compact = "compact" in config.get("cleanup.policy", "")
    if compact != spec.compact:
        policy = "compact" if spec.compact else "delete"
        yield Check("fail", f"topic {spec.name}: cleanup.policy={config.get('cleanup.policy')}", f"set {policy}")
    lag = int(config.get("min.compaction.lag.ms", "0"))
    if spec.min_compaction_lag_ms and lag < WEEK_MS:
        yield Check(
            "fail",
            f"topic {spec.name}: min.compaction.lag.ms={lag}",
            f"set {WEEK_MS}: a frozen worker's stale write must not outlive the right one",
        )
    if spec.retention_ms is None and not spec.compact:
        retention = int(config.get("retention.ms", "-1"))
        if retention != -1:
            yield Check("fail", f"topic {spec.name}: retention.ms={retention}", "set -1: it is the ledger")


async def _rules_and_lag(
    settings: Settings, contracts: Mapping[str, Contract], catalogue: Catalogue, client: LogClient
) -> AsyncIterator[Check]:
    topics = settings.topics
    if topics.rules not in await client.topics():
        return
    last = await last_activation(client, settings)
    if last is None:
        yield Check("fail", "no rule set is active", "start a worker with the clock, or `dongjian activate`")
    elif wanted_rules(settings, catalogue, contracts, last.number) != last:
        yield Check("warn", f"rule set {last.number} is not this version or these settings", "`dongjian activate`")
    else:
        yield Check("ok", f"rule set {last.number}, code {last.hash}")
    watched = [(DETECT, topics.changes), (DELIVERY, topics.alerts)]
    watched += [(INTAKE, contract.topic) for contract in contracts.values()]
    for role, topic in sorted(set(watched)):
        if topic in await client.topics():
            waiting = sum((await client.lag(topics.app(role), topic)).values())
            verdict: Verdict = "warn" if waiting > _LAG else "ok"
            fix = f"add {role} workers, up to the number of partitions" if waiting > _LAG else ""
            yield Check(verdict, f"{role}: {waiting} records of {topic} wait", fix)


async def _redis(url: str) -> AsyncIterator[Check]:
    if not url:
        yield Check("ok", "Redis: a local server is started with the worker")
        return
    client = redis.Redis.from_url(url, socket_timeout=5)
    try:
        info = await client.info()
        config = await client.config_get("appendonly", "maxmemory-policy")
    except redis.RedisError as error:
        yield Check("fail", "Redis", f"{error}; set REDIS_URL to a running server")
        return
    finally:
        await client.aclose()
    yield Check("ok", f"Redis {info.get('redis_version')}")
    if config.get("appendonly") != "yes":
        yield Check("warn", "Redis forgets what it held when it restarts", "set appendonly yes; delivery rebuilds it from the ledger otherwise")
    if config.get("maxmemory-policy") not in ("noeviction", None):
        yield Check("fail", f"Redis evicts keys: {config.get('maxmemory-policy')}", "set maxmemory-policy noeviction: revisions must not be forgotten")
