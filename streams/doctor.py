"""The doctor: looks at everything a deployment stands on, and says of each fault what mends it."""

from __future__ import annotations

import platform
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Literal

import redis.asyncio as redis

from detectors.framework.calendar import legal_calendar
from detectors.framework.registry import Catalogue
from schemas.contract import Contract
from schemas.errors import CardError, ContractError, LogError, SettingsError
from streams.activation import last_activation, wanted_rules
from streams.clock import today
from streams.feeds import contracts_of
from streams.intake.epochs import to_be_retired
from streams.intake.heartbeat import heartbeat_topics
from streams.log.client import LogClient, open_client
from streams.log.records import WEEK_MS, TopicSpec
from streams.settings import Settings
from streams.topics import DELIVERY, DETECT, INTAKE

Verdict = Literal["ok", "warn", "fail"]

#: Libraries whose versions the design depends on, as they were tried.
_TRIED = {"faust-streaming": "0.15.3", "aiokafka": "0.14.0"}

#: Records that may wait before it is worth a word.
_LAG = 10_000

#: Seconds between two machines' clocks that are worth a word.
_SKEW_S = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    verdict: Verdict
    what: str
    fix: str = ""


async def examine(settings: Settings, catalogue: Catalogue) -> AsyncIterator[Check]:
    """Look at versions, calendar, feeds, log, rules, lag and Redis, in this order."""
    for library, tried in _TRIED.items():
        found = version(library)
        fix = "" if found == tried else f"install {tried}"
        yield Check("fail" if fix else "ok", f"{library} {found}", fix)
    yield Check("ok", f"Python {platform.python_version()}, {len(catalogue.models)} models")
    year = today().year
    verdicts: tuple[tuple[int, Verdict], ...] = ((year, "fail"), (year + 1, "warn"))
    for wanted, verdict in verdicts:
        known = legal_calendar().known(date(wanted, 7, 1))
        fix = "" if known else "add the year's holidays as a TOML file (see CONTRIBUTING)"
        yield Check("ok" if known else verdict, f"legal calendar of {wanted}", fix)
    contracts: dict[str, Contract] = {}
    try:
        contracts = contracts_of(settings)
        yield Check("ok", f"{len(contracts)} feed contracts")
    except ContractError as error:
        yield Check("fail", f"feed contracts: {error}", "`dongjian feeds check` says what is legal")
    try:
        async with open_client(settings.broker) as client:
            async for check in _log(settings, contracts, catalogue, client):
                yield check
    except LogError as error:
        yield Check(
            "fail", f"broker {settings.broker}: {error}", "start it, or set DONGJIAN_BROKER"
        )
    async for check in _redis(settings.redis_url):
        yield check


async def _log(
    settings: Settings, contracts: Mapping[str, Contract], catalogue: Catalogue, client: LogClient
) -> AsyncIterator[Check]:
    existing = await client.topics()
    yield Check("ok", f"broker {settings.broker}: {len(existing)} topics")
    async for check in _topics(settings, contracts, existing, client):
        yield check
    if settings.topics.rules in existing:
        yield await _rules(settings, contracts, catalogue, client)
    async for check in _lag(settings, contracts, existing, client):
        yield check
    for feed, epoch, read in await to_be_retired(client, settings.topics, contracts):
        what = f"feed {feed}: what only epoch {epoch} knew still stands"
        fix = f"`dongjian retire {feed} --epoch {epoch}`"
        yield Check("warn", what, fix if read else f"{fix}, when intake has read the new epoch")


async def _topics(
    settings: Settings,
    contracts: Mapping[str, Contract],
    existing: Mapping[str, int],
    client: LogClient,
) -> AsyncIterator[Check]:
    feeds: list[tuple[str, int, int]] = []
    for feed, contract in contracts.items():
        if contract.topic in existing:
            feeds.append((feed, contract.epoch, existing[contract.topic]))
        else:
            what = f"feed {feed}: no topic {contract.topic}"
            yield Check("fail", what, "start a worker, or create it")
    for topic, heard in heartbeat_topics(contracts).items():
        if topic not in existing:
            names = ", ".join(contract.feed for contract in heard)
            what = f"no topic {topic}, on which {names} would say how far they are complete"
            yield Check("fail", what, "start a worker, or create it")
    for spec in [*settings.topics.core(), *settings.topics.for_feeds(feeds)]:
        async for check in _topic(spec, existing, client):
            yield check


async def _topic(
    spec: TopicSpec, existing: Mapping[str, int], client: LogClient
) -> AsyncIterator[Check]:
    if spec.name not in existing:
        fix = "start a worker: it creates what is missing"
        yield Check("fail", f"topic {spec.name} is missing", fix)
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
        what = f"topic {spec.name}: cleanup.policy={config.get('cleanup.policy')}"
        yield Check("fail", what, f"set {policy}")
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
            what = f"topic {spec.name}: retention.ms={retention}"
            yield Check("fail", what, "set -1: it is kept for ever")


async def _rules(
    settings: Settings, contracts: Mapping[str, Contract], catalogue: Catalogue, client: LogClient
) -> Check:
    last = await last_activation(client, settings)
    if last is None:
        fix = "start a worker with the clock, or `dongjian activate`"
        return Check("fail", "no rule set is active", fix)
    try:
        wanted = wanted_rules(settings, catalogue, contracts, last.number)
    except (CardError, SettingsError) as error:
        return Check("fail", str(error), "mend the setting; what runs is as it was")
    if wanted != last:
        what = f"rule set {last.number} is not this version or these settings"
        return Check("warn", what, "`dongjian activate`")
    return Check("ok", f"rule set {last.number}, code {last.hash}")


async def _lag(
    settings: Settings,
    contracts: Mapping[str, Contract],
    existing: Mapping[str, int],
    client: LogClient,
) -> AsyncIterator[Check]:
    topics = settings.topics
    watched = {(DETECT, topics.changes), (DELIVERY, topics.alerts)}
    watched |= {(INTAKE, contract.topic) for contract in contracts.values()}
    watched |= {(INTAKE, topic) for topic in heartbeat_topics(contracts)}
    for role, topic in sorted(place for place in watched if place[1] in existing):
        waiting = sum((await client.lag(topics.app(role), topic)).values())
        many = waiting > _LAG
        fix = f"add {role} workers, up to the number of partitions" if many else ""
        what = f"{role}: {waiting} records of {topic} wait"
        yield Check("warn" if many else "ok", what, fix)


async def _redis(url: str) -> AsyncIterator[Check]:
    if not url:
        yield Check("ok", "Redis: a local server is started with the worker")
        return
    client = None
    try:
        client = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)
        info = await client.info()
        config = await client.config_get("appendonly", "maxmemory-policy")
        seconds, _ = await client.time()
    except (redis.RedisError, OSError, ValueError) as error:
        yield Check("fail", f"Redis: {error}", "set REDIS_URL to a running server")
        return
    finally:
        if client is not None:
            await client.aclose()
    yield Check("ok", f"Redis {info.get('redis_version')}")
    skew_s = abs(seconds - time.time())
    if skew_s > _SKEW_S:
        what = f"the clock of Redis differs by {skew_s:.0f} s"
        yield Check("warn", what, "run NTP on both machines")
    if config.get("appendonly") != "yes":
        fix = "set appendonly yes; else delivery fills it again from the ledger"
        yield Check("warn", "Redis forgets what it held when it restarts", fix)
    if config.get("maxmemory-policy") not in ("noeviction", None):
        what = f"Redis evicts keys: {config.get('maxmemory-policy')}"
        fix = "set maxmemory-policy noeviction: revisions must not be forgotten"
        yield Check("fail", what, fix)
