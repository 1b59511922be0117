"""Each role in processes of its own on Kafka, and detection shared by workers that come and go."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.alert import decode_transition
from streams.local.kafka import LocalKafka
from streams.local.server import GivenServer
from tests.factories import person
from tests.integration.deployment import assert_sound, deployed
from tests.integration.processes import WorkerProcess, workers
from tests.integration.test_worker import death, payment
from tests.waiting import wait_until


@pytest.mark.slow
async def test_roles_run_apart_and_detect_workers_come_and_go(
    local_kafka: LocalKafka | GivenServer, redis_url: str, tmp_path: Path, unique: str
) -> None:
    settings = {"DONGJIAN_PARTITIONS": "4", "DONGJIAN_TICK_SECONDS": "1"}
    async with deployed(local_kafka.url, redis_url, tmp_path, unique, **settings) as deployment:
        with workers() as running:

            def start(*roles: str) -> WorkerProcess:
                log = tmp_path / f"{len(running)}-{'-'.join(roles)}.log"
                worker = WorkerProcess(deployment.environment, log, *roles)
                running.append(worker)
                return worker

            start("intake")
            start("delivery")
            start("clock")
            first = start("detect")
            second = start("detect")

            numbers = itertools.count(1)
            sent: list[int] = []

            async def feed() -> None:
                n = next(numbers)
                sent.append(n)
                no, who = str(n), person(n)
                await deployment.upsert("deaths", **death(no=no, person=who))
                row = payment(no=no, person=who, benefit=f"LX-{n}")
                await deployment.upsert("payments", **row)
                if n % 3 == 0:
                    await deployment.upsert("payments", **{**row, "returned_on": "2025-05-12"})
                await asyncio.sleep(0.02)

            async def feed_until(condition: Callable[[], bool], least: int) -> None:
                """Feed until it is so, and let all of it come to its end."""
                most = time.monotonic() + 60
                while len(sent) < least or not condition():
                    assert time.monotonic() < most, "the workers do not come"
                    await feed()
                await wait_until(all_told, 60, what=f"{len(sent)} alerts in Redis")

            async def all_told() -> bool:
                keys = deployment.store.redis.scan_iter(match=deployment.store.alert("*"))
                return len([key async for key in keys]) == len(sent)

            def opened(worker: WorkerProcess) -> bool:
                return "partition_opened" in worker.log

            await feed_until(lambda: opened(first) and opened(second), 40)
            third = start("detect")
            await feed_until(lambda: opened(third), 80)
            assert third.stop() == 0
            assert first.stop() == 0
            await feed_until(lambda: True, len(sent) + 20)
            await deployment.settled()
            assert [w.running() for w in running if w not in (first, third)] == [True] * 4

        ends = Counter(alert.status.value for alert in await deployment.alerts("D01"))
        cured = sum(n % 3 == 0 for n in sent)
        assert ends == {"holds": len(sent) - cured, "cured": cured}
        assert_sound(await deployment.told())
        contents: dict[tuple[str, int], bytes | None] = {}
        for _, record in await deployment.ledger():
            t = decode_transition(record.value or b"")
            assert contents.setdefault((t.alert, t.revision), record.value) == record.value
