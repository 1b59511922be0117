"""Two detect workers, a third that joins and leaves: the ledger is the same, byte for byte."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.deployment import Deployment
from tests.chaos.fixed_log import FixedLog, Told
from tests.chaos.scale import SEED, STRIKES
from tests.chaos.strikes import Disturber, Feed
from tests.chaos.test_fixed_log import BOTH, run, same
from tests.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ROUNDS = 2 * STRIKES


async def test_workers_that_join_and_leave_tell_the_same(
    log: FixedLog, expected: Told, own_kafka: Any, own_redis: Any, tmp_path: Path
) -> None:
    deployment = Deployment(own_kafka.url, own_redis.url, tmp_path, "fixed")
    disturber = Disturber(deployment, random.Random(SEED))

    async def act(feed: Feed) -> None:
        for name in ("detect-0", "detect-1", "delivery"):
            deployment.add(name, name.partition("-")[0], command=BOTH)
        fed = 0.0

        async def more(limit: float) -> None:
            nonlocal fed
            fed = min(fed + 0.005, limit)
            await feed(fed)
            await asyncio.sleep(0.1)

        for number in range(ROUNDS):
            limit = (number + 0.9) / ROUNDS
            third = deployment.add(f"third-{number}", "detect", command=BOTH)
            disturber.tally.done["join"] += 1

            async def takes_part(third: Any = third, limit: float = limit) -> bool:
                await more(limit)
                return bool(third.said("partition_opened"))

            await wait_until(takes_part, 60, what="no partition ever moved to the third")
            await disturber.kill("detect")
            await more(limit)
            await wait_until(lambda third=third: third.up, 60)
            disturber.tally.note("leave", await deployment.lag("detect"))
            assert await asyncio.to_thread(third.terminate) == 0
        await feed(1.0)

    ledger, shown = await run(deployment, log, act)
    print(f"\n{disturber.tally}; {ledger.repeats} repeats; fenced {deployment.fenced}")
    same(ledger, shown, expected)
