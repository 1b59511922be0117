"""A group of readers handles every transition, whoever of them fails, and no revision twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from schemas.alert import Transition
from streams.delivery.store import AlertStore
from streams.subscribe import Subscription, subscription
from tests.streams.delivery.test_delivery import apply, history


@pytest.fixture
async def store(redis_url: str) -> AsyncIterator[AlertStore]:
    made = AlertStore(redis_url, "t")
    yield made
    await made.close()


async def take(told: AsyncIterator[Transition], count: int) -> list[tuple[str, int]]:
    """The next few, and the acknowledgement of all but the last."""
    async with asyncio.timeout(20):
        taken = [await anext(told) for _ in range(count)]
    return [(t.alert, t.revision) for t in taken]


async def nothing(told: AsyncIterator[Transition]) -> bool:
    try:
        async with asyncio.timeout(0.3):
            await anext(told)
    except TimeoutError:
        return True
    return False


async def test_a_group_reads_from_the_beginning_and_goes_on_where_it_was(
    store: AlertStore,
) -> None:
    await apply(store, history("x", 3))
    reader = Subscription(store, "g", "one").read()
    assert await take(reader, 2) == [("x", 1), ("x", 2)]
    await reader.aclose()  # type: ignore[attr-defined]
    again = Subscription(store, "g", "one").read()
    assert await take(again, 2) == [("x", 2), ("x", 3)]  # the one in hand was not handled
    assert await nothing(again)


async def test_what_a_lost_consumer_had_taken_goes_to_another(store: AlertStore) -> None:
    await apply(store, history("x", 2))
    lost = Subscription(store, "g", "lost").read()
    await take(lost, 1)
    await lost.aclose()  # type: ignore[attr-defined]
    other = Subscription(store, "g", "other", claim_s=0.05).read()
    await asyncio.sleep(0.1)
    assert await take(other, 2) == [("x", 1), ("x", 2)]


async def test_a_stream_that_was_delivered_again_is_not_handled_again(store: AlertStore) -> None:
    told = history("x", 2)
    await apply(store, told)
    reader = Subscription(store, "g", "one").read()
    await take(reader, 2)
    await store.redis.xadd(
        store.stream, {"alert": "x", "revision": 1, "transition": b"never decoded"}
    )
    await apply(store, history("y", 1), first=2)
    assert await take(reader, 1) == [("y", 1)]


async def test_a_redis_that_forgot_everything_is_read_from_its_new_beginning(
    store: AlertStore, redis_url: str
) -> None:
    await apply(store, history("x", 1))
    async with subscription(redis_url, prefix="t", group="g", consumer="one") as told:
        assert await take(told, 1) == [("x", 1)]
        await store.redis.flushdb()
        await apply(store, history("y", 1))
        assert await take(told, 1) == [("y", 1)]
