"""Detection and delivery killed over a fixed changes log: the ledger is the same, byte for byte."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from streams.feeds import contracts_of
from streams.worker import provision
from tests.chaos.deployment import Deployment
from tests.chaos.detect_and_deliver import DEATHS
from tests.chaos.feeding import FixedFeed
from tests.chaos.fixed_log import FixedLog, Told
from tests.chaos.outcome import Ledger, Shown, read_ledger, read_redis
from tests.chaos.scale import SEED, STRIKES
from tests.chaos.strikes import Disturber, Feed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

BOTH = ("-m", "tests.chaos.detect_and_deliver")


async def run(
    deployment: Deployment, log: FixedLog, act: Callable[[Feed], Awaitable[None]]
) -> tuple[Ledger, Shown]:
    """Let a deployment work the log off while something happens to it; what it told."""
    settings = deployment.settings
    async with deployment:
        client = deployment.client
        await provision(client, settings, contracts_of(settings))
        await act(FixedFeed(log, client, settings.topics.changes))
        await deployment.settle(["detect", "delivery"])
        ledger = await read_ledger(client, settings.topics)
    return ledger, read_redis(settings.redis_url, settings.topics.prefix)


def same(ledger: Ledger, shown: Shown, expected: Told) -> None:
    """The ledger says what the undisturbed one says, and Redis what the ledger says."""
    assert ledger.told.keys() == expected.keys()
    for partition, rows in expected.items():
        assert ledger.told[partition] == rows, f"partition {partition} differs"
    revisions = {alert: len(seen) for alert, seen in shown.streams["alerts"].items()}
    told = [key.decode() for rows in expected.values() for key, _ in rows]
    assert revisions == {alert: told.count(alert) for alert in set(told)}


async def test_undisturbed_the_ledger_is_what_the_engine_says(
    log: FixedLog, expected: Told, redis_url: str, tmp_path: Path
) -> None:
    url = f"embedded://{tmp_path / 'log.db'}"
    deployment = Deployment(url, redis_url, tmp_path, "fixed")

    async def act(feed: Feed) -> None:
        deployment.add("both", command=BOTH)
        await feed(1.0)

    ledger, shown = await run(deployment, log, act)
    assert ledger.repeats == 0
    same(ledger, shown, expected)
    assert ledger.transitions > len(log) / 50


async def test_killed_between_what_it_tells_and_what_it_knows_it_tells_the_same_again(
    log: FixedLog, expected: Told, redis_url: str, tmp_path: Path
) -> None:
    url = f"embedded://{tmp_path / 'log.db'}"
    deployment = Deployment(url, redis_url, tmp_path, "fixed")
    deployment.environment[DEATHS] = str(tmp_path / "deaths")

    async def act(feed: Feed) -> None:
        deployment.add("both", command=BOTH)
        await feed(1.0)

    ledger, shown = await run(deployment, log, act)
    assert (tmp_path / "deaths").read_text().count("died") == 3
    assert ledger.repeats >= 3
    same(ledger, shown, expected)


async def test_a_process_killed_again_and_again_tells_the_same(
    log: FixedLog, expected: Told, own_redis: Any, tmp_path: Path
) -> None:
    url = f"embedded://{tmp_path / 'log.db'}"
    deployment = Deployment(url, own_redis.url, tmp_path, "fixed")
    disturber = Disturber(deployment, random.Random(SEED), redis=own_redis)

    async def act(feed: Feed) -> None:
        deployment.add("both", command=BOTH)
        plan = disturber.plan(kill_detect=10 * STRIKES, kill_redis=STRIKES)
        await disturber.strike(plan, feed)

    ledger, shown = await run(deployment, log, act)
    print(f"\n{disturber.tally}; {ledger.repeats} repeats; {deployment.fenced}")
    assert disturber.tally.unfinished >= 8
    same(ledger, shown, expected)


async def test_workers_killed_and_frozen_and_servers_killed_tell_the_same(
    log: FixedLog, expected: Told, own_kafka: Any, own_redis: Any, tmp_path: Path
) -> None:
    deployment = Deployment(own_kafka.url, own_redis.url, tmp_path, "fixed")
    disturber = Disturber(deployment, random.Random(SEED), own_kafka, own_redis)

    async def act(feed: Feed) -> None:
        for role in ("detect", "delivery"):
            for number in range(2):
                deployment.add(f"{role}-{number}", role, command=BOTH)
        plan = disturber.plan(
            kill_detect=6 * STRIKES,
            kill_delivery=4 * STRIKES,
            freeze_detect=STRIKES,
            freeze_delivery=STRIKES,
            kill_broker=STRIKES,
            kill_redis=STRIKES,
        )
        await disturber.strike(plan, feed)

    ledger, shown = await run(deployment, log, act)
    print(f"\n{disturber.tally}; {ledger.repeats} repeats; fenced {deployment.fenced}")
    assert disturber.tally.unfinished >= 8
    same(ledger, shown, expected)
