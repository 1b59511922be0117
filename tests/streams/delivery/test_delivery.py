"""Delivery applies each revision once, in order, to whoever got the one before; Redis may fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import redis.asyncio

from schemas.alert import (
    Cause,
    Kind,
    Status,
    Transition,
    decode_transition,
    encode_transition,
    sealed,
)
from schemas.errors import DeliveryGap
from streams.delivery import rebuild as rebuild_module
from streams.delivery import store as store_module
from streams.delivery.agent import Delivery
from streams.delivery.rebuild import deliver, rebuild
from streams.delivery.store import AlertStore, RedisForgot, Result
from streams.local.redis import LocalRedis
from streams.log.app import chunked_app, serve
from streams.log.client import LogClient, open_client
from streams.log.records import TopicSpec
from streams.metrics import Metrics
from streams.topics import DELIVERY, Topics
from tests.waiting import wait_until

A, B = "agency-a", "agency-b"


def history(alert: str, count: int, agency: str = A, **more: Any) -> list[Transition]:
    """The first revisions of one alert, chained."""
    told: list[Transition] = []
    for revision in range(1, count + 1):
        bare = Transition(
            alert=alert,
            revision=revision,
            kind=Kind.RAISED if revision == 1 else Kind.UPDATED,
            status=Status.HOLDS,
            model="D01",
            rule="rule",
            subject="person:1",
            obligation=alert,
            agency=agency,
            region="371102",
            party_plain="a number",
            at_ms=revision,
            cause=Cause(0, revision, "put"),
            previous=told[-1].digest if told else "",
        )
        told.append(sealed(msgspec.structs.replace(bare, **more)))
    return told


@pytest.fixture
async def store(redis_url: str) -> AsyncIterator[AlertStore]:
    made = AlertStore(redis_url, "t")
    yield made
    await made.close()


async def streamed(store: AlertStore, stream: str = "") -> list[tuple[str, int]]:
    entries = await store.redis.xrange(stream or store.stream)
    told = [decode_transition(fields[b"transition"]) for _, fields in entries]
    return [(t.alert, t.revision) for t in told]


async def apply(store: AlertStore, transitions: Sequence[Transition], first: int = 0) -> list[int]:
    return list(await store.deliver(0, first, list(enumerate(transitions, first))))


# ---- the script


async def test_a_revision_is_applied_once_and_a_repeat_changes_nothing(store: AlertStore) -> None:
    told = history("x", 3)
    assert await apply(store, told) == [Result.APPLIED] * 3
    assert await apply(store, told) == [Result.REPEAT] * 3
    assert await streamed(store) == [("x", 1), ("x", 2), ("x", 3)]
    assert await store.delivered(0) == 3
    now = await store.read("x")
    assert now is not None
    assert (now.revision, now.party_plain) == (3, "")


async def test_a_jump_stops_what_comes_after_it_too(store: AlertStore) -> None:
    jump, after = history("x", 2)[1], history("y", 1)[0]
    assert await apply(store, [jump, after]) == [Result.MISSING, Result.FORGOTTEN]
    assert await streamed(store) == []
    assert await store.delivered(0) == 0


async def test_a_redis_that_forgot_does_not_look_as_if_it_had_the_beginning(
    store: AlertStore,
) -> None:
    await apply(store, history("x", 2))
    await store.redis.flushdb()
    assert await apply(store, history("y", 1), first=2) == [Result.FORGOTTEN]
    with pytest.raises(RedisForgot, match="before 2"):
        await store.passed(0, 2, 3)  # emptied between the last transition and what follows it
    assert await store.delivered(0) == 0


@pytest.mark.parametrize("revision", [2, 3])
async def test_a_contradiction_is_never_applied(store: AlertStore, revision: int) -> None:
    await apply(store, history("x", 2))
    other = history("x", 3, amount_fen=1)[revision - 1]
    assert await apply(store, [other], first=2) == [Result.CONTRADICTION]
    now = await store.read("x")
    assert now is not None
    assert (now.revision, now.amount_fen) == (2, 0)
    with pytest.raises(DeliveryGap, match="contradicts"):
        await deliver(store, 0, 2, [(2, other)])


async def test_who_got_one_revision_gets_all_later_ones(store: AlertStore) -> None:
    first = history("x", 1)[0]
    bare = msgspec.structs.replace(first, revision=2, agency=B, previous=first.digest)
    moved = sealed(bare)
    gone = sealed(msgspec.structs.replace(moved, revision=3, agency="", previous=moved.digest))
    await apply(store, [first, moved, gone])
    assert await streamed(store, store.agency_stream(A)) == [("x", 1), ("x", 2), ("x", 3)]
    assert await streamed(store, store.agency_stream(B)) == [("x", 2), ("x", 3)]


async def test_a_script_without_the_old_streams_would_be_noticed(
    store: AlertStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above has power: without the rule it fails."""
    text = store_module._SCRIPT.read_text()
    rule = "for stream in string.gmatch(known[5] or '', '[^\\n]+') do to(stream) end"
    assert text.count(rule) == 1
    store._script = store.redis.register_script(text.replace(rule, ""))
    with pytest.raises(AssertionError):
        await test_who_got_one_revision_gets_all_later_ones(store)


async def test_open_alerts_are_indexed_by_model_and_region_while_they_hold(
    store: AlertStore,
) -> None:
    first = history("x", 1, raised_ms=7)[0]
    ended = msgspec.structs.replace(
        first, revision=2, status=Status.WITHDRAWN, previous=first.digest
    )
    await apply(store, [first])
    keys = store.open_of_model("D01"), store.open_of_region("371102")
    assert [await store.redis.zrange(k, 0, -1, withscores=True) for k in keys] == [
        [(b"x", 7.0)]
    ] * 2
    await apply(store, [sealed(ended)], first=1)
    assert [await store.redis.zcard(k) for k in keys] == [0, 0]


async def test_a_redis_of_another_ledger_is_refused(store: AlertStore) -> None:
    await store.belongs_to("one")
    await store.belongs_to("one")
    with pytest.raises(DeliveryGap, match="another ledger"):
        await store.belongs_to("two")
    await store.forget()
    await store.belongs_to("two")


# ---- the agent, over a real log


class Ledger:
    """A ledger to write to, and agents that deliver it."""

    def __init__(self, client: LogClient, url: str, topics: Topics, folder: Path) -> None:
        self.client, self.url, self.topics, self.folder = client, url, topics, folder
        self.metrics = Metrics()

    async def append(self, transitions: Sequence[Transition], partition: int = 0) -> None:
        rows = [(t.alert.encode(), encode_transition(t)) for t in transitions]
        await self.client.append(self.topics.alerts, partition, rows)

    @asynccontextmanager
    async def delivering(self, redis_url: str) -> AsyncIterator[Delivery]:
        app = chunked_app(
            self.topics.app(DELIVERY), self.url, data_dir=self.folder, commit_interval_s=0.05
        )
        store = AlertStore(redis_url, "t")
        delivery = Delivery(app, self.topics, store, self.metrics, self.client, watch_s=0.1)
        stop = asyncio.Event()
        running = asyncio.create_task(serve([app], stop))
        watching = asyncio.create_task(delivery.watch())
        try:
            yield delivery
        finally:
            stop.set()
            assert await running == 0
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            await store.close()


@pytest.fixture
async def ledger(broker_url: str, unique: str, tmp_path: Path) -> AsyncIterator[Ledger]:
    topics = Topics(unique, 2)
    async with open_client(broker_url) as client:
        await client.ensure_topics(topics.core())
        yield Ledger(client, broker_url, topics, tmp_path)


def has(store: AlertStore, *expected: tuple[str, int]) -> Any:
    async def held() -> bool:
        try:
            return {(a.alert, a.revision) async for a in store.all()} == set(expected)
        except redis.asyncio.RedisError:
            return False

    return held


@pytest.mark.broker
async def test_a_flushed_redis_is_filled_again_without_anything_new(
    ledger: Ledger, store: AlertStore, redis_url: str
) -> None:
    await ledger.append(history("x", 3))
    async with ledger.delivering(redis_url):
        await wait_until(has(store, ("x", 3)), 30)
        await store.redis.flushdb()
        await wait_until(has(store, ("x", 3)), 30)
        await store.redis.flushdb()
        await ledger.append(history("y", 1))  # the old ones come first
        await wait_until(has(store, ("x", 3), ("y", 1)), 30)
        assert await streamed(store) == [("x", 1), ("x", 2), ("x", 3), ("y", 1)]


@pytest.mark.broker
async def test_one_alert_that_redis_lost_is_read_again_from_the_ledger(
    ledger: Ledger, store: AlertStore, redis_url: str
) -> None:
    told = history("x", 3)
    await ledger.append(told[:2])
    async with ledger.delivering(redis_url):
        await wait_until(has(store, ("x", 2)), 30)
        await store.redis.delete(store.alert("x"))
        await ledger.append(told[2:])
        await wait_until(has(store, ("x", 3)), 30)


@pytest.mark.broker
async def test_a_gap_stops_its_partition_and_no_other(
    ledger: Ledger, store: AlertStore, redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    told = history("x", 3)
    await ledger.append([told[0], told[2], *history("y", 1)])
    await ledger.append(history("z", 1), partition=1)
    async with ledger.delivering(redis_url):
        stopped = ledger.metrics.stopped.labels("0")._value
        await wait_until(lambda: stopped.get() == 1, 30)
        await wait_until(has(store, ("x", 1), ("z", 1)), 30)
        await ledger.append(history("z", 2)[1:], partition=1)
        await wait_until(has(store, ("x", 1), ("z", 2)), 30)
        assert await store.delivered(0) == 1
    assert "delivery_stopped partition=0" in caplog.text


async def test_a_redis_that_is_killed_and_started_gets_everything_once(
    own_redis: LocalRedis, tmp_path: Path, unique: str
) -> None:
    url = f"embedded://{tmp_path / 'log.db'}"
    topics = Topics(unique, 1)
    async with open_client(url) as client:
        await client.ensure_topics(topics.core())
        ledger = Ledger(client, url, topics, tmp_path)
        store = AlertStore(own_redis.url, "t")
        async with ledger.delivering(own_redis.url) as delivery:
            await ledger.append(history("x", 2))
            await wait_until(has(store, ("x", 2)), 30)
            own_redis.kill()
            await ledger.append(history("y", 2))
            await wait_until(lambda: not delivery.reaches_redis, 30)
            own_redis.start()
            await wait_until(has(store, ("x", 2), ("y", 2)), 30)
            assert await streamed(store) == [("x", 1), ("x", 2), ("y", 1), ("y", 2)]
        await store.close()


@pytest.mark.broker
async def test_a_rebuild_beside_the_agent_repeats_nothing(
    ledger: Ledger, store: AlertStore, redis_url: str
) -> None:
    await ledger.append(history("x", 5))
    async with ledger.delivering(redis_url):
        await wait_until(has(store, ("x", 5)), 30)
        seen: list[int] = []
        count = await rebuild(ledger.client, ledger.topics.alerts, 0, store, progress=seen.append)
    assert count == sum(seen) == 5
    assert await store.redis.xlen(store.stream) == 5


async def test_a_redis_emptied_while_it_is_rebuilt_does_not_look_complete(
    tmp_path: Path, store: AlertStore, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild_module, "PART", 2)
    topic, emptied = "t.alerts", redis.Redis.from_url(redis_url)
    async with open_client(f"embedded://{tmp_path / 'log.db'}") as client:
        await client.ensure_topics([TopicSpec(topic, 1)])
        await client.append(topic, 0, [(b"x", encode_transition(t)) for t in history("x", 3)])
        await client.append(topic, 0, [(b"x", b"unreadable")])
        with emptied, pytest.raises(RedisForgot):
            await rebuild(client, topic, 0, store, 0, 4, lambda done: bool(emptied.flushdb()))
        assert await store.delivered(0) == 0
        assert await rebuild(client, topic, 0, store, 0, 4) == 3
    assert await store.delivered(0) == 4
