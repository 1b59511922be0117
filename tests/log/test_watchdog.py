"""The watchdog tells a dead worker from a dead broker."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import LogError
from streams.log import fatal
from streams.log.chunks import Chunk
from streams.log.client import LogClient
from streams.log.probe import Backlog, EmbeddedProbe, KafkaProbe
from streams.watchdog import Standstill, Watchdog
from tests.log.conftest import running
from tests.log.counting import Counting, counting_app, feed, provision, source
from tests.waiting import wait_until


def test_only_what_should_move_and_does_not_is_a_standstill() -> None:
    watch = Standstill(10)
    assert not watch.observe(0, "a", busy=True)
    assert not watch.observe(4, "a", busy=True)
    assert not watch.observe(8, "a", busy=True)
    assert watch.observe(11, "a", busy=True)


def test_a_moving_token_an_idle_worker_and_silence_begin_the_time_anew() -> None:
    watch = Standstill(10)
    for now in range(0, 100, 4):
        assert not watch.observe(now, now, busy=True)
    for now in range(100, 200, 4):
        assert not watch.observe(now, "same", busy=False)
    for now in range(200, 300, 4):
        if now % 8 == 0:
            watch.reset()
        assert not watch.observe(now, "same", busy=True)


def test_a_process_that_was_frozen_itself_does_not_blame_the_worker() -> None:
    watch = Standstill(10)
    assert not watch.observe(0, "a", busy=True)
    assert not watch.observe(1000, "a", busy=True)
    assert not watch.observe(1004, "a", busy=True)
    assert watch.observe(1008, "a", busy=True) is False
    assert watch.observe(1011, "a", busy=True)


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The reasons for which the watchdog would have ended the process."""
    reasons: list[str] = []
    monkeypatch.setattr(fatal, "end_process", lambda reason, *args: reasons.append(reason % args))
    return reasons


@pytest.fixture
async def stuck(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path
) -> AsyncIterator[Counting]:
    """An app that has begun a chunk and does not go on."""
    release = asyncio.Event()

    async def wait(chunk: Chunk) -> None:
        await release.wait()

    await provision(client, unique)
    await feed(client, unique, 10)
    counting = counting_app(broker_url, unique, tmp_path, before_write=wait)
    async with running(counting.app):
        await wait_until(lambda: counting.seen > 0, 20)
        yield counting
        release.set()


def watching(counting: Counting, broker_url: str) -> Watchdog:
    return Watchdog([counting.app], broker_url, stalled_s=0.8, loop_stalled_s=0.8, every_s=0.1)


@pytest.mark.broker
async def test_a_worker_that_does_not_move_while_records_wait_is_ended(
    stuck: Counting, broker_url: str, ended: list[str]
) -> None:
    dog = watching(stuck, broker_url)
    dog.start()
    await wait_until(lambda: ended, 10)
    dog.stop()
    assert "the broker answers, 40 records wait, and nothing has moved for 0.8 s" in ended[0]


@pytest.mark.broker
async def test_a_worker_is_left_alone_while_the_broker_is_silent(
    stuck: Counting, broker_url: str, ended: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(self: Any, group: str, places: Any) -> Backlog:
        raise LogError("no answer")

    for probe in (EmbeddedProbe, KafkaProbe):
        monkeypatch.setattr(probe, "backlog", silent)
    dog = watching(stuck, broker_url)
    dog.start()
    await asyncio.sleep(1.5)
    dog.stop()
    assert ended == []


@pytest.mark.broker
async def test_a_worker_that_waits_for_somebody_else_is_left_alone(
    stuck: Counting, broker_url: str, ended: list[str]
) -> None:
    """Delivery without Redis: in a process of all roles its end would be detection's too."""
    attempts = itertools.count()
    moves = {stuck.app.conf.id: lambda: next(attempts)}
    dog = Watchdog(
        [stuck.app], broker_url, stalled_s=0.8, loop_stalled_s=0.8, every_s=0.1, moves=moves
    )
    dog.start()
    await asyncio.sleep(1.5)
    dog.stop()
    assert ended == []


@pytest.mark.broker
async def test_an_idle_worker_is_left_alone(
    broker_url: str, client: LogClient, unique: str, tmp_path: Path, ended: list[str]
) -> None:
    await provision(client, unique)
    await feed(client, unique, 10)
    counting = counting_app(broker_url, unique, tmp_path)
    async with running(counting.app):

        async def idle() -> bool:
            return not any((await client.lag(unique, source(unique))).values())

        await wait_until(idle, 20)
        dog = watching(counting, broker_url)
        dog.start()
        await asyncio.sleep(1.5)
        dog.stop()
    assert ended == []


async def test_an_event_loop_that_stands_still_is_the_end(ended: list[str], tmp_path: Path) -> None:
    dog = Watchdog([], "embedded://", loop_stalled_s=0.5, every_s=0.05)
    dog.start()
    await asyncio.sleep(0.8)
    assert ended == []
    time.sleep(0.9)
    dog.stop()
    assert ended[0] == "the event loop has not run for 0.5 s"


def test_a_broker_that_is_gone_is_said_to_be_gone() -> None:
    with pytest.raises(LogError, match="Kafka does not answer"):
        KafkaProbe("kafka://127.0.0.1:9", timeout_s=0.2).backlog("g", [("t", 0)])


def test_the_watchdog_does_not_keep_the_process_alive() -> None:
    assert all(thread.daemon for thread in Watchdog([], "embedded://")._threads)
