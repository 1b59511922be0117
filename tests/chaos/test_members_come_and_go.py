"""Two detect workers, a third that joins and leaves: the ledger is the same, byte for byte."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.deployment import Deployment
from tests.chaos.fixed_log import FixedLog, Told
from tests.chaos.scale import SEED, STRIKES
from tests.chaos.strikes import Disturber, Feed
from tests.chaos.test_fixed_log import run, same

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


async def test_workers_that_join_and_leave_tell_the_same(
    log: FixedLog, expected: Told, own_kafka: Any, own_redis: Any, tmp_path: Path
) -> None:
    deployment = Deployment(own_kafka.url, own_redis.url, tmp_path, "fixed")
    disturber = Disturber(deployment, random.Random(SEED))

    async def act(feed: Feed) -> None:
        for name in ("detect-0", "detect-1", "delivery"):
            deployment.add(name, name.partition("-")[0])
        plan = [("join", "detect"), ("leave", "detect"), ("join", "detect"), ("kill", "detect")]
        await disturber.strike([*plan * STRIKES, ("leave", "detect")], feed)

    ledger, shown = await run(deployment, log, act)
    print(f"\n{disturber.tally}; {ledger.repeats} repeats; fenced {deployment.fenced}")
    opened = {
        name: member.said("partition_opened")
        for name, member in deployment.members.items()
        if name.startswith("detect")
    }
    assert len([name for name, times in opened.items() if times]) >= 3, opened
    same(ledger, shown, expected)
