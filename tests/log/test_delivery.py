"""What agents get, what is committed, and what happens at the edges, on both logs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from faust.types import TP

from schemas.errors import LogError
from streams.log.app import append, chunked_app, serve
from streams.log.client import LogClient
from streams.log.consumer import ChunkConsumer
from streams.log.records import TopicSpec
from tests.log.conftest import running
from tests.log.counting import (
    PARTITIONS,
    Counting,
    counting_app,
    feed,
    provision,
    source,
    totals,
)
from tests.waiting import wait_until

pytestmark = pytest.mark.broker


async def idle(client: LogClient, name: str, topic: str | None = None) -> bool:
    return not any((await client.lag(name, topic or source(name))).values())


async def test_every_record_is_counted_once_and_committed_to_the_end(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path
) -> None:
    await provision(client, unique)
    await feed(client, unique, 1000)
    counting = counting_app(broker_url, unique, tmp_path)
    async with running(counting.app):
        await wait_until(lambda: idle(client, unique), 20)
        assert await client.committed(unique, source(unique)) == dict.fromkeys(range(4), 1000)
    assert await totals(client, unique) == {
        b"%d-%d" % (p, k): 40 for p in range(PARTITIONS) for k in range(25)
    }
    assert counting.seen == 4000


async def test_several_apps_run_in_one_process_and_one_event_loop(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path
) -> None:
    names = [f"{unique}-{role}" for role in ("intake", "detect", "delivery")]
    await client.ensure_topics([TopicSpec(f"{unique}-{i}", 2) for i in range(4)])
    arrived: list[bytes] = []
    apps = []
    for stage, name in enumerate(names):
        app = chunked_app(
            name, broker_url, instance_id="one", data_dir=tmp_path, commit_interval_s=0.1
        )
        apps.append(app)

        @app.agent(app.topic(f"{unique}-{stage}"), name=name)
        async def forward(
            stream: Any, app: Any = app, onward: str = f"{unique}-{stage + 1}"
        ) -> None:
            async for chunk in stream:
                rows = [(r.key, r.value + b".") for r in chunk.records]
                await append(app, onward, chunk.partition, rows)

    async with running(*apps):
        for partition in (0, 1):
            await client.append(f"{unique}-0", partition, [(b"k", b"%d" % i) for i in range(50)])

        async def all_through() -> bool:
            return (await client.end_offsets(f"{unique}-3")) == {0: 50, 1: 50}

        await wait_until(all_through, 20)
        for stage, name in enumerate(names):
            await wait_until(lambda n=name, s=stage: idle(client, n, f"{unique}-{s}"), 10)  # type: ignore[misc]
    async for record in client.read(f"{unique}-3", 1, 0):
        arrived.append(record.value or b"")
    assert arrived == [b"%d..." % i for i in range(50)]


async def test_a_missing_topic_ends_the_app_with_its_name(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path, caplog: Any
) -> None:
    await client.ensure_topics([TopicSpec(source(unique), PARTITIONS)])
    counting = counting_app(broker_url, unique, tmp_path)
    assert await asyncio.wait_for(serve([counting.app], asyncio.Event()), 20) == 70
    assert isinstance(counting.app.crash_reason, LogError)
    assert f"topics missing in the log: {unique}-counts-changelog" in str(counting.app.crash_reason)


async def worked_off_but_uncommitted(
    client: LogClient, broker_url: str, name: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> Counting:
    """Return an app that will have processed records and never commits."""

    async def no_commit(self: Any, *args: Any, **kwargs: Any) -> bool:
        return False

    monkeypatch.setattr(ChunkConsumer, "commit", no_commit, raising=False)
    await provision(client, name)
    await feed(client, name, 30)
    return counting_app(broker_url, name, data_dir)


async def test_a_partition_that_never_committed_is_rewound_to_its_head(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path, monkeypatch: Any
) -> None:
    counting = await worked_off_but_uncommitted(client, broker_url, unique, tmp_path, monkeypatch)
    async with running(counting.app):
        await wait_until(lambda: counting.seen == 30 * PARTITIONS, 20)
        await counting.app.consumer.perform_seek()
        await wait_until(lambda: counting.seen >= 60 * PARTITIONS, 10)
    assert set((await totals(client, unique)).values()) <= {1, 2}


async def test_without_the_repair_the_head_would_stay_lost(
    client: LogClient, broker_url: str, unique: str, tmp_path: Path, monkeypatch: Any
) -> None:
    if broker_url.startswith("embedded"):
        pytest.skip("the embedded log has no aiokafka to repair")
    from streams.log import kafka

    async def stock(self: Any) -> Any:
        return await self._ensure_consumer().seek_to_committed()

    monkeypatch.setattr(kafka.ConsumerThread, "_seek_all_to_committed", stock)
    counting = await worked_off_but_uncommitted(client, broker_url, unique, tmp_path, monkeypatch)
    async with running(counting.app):
        await wait_until(lambda: counting.seen == 30 * PARTITIONS, 20)
        await counting.app.consumer.perform_seek()
        await asyncio.sleep(1)
        assert counting.seen == 30 * PARTITIONS


async def test_a_fetch_that_a_seek_overtook_is_repeated_and_loses_nothing(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path, monkeypatch: Any
) -> None:
    await provision(client, unique)
    counting = counting_app(broker_url, unique, tmp_path)
    async with running(counting.app):
        await wait_until(lambda: counting.app.tables.recovery.completed.is_set(), 20)
        consumer: Any = counting.app.consumer
        fetch, overtaken = consumer._fetch, []

        async def overtaken_fetch(active: set[TP], timeout: float) -> Any:
            runs = await fetch(active, timeout)
            if any(runs.values()) and len(overtaken) < 3:
                overtaken.append(sum(map(len, runs.values())))
                await consumer.perform_seek()
            return runs

        monkeypatch.setattr(consumer, "_fetch", overtaken_fetch)
        await feed(client, unique, 200)
        await wait_until(lambda: idle(client, unique), 20)
        assert len(overtaken) == 3
    assert sum((await totals(client, unique)).values()) == 200 * PARTITIONS


async def test_resuming_sources_stops_the_flow_until_recovery_has_sought(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path
) -> None:
    await provision(client, unique)
    counting = counting_app(broker_url, unique, tmp_path)
    async with running(counting.app):
        await wait_until(lambda: counting.app.tables.recovery.completed.is_set(), 20)
        consumer = counting.app.consumer
        assert consumer.flow_active
        consumer.resume_partitions({TP(counting.table.changelog_topic_name, 0)})
        assert consumer.flow_active
        consumer.resume_partitions({TP(source(unique), 0)})
        assert not consumer.flow_active
        consumer.resume_flow()
