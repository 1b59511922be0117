"""Acknowledgements and positions of an app that is not started."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from faust.exceptions import ProducerSendError
from faust.types import TP

from streams.log import kafka
from streams.log.app import chunked_app
from streams.log.chunks import Chunk, Run
from streams.log.records import LogRecord

TP0 = TP("t", 0)


@pytest.fixture
def consumer(tmp_path: Path) -> Any:
    app = chunked_app("app", "embedded://", data_dir=tmp_path)
    app.topics._acking_topics.add("t")
    return app.consumer


def chunk(first: int, last: int, position: int) -> Chunk:
    records = [LogRecord(offset, 0, None, b"") for offset in range(first, last + 1)]
    return Chunk("t", 0, records, position)


def deliver(consumer: Any, one: Chunk) -> Any:
    return consumer._to_message(TP0, one)


def test_the_position_of_the_last_finished_chunk_is_committed(consumer: Any) -> None:
    messages = [deliver(consumer, chunk(0, 4, 5)), deliver(consumer, chunk(7, 9, 12))]
    assert consumer._new_offset(TP0) is None
    consumer.ack(messages[0])
    assert consumer._new_offset(TP0) == 5
    consumer.ack(messages[1])
    assert consumer._new_offset(TP0) == 12
    assert consumer._new_offset(TP0) is None


async def fetched(consumer: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fetch(active: set[TP], timeout: float) -> dict[TP, Run]:
        return {TP0: run}

    monkeypatch.setattr(consumer, "_fetch", fetch)
    await consumer._getmany({TP0}, 1.0)


async def test_control_records_alone_are_committed_once_nothing_is_unfinished(
    consumer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = deliver(consumer, chunk(0, 4, 5))
    await fetched(consumer, Run([], 8), monkeypatch)
    assert set(consumer._filter_tps_with_pending_acks()) == {TP0}
    assert consumer._new_offset(TP0) is None
    consumer.ack(message)
    assert consumer._new_offset(TP0) == 8


async def test_an_empty_partition_commits_nothing(
    consumer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fetched(consumer, Run([], 0), monkeypatch)
    assert consumer._new_offset(TP0) is None


async def test_a_fetch_keeps_to_the_partitions_it_was_started_with(
    consumer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[set[TP]] = []

    async def fetch(active: set[TP], timeout: float) -> dict[TP, Any]:
        live.add(TP("t", 1))
        given.append(active)
        return {}

    monkeypatch.setattr(consumer, "_fetch", fetch)
    live = {TP("t", 0)}
    await consumer._getmany(live, 1.0)
    assert given == [{TP("t", 0)}]


async def test_a_full_queue_does_not_park_its_partition(consumer: Any) -> None:
    consumer._set_active_tps({TP("t", 0)})
    consumer.on_buffer_full(TP("t", 0))
    assert consumer._get_active_partitions() == {TP("t", 0)}


async def test_agents_refuse_to_run_more_than_one_actor(tmp_path: Path) -> None:
    app = chunked_app("never-started", "embedded://", data_dir=tmp_path)
    with pytest.raises(ValueError, match="concurrency=2"):
        app.agent(app.topic("t"), concurrency=2)(lambda stream: stream)


async def test_flush_waits_for_every_message_and_raises_if_one_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = chunked_app("app", "kafka://127.0.0.1:9", data_dir=tmp_path)
    producer: Any = app.producer
    monkeypatch.setattr(producer.buffer, "put", lambda fut: None)
    loop = asyncio.get_running_loop()
    good, bad = loop.create_future(), loop.create_future()
    producer.send_soon(good)
    producer.send_soon(bad)
    flushing = asyncio.create_task(producer.flush())
    good.set_result(None)
    await asyncio.sleep(0.15)  # longer than the 0.1 s after which stock Faust gives up
    assert not flushing.done()
    bad.set_exception(RuntimeError("broker said no"))
    with pytest.raises(ProducerSendError, match="broker said no"):
        await flushing


async def test_metadata_requests_for_a_lost_leader_are_bounded() -> None:
    class Client:
        asked = 0

        async def force_metadata_update(self) -> None:
            self.asked += 1

    class Producer:
        client = Client()

    kafka.slow_down_metadata(Producer())
    loop, per_second = asyncio.get_running_loop(), kafka.METADATA_REQUESTS_PER_S
    begun = loop.time()
    for _ in range(per_second):
        await Producer.client.force_metadata_update()
    assert loop.time() - begun < 0.5  # a topic written to for the first time does not wait
    await Producer.client.force_metadata_update()
    assert loop.time() - begun >= 0.9
    assert Producer.client.asked == per_second + 1
