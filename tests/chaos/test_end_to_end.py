"""Everything killed, from the agencies' topics to Redis: the same alerts stand, all is sound."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from detectors.framework.calendar import legal_calendar
from detectors.framework.term import Term
from schemas.change import Tick, decode_message
from streams.district import District
from streams.feeds import contracts_of
from streams.intake.statements import Statements, coverage
from streams.topics import CLOCK, DELIVERY, DETECT, INTAKE
from streams.worker import provision
from tests.chaos.deployment import Deployment
from tests.chaos.feeding import DistrictFeed
from tests.chaos.outcome import Ledger, Shown, message_kinds, read_ledger, read_redis
from tests.chaos.scale import RECORDS, SEED, STRIKES
from tests.chaos.strikes import Disturber, Feed
from tests.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


async def run(
    deployment: Deployment, district: District, act: Callable[[Feed], Awaitable[None]]
) -> tuple[Ledger, Shown]:
    """Let a deployment take a district in while something happens to it; what stands at the end."""
    settings = deployment.settings
    async with deployment:
        client = deployment.client
        feed = DistrictFeed(district, client)
        assert len(feed) >= RECORDS
        await feed(0)
        await provision(client, settings, contracts_of(settings))
        await act(feed)
        await quiet(deployment)
        ledger = await read_ledger(client, settings.topics)
        print("\nchanges:", dict(await message_kinds(client, settings.topics.changes)))
    return ledger, read_redis(settings.redis_url, settings.topics.prefix)


async def quiet(deployment: Deployment) -> None:
    """Wait until all that the feeds have is told and the clock has nothing to add."""
    topic = deployment.settings.topics.changes
    while True:
        await deployment.settle([INTAKE])
        await wait_until(lambda: told_all(deployment), 120, what="no tick covers everything")
        ends = await deployment.client.end_offsets(topic)
        await deployment.settle([DETECT, DELIVERY])
        await asyncio.sleep(3 * deployment.settings.tick_s)
        if ends == await deployment.client.end_offsets(topic):
            return


async def told_all(deployment: Deployment) -> bool:
    """Whether the last tick counts with all that the feeds have and have said."""
    deployment.check()
    client, settings = deployment.client, deployment.settings
    contracts = contracts_of(settings)
    end = (await client.end_offsets(settings.topics.changes))[0]
    last: Tick | None = None
    async for record in client.read(settings.topics.changes, 0, max(0, end - 20), end):
        message = decode_message(record.value or b"")
        last = message if isinstance(message, Tick) else last
    ends = await client.all_end_offsets(sorted({c.topic for c in contracts.values()}))
    statements = await Statements.load(client, settings.topics.coverage)
    said = coverage(
        statements.said(),
        statements.holds(),
        lambda day, term: legal_calendar().before(day, Term(term)),
    )
    return (
        last is not None
        and not statements.due()
        and last.coverage == tuple(one for feed in sorted(said) for one in said[feed])
        and all(
            {at.partition: at.offset for at in last.floor.get(feed, ())} == ends[contract.topic]
            for feed, contract in contracts.items()
        )
    )


def same(shown: Shown, ledger: Ledger, expected: Shown) -> None:
    """The same alerts are active, with the same content; Redis has all that the ledger told."""
    assert shown.active == expected.active
    assert shown.open_by == expected.open_by
    assert sum(len(seen) for seen in shown.streams["alerts"].values()) == ledger.transitions


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, Any]:
    return {}


async def expected_of(
    undisturbed: dict[str, Any], district: District, redis_url: str, folder: Path
) -> Shown:
    """What stands when nothing happens; made once, by whoever asks first."""
    if not undisturbed:
        deployment = Deployment(
            f"embedded://{folder / 'undisturbed.db'}", redis_url, folder / "undisturbed", "whole"
        )

        async def act(feed: Feed) -> None:
            deployment.add("all")
            for step in range(1, 11):
                await feed(step / 10)

        ledger, shown = await run(deployment, district, act)
        assert ledger.repeats == 0
        same(shown, ledger, shown)
        assert len(shown.active) > 50
        undisturbed["shown"] = shown
    return undisturbed["shown"]  # type: ignore[no-any-return]


async def test_one_process_killed_again_and_again_shows_the_same(
    district: District,
    undisturbed: dict[str, Any],
    redis_url: str,
    own_redis: Any,
    tmp_path: Path,
) -> None:
    expected = await expected_of(undisturbed, district, redis_url, tmp_path)
    url = f"embedded://{tmp_path / 'log.db'}"
    deployment = Deployment(url, own_redis.url, tmp_path / "killed", "whole")
    disturber = Disturber(deployment, random.Random(SEED), redis=own_redis)

    async def act(feed: Feed) -> None:
        deployment.add("all")
        plan = disturber.plan(kill_intake=10 * STRIKES, kill_redis=STRIKES)
        await disturber.strike(plan, feed)

    ledger, shown = await run(deployment, district, act)
    print(f"\n{disturber.tally}; {ledger.repeats} repeats; fenced {deployment.fenced}")
    assert disturber.tally.unfinished >= 8
    same(shown, ledger, expected)


async def test_every_role_killed_and_frozen_and_servers_killed_shows_the_same(
    district: District,
    undisturbed: dict[str, Any],
    redis_url: str,
    own_kafka: Any,
    own_redis: Any,
    tmp_path: Path,
) -> None:
    expected = await expected_of(undisturbed, district, redis_url, tmp_path)
    deployment = Deployment(own_kafka.url, own_redis.url, tmp_path / "killed", "whole")
    disturber = Disturber(deployment, random.Random(SEED), own_kafka, own_redis)

    async def act(feed: Feed) -> None:
        for name in (CLOCK, INTAKE, f"{INTAKE}-2", DETECT, DELIVERY):
            deployment.add(name, name.partition("-")[0])
        plan = disturber.plan(
            kill_intake=4 * STRIKES,
            kill_detect=3 * STRIKES,
            kill_delivery=2 * STRIKES,
            kill_clock=STRIKES,
            freeze_intake=STRIKES,
            freeze_detect=STRIKES,
            kill_broker=STRIKES,
            kill_redis=STRIKES,
        )
        await disturber.strike(plan, feed)

    ledger, shown = await run(deployment, district, act)
    print(f"\n{disturber.tally}; {ledger.repeats} repeats; fenced {deployment.fenced}")
    assert disturber.tally.unfinished >= 8
    same(shown, ledger, expected)
