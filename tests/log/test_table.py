"""The table against a changelog that somebody else has written to, on both logs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import LogError
from schemas.fence import fenced
from streams.log.client import LogClient
from streams.log.records import changelog_name
from streams.log.recovery import PatientRecovery
from streams.log.table import ChunkTable
from tests.log.conftest import Ended, running
from tests.log.counting import Counting, counting_app, feed, provision
from tests.waiting import wait_until

pytestmark = pytest.mark.broker


async def with_a_stale_write(client: LogClient, name: str) -> None:
    """Leave a changelog in which a zombie's value came after the newer one."""
    await provision(client, name)
    rows = [
        (b"k", fenced(10, b"3")),
        (b"deleted", fenced(11, b"")),
        (b"k", fenced(5, b"2")),
        (b"deleted", fenced(4, b"1")),
        (b"m", fenced(12, b"7")),
    ]
    await client.append(changelog_name(name, "counts"), 1, rows)


async def last_values(client: LogClient, name: str) -> dict[bytes | None, bytes | None]:
    topic = changelog_name(name, "counts")
    return {record.key: record.value async for record in client.read(topic, 1, 0)}


def recovered(counting: Counting) -> bool:
    return bool(counting.app.tables.recovery.completed.is_set())


async def test_recovery_takes_the_highest_fence_and_rewrites_what_was_stale(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path
) -> None:
    await with_a_stale_write(client, unique)
    counting = counting_app(broker_url, unique, tmp_path)
    async with running(counting.app):
        await wait_until(lambda: recovered(counting), 20)
        assert counting.table.held() == {0, 1, 2, 3}
        best = {b"k": fenced(10, b"3"), b"deleted": fenced(11, b""), b"m": fenced(12, b"7")}
        assert counting.table.partition(1) == best
        assert await last_values(client, unique) == best
        assert await counting.table.repair(1) == 0
        assert (await client.end_offsets(changelog_name(unique, "counts")))[1] == 7


async def test_without_the_repair_the_stale_value_stays_the_last(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path, monkeypatch: Any
) -> None:
    async def nothing(self: ChunkTable, partition: int) -> int:
        return 0

    monkeypatch.setattr(ChunkTable, "repair", nothing)
    await with_a_stale_write(client, unique)
    counting = counting_app(broker_url, unique, tmp_path)
    async with running(counting.app):
        await wait_until(lambda: recovered(counting), 20)
        assert (await last_values(client, unique))[b"k"] == fenced(5, b"2")


async def test_a_foreign_write_ends_the_process_before_the_chunk_is_done(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path, endings: list[str]
) -> None:
    await provision(client, unique)
    counting = counting_app(broker_url, unique, tmp_path)
    async with running(counting.app):
        await wait_until(lambda: recovered(counting), 20)
        await client.append(changelog_name(unique, "counts"), 2, [(b"k", fenced(0, b"9"))])
        with pytest.raises(Ended):
            await counting.table.write(2, [[(b"k", fenced(1, b"1"))]])
    assert "[2]: a write came to offset 1 instead of 0" in endings[0]


async def test_without_the_check_a_foreign_write_passes_unnoticed(
    broker_url: str,
    client: LogClient,
    unique: str,
    tmp_path: Path,
    endings: list[str],
    monkeypatch: Any,
) -> None:
    monkeypatch.setattr(ChunkTable, "_check_contiguous", lambda *args: None)
    await provision(client, unique)
    counting = counting_app(broker_url, unique, tmp_path)
    async with running(counting.app):
        await wait_until(lambda: recovered(counting), 20)
        await client.append(changelog_name(unique, "counts"), 2, [(b"k", fenced(0, b"9"))])
        await counting.table.write(2, [[(b"k", fenced(1, b"1"))]])
    assert endings == []


async def test_writes_are_atomic_batches_in_order_and_seen_in_the_partition(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path
) -> None:
    await provision(client, unique)
    counting = counting_app(broker_url, unique, tmp_path)
    async with running(counting.app):
        await wait_until(lambda: recovered(counting), 20)
        table = counting.table
        first = [(b"a", fenced(1, b"1")), (b"b", fenced(2, b"2"))]
        second = [(b"a", fenced(3, b"3"))]
        await table.write(0, [first, [], second])
        assert table.partition(0) == {b"a": fenced(3, b"3"), b"b": fenced(2, b"2")}
        topic = changelog_name(unique, "counts")
        written = [(r.key, r.value) async for r in client.read(topic, 0, 0)]
        assert written == [*first, *second]

        taken = table.take(0)
        generation = table.generation(0)
        await table.write(0, [[(b"c", fenced(4, b"4"))]])
        assert table.partition(0) == {}
        assert set(taken) == {b"a", b"b"}
        assert table.generation(0) == generation

        with pytest.raises(ValueError, match="not found"):
            await table.write(0, [[(b"d", b"no fence")]])
        with pytest.raises(LogError, match="partition 9 of table 'counts' is not held"):
            table.partition(9)


async def test_a_recovery_step_without_answer_is_begun_again(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path, monkeypatch: Any
) -> None:
    counting = await stuck_in_recovery(client, broker_url, unique, tmp_path, monkeypatch)
    async with running(counting.app):
        await feed(client, unique, 10)
        await wait_until(lambda: counting.seen == 40, 20)


async def test_without_the_repair_a_late_answer_silences_the_worker_for_ever(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path, monkeypatch: Any
) -> None:
    from faust.tables.recovery import Recovery

    monkeypatch.setattr(PatientRecovery, "_wait", Recovery._wait)
    counting = await stuck_in_recovery(client, broker_url, unique, tmp_path, monkeypatch)
    async with running(counting.app):
        await feed(client, unique, 10)
        await asyncio.sleep(2.5)
        assert counting.seen == 0
        assert not counting.app.crashed


async def stuck_in_recovery(
    client: LogClient, broker_url: str, name: str, data_dir: Path, monkeypatch: Any
) -> Counting:
    """Return an app whose first question for changelog offsets stays without an answer."""
    await provision(client, name)
    counting = counting_app(broker_url, name, data_dir)
    consumer: Any = counting.app.consumer
    ask, asked = consumer.highwaters, []

    async def no_answer_at_first(*partitions: Any) -> Any:
        asked.append(partitions)
        if len(asked) == 1:
            await asyncio.sleep(3600)
        return await ask(*partitions)

    wait = PatientRecovery._wait

    async def impatient(self: Any, coro: Any, timeout: Any = None) -> None:
        await wait(self, coro, None if timeout is None else 0.7)

    monkeypatch.setattr(PatientRecovery, "_wait", impatient)
    monkeypatch.setattr(consumer, "highwaters", no_answer_at_first)
    return counting
