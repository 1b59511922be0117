"""A broker that goes away in the middle of the work and comes back."""

from __future__ import annotations

import asyncio
import gc
import time
from pathlib import Path
from typing import Any

import pytest

from streams.log import fatal
from streams.log.client import open_client
from streams.watchdog import Watchdog
from tests.log.conftest import running
from tests.log.counting import counting_app, feed, provision, totals
from tests.log.test_crash import exact, worked_off
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.broker,
    pytest.mark.slow,
    # The clients leave the sockets of refused connections to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]


async def test_an_outage_is_waited_for_without_loss_restart_or_a_busy_loop(
    own_kafka: Any, unique: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []
    monkeypatch.setattr(fatal, "end_process", lambda reason, *args: ended.append(reason % args))
    url = str(own_kafka.url)
    async with open_client(url) as client:
        await provision(client, unique)
        await feed(client, unique, 1000)

    async def slowly(chunk: Any) -> None:
        await asyncio.sleep(0.1)

    counting = counting_app(url, unique, tmp_path, before_write=slowly)
    counting.app.conf.ConsumerScheduler.chunk_records = 50
    dog = Watchdog([counting.app], url, stalled_s=3.0, every_s=0.5)
    try:
        async with running(counting.app):
            dog.start()
            await wait_until(lambda: counting.seen >= 400, 20)
            await asyncio.to_thread(own_kafka.kill)
            before = time.process_time()
            await asyncio.sleep(5)
            assert time.process_time() - before < 2.5  # it spun at 95 % of a core
            await asyncio.to_thread(own_kafka.start)
            async with open_client(url) as client:
                await wait_until(lambda: worked_off(client, unique), 30)
                assert await totals(client, unique) == exact()
            dog.stop()
        assert ended == []
        assert counting.seen == 4000
    finally:
        dog.stop()
        counting.app.conf.ConsumerScheduler.chunk_records = 2000
        for thread in dog._threads:
            await asyncio.to_thread(thread.join)
        gc.collect()
