"""A worker says over HTTP whether it lives, whether it is ready, and what it has done."""

from __future__ import annotations

import asyncio
import json
import re
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from schemas.errors import SettingsError
from streams.health import HealthServer
from streams.local.redis import LocalRedis
from streams.metrics import Metrics
from streams.worker import Worker
from tests.integration.deployment import Deployment, deployed
from tests.integration.test_worker import DEAD, death, payment
from tests.waiting import wait_until

#: What must be told at least, by its name in the exposition.
PROMISED = {
    "dongjian_records_total",
    "dongjian_quarantined_total",
    "dongjian_lag_records",
    "dongjian_coverage_age_seconds",
    "dongjian_evaluations_total",
    "dongjian_transitions_total",
    "dongjian_delivery_seconds_count",
    "dongjian_recovering",
    "dongjian_rules_info",
}


@pytest.fixture
async def deployment(
    own_redis: LocalRedis, tmp_path: Path, unique: str
) -> AsyncIterator[Deployment]:
    url = f"embedded://{tmp_path / 'log.db'}"
    metrics = {"DONGJIAN_METRICS": "127.0.0.1:0"}
    async with deployed(url, own_redis.url, tmp_path, unique, **metrics) as made:
        yield made


async def get(worker: Worker, path: str) -> tuple[int, str]:
    assert worker.health is not None
    return await asyncio.to_thread(fetch, worker.health.port, path)


def fetch(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


async def scraped(worker: Worker) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    status, text = await get(worker, "/metrics")
    assert status == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_a_worker_tells_what_it_has_done_and_nobody_s_number(deployment: Deployment) -> None:
    topics = deployment.settings.topics
    async with deployment.working() as worker:
        await deployment.upsert("deaths", **death())
        await deployment.upsert("payments", **payment())
        await deployment.upsert("payments", **payment(no="P2", amount="drei"))
        await deployment.complete("steps", deployment.today)
        await deployment.alert("D01", "RAISED")
        await deployment.settled()
        await wait_until(lambda: worker.metrics.coverage_age._metrics, 20)
        told = await scraped(worker)
        names = {name for name, _ in told}
        assert names >= PROMISED
        assert told["dongjian_records_total", (("feed", "deaths"), ("outcome", "changed"))] == 1
        quarantined = (("feed", "payments"), ("reason", "bad_money"))
        assert told["dongjian_quarantined_total", quarantined] == 1
        raised = (("kind", "RAISED"), ("model", "D01"), ("reason", ""))
        assert told["dongjian_transitions_total", raised] == 1
        assert told["dongjian_delivered_total", (("outcome", "applied"),)] == 1
        assert told["dongjian_coverage_age_seconds", (("feed", "steps"),)] == 0
        assert told["dongjian_recovering", (("role", "detect"),)] == 0
        assert told["dongjian_partitions", (("role", "detect"), ("topic", topics.changes))] == 2
        assert told["dongjian_redis_up", ()] == 1
        lag = {
            labels: value for (name, labels), value in told.items() if name.endswith("_lag_records")
        }
        assert ("role", "delivery") in {label for labels in lag for label in labels}
        hashes = {dict(labels)["hash"] for name, labels in told if name == "dongjian_rules_info"}
        assert len(hashes) == 1
        assert DEAD not in (await get(worker, "/metrics"))[1]


async def test_names_follow_the_conventions_of_prometheus() -> None:
    for family in Metrics().registry.collect():
        assert re.fullmatch(r"dongjian_[a-z_]+", family.name)
        assert family.documentation
        assert not family.name.endswith(("_count", "_sum", "_bucket"))
        assert "milli" not in family.name


async def test_a_worker_is_ready_while_it_reaches_redis(
    deployment: Deployment, own_redis: LocalRedis
) -> None:
    async with deployment.working(ready=False) as worker:
        await wait_until(lambda: worker.health, 20)
        assert await get(worker, "/healthz") == (200, '{"alive": "yes"}\n')
        await wait_until(lambda: not worker.unready(), 20)
        assert (await get(worker, "/readyz"))[0] == 200
        assert (await get(worker, "/nothing"))[0] == 404
        own_redis.kill()
        await wait_until(worker.unready, 20)
        status, text = await get(worker, "/readyz")
        assert (status, json.loads(text)) == (503, {"redis": "not reached"})
        own_redis.start()
        await wait_until(lambda: not worker.unready(), 20)


async def test_a_slow_scrape_does_not_delay_the_answer_that_it_lives() -> None:
    entered = asyncio.Event()
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def slow() -> None:
        loop.call_soon_threadsafe(entered.set)
        asyncio.run_coroutine_threadsafe(done.wait(), loop).result(20)

    server = HealthServer("127.0.0.1:0", Metrics(), dict, slow)
    server.start()
    try:
        scrape = asyncio.create_task(asyncio.to_thread(fetch, server.port, "/metrics"))
        await entered.wait()
        assert (await asyncio.to_thread(fetch, server.port, "/healthz"))[0] == 200
        done.set()
        assert (await scrape)[0] == 200
    finally:
        server.stop()


def test_an_address_that_cannot_be_had_is_named() -> None:
    for address in ("127.0.0.1:none", "256.0.0.1:1", "127.0.0.1:99999"):
        with pytest.raises(SettingsError, match=re.escape(address)):
            HealthServer(address, Metrics(), dict)
