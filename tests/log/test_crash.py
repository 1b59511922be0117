"""Processes that raise, are killed or are frozen, on both logs: the state stays exact."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from streams.log.client import LogClient
from tests.log.counting import KEYS, PARTITIONS, RAISES_IN, Worker, feed, provision, source, totals
from tests.waiting import wait_until

pytestmark = pytest.mark.broker

RECORDS = 1000  # in each partition
RAISES = 550  # the offset


def exact(count: int = RECORDS) -> dict[bytes, int]:
    return {b"%d-%d" % (p, k): count // KEYS for p in range(PARTITIONS) for k in range(KEYS)}


async def worked_off(client: LogClient, name: str) -> bool:
    return not any((await client.lag(name, source(name))).values())


async def done(client: LogClient, name: str) -> int:
    ends = await client.end_offsets(f"{name}-counts-changelog")
    return sum(ends.values())


async def test_an_exception_ends_the_process_before_the_chunk_is_acknowledged(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path
) -> None:
    await provision(client, unique)
    await feed(client, unique, RECORDS)
    code, output = await asyncio.to_thread(
        Worker(broker_url, unique, tmp_path, raise_at=RAISES, pause_s=0.02).finish
    )
    assert code == 70, output
    assert "RuntimeError('told to'); the chunk is not acknowledged" in output
    committed = await client.committed(unique, source(unique))
    assert (committed[RAISES_IN] or 0) <= RAISES  # the others may have been faster


async def test_without_the_guard_the_chunk_is_lost(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path
) -> None:
    await provision(client, unique)
    await feed(client, unique, RECORDS)
    worker = Worker(broker_url, unique, tmp_path, raise_at=RAISES, without="guard")
    try:
        await wait_until(lambda: worked_off(client, unique), 30)
        assert worker.process.poll() is None
        assert sum((await totals(client, unique)).values()) < RECORDS * PARTITIONS
    finally:
        worker.kill()


async def test_the_state_is_exact_after_kills_at_any_moment(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path
) -> None:
    await provision(client, unique)
    await feed(client, unique, RECORDS)
    chance = random.Random(unique[:10])
    for _ in range(3):
        before = await done(client, unique)
        worker = Worker(broker_url, unique, tmp_path, pause_s=0.02, chunk_records=40)

        async def has_begun(before: int = before) -> bool:
            return await done(client, unique) > before

        await wait_until(has_begun, 20)
        await asyncio.sleep(chance.random() * 0.3)
        worker.kill()
    assert not await worked_off(client, unique)
    worker = Worker(broker_url, unique, tmp_path)
    await wait_until(lambda: worked_off(client, unique), 30)
    assert await totals(client, unique) == exact()
    code, output = await asyncio.to_thread(worker.terminate)
    assert code == 0, output


async def test_a_second_process_of_the_group_is_refused_on_the_embedded_log(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path
) -> None:
    if broker_url.startswith("kafka"):
        pytest.skip("Kafka shares the partitions out instead")
    await provision(client, unique)
    await feed(client, unique, 100)
    first = Worker(broker_url, unique, tmp_path)
    await wait_until(lambda: worked_off(client, unique), 20)
    code, output = await asyncio.to_thread(Worker(broker_url, unique, tmp_path).finish)
    assert code == 70
    assert f"another process runs '{unique}'" in output
    assert (await asyncio.to_thread(first.terminate))[0] == 0
