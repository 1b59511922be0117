"""The client does the same on both logs."""

from __future__ import annotations

import asyncio

import pytest

from schemas.errors import LogError, SettingsError
from streams.log.client import LogClient, open_client
from streams.log.partitioner import partition_for
from streams.log.records import WEEK_MS, TopicSpec, changelog_spec

pytestmark = pytest.mark.broker


async def test_topics_are_made_as_declared_and_only_once(client: LogClient, unique: str) -> None:
    plain = TopicSpec(f"{unique}-plain", 3, retention_ms=86_400_000)
    state = changelog_spec(unique, "t", 2)
    await client.ensure_topics([plain, state])
    first = await client.topic_id(plain.name)
    await client.ensure_topics([plain, state])
    assert await client.topic_id(plain.name) == first
    topics = await client.topics()
    assert (topics[plain.name], topics[f"{unique}-t-changelog"]) == (3, 2)
    described = await client.describe(plain.name)
    assert (described["cleanup.policy"], described["retention.ms"]) == ("delete", "86400000")
    described = await client.describe(state.name)
    assert described["cleanup.policy"] == "compact"
    assert described["min.compaction.lag.ms"] == str(WEEK_MS)
    assert described["retention.ms"] == "-1"


async def test_several_may_make_the_same_topics_at_once(broker_url: str, unique: str) -> None:
    async def provision(order: list[TopicSpec]) -> int:
        async with open_client(broker_url) as one:
            await one.ensure_topics(order)
            existing = await one.topics()
            return sum(existing[spec.name] for spec in order)

    for attempt in range(4):  # a race: one attempt does not always show it
        specs = [TopicSpec(f"{unique}-{attempt}-{n}", 2) for n in range(10)]
        orders = (specs, specs[::-1], specs[5:] + specs[:5], specs[2:7])
        assert await asyncio.gather(*map(provision, orders)) == [20, 20, 20, 10]


async def test_a_topic_that_exists_otherwise_is_an_error_that_names_both(
    client: LogClient, unique: str
) -> None:
    await client.ensure_topics([TopicSpec(unique, 3)])
    with pytest.raises(LogError, match=f"topic '{unique}' has 3 partitions, not 4"):
        await client.ensure_topics([TopicSpec(unique, 4)])
    with pytest.raises(LogError, match=r"has cleanup\.policy=delete, not compact"):
        await client.ensure_topics([TopicSpec(unique, 3, compact=True)])


async def test_what_is_appended_is_read_back_in_order(client: LogClient, unique: str) -> None:
    await client.ensure_topics([TopicSpec(unique, 2)])
    rows = [(b"k%d" % i, None if i % 7 == 0 else b"v" * i * 300) for i in range(100)]
    assert await client.append(unique, 1, rows, 1_700_000_000_123, (("h", b"1"),)) == 0
    assert await client.append(unique, 1, rows[:5]) == 100
    read = [r async for r in client.read(unique, 1, 0)]
    assert [r.offset for r in read] == list(range(105))
    assert [(r.key, r.value) for r in read] == rows + rows[:5]
    assert (read[0].timestamp_ms, read[0].headers) == (1_700_000_000_123, (("h", b"1"),))
    assert [r.offset async for r in client.read(unique, 1, 98, 103)] == [98, 99, 100, 101, 102]
    assert [r.offset async for r in client.read(unique, 1, 3, max_records=2)] == [3, 4]
    assert [r async for r in client.read(unique, 0, 0)] == []
    assert len([r async for r in client.read_all(unique)]) == 105
    assert await client.end_offsets(unique) == {0: 0, 1: 105}
    assert await client.beginning_offsets(unique) == {0: 0, 1: 0}


async def test_a_group_that_never_was_has_committed_nothing(client: LogClient, unique: str) -> None:
    await client.ensure_topics([TopicSpec(unique, 2)])
    await client.append(unique, 0, [(b"k", b"v")])
    assert await client.committed(unique, unique) == {0: None, 1: None}
    assert await client.lag(unique, unique) == {0: 1, 1: 0}


async def test_a_topic_made_anew_is_another_topic(client: LogClient, unique: str) -> None:
    await client.ensure_topics([TopicSpec(unique, 1)])
    first = await client.topic_id(unique)
    await client.delete_topic(unique)
    await client.ensure_topics([TopicSpec(unique, 1)])
    assert await client.topic_id(unique) != first


async def test_what_does_not_exist_is_named(client: LogClient, unique: str) -> None:
    for question in (client.end_offsets, client.topic_id, client.describe):
        with pytest.raises(LogError, match=f"topic '{unique}' does not exist"):
            await question(unique)
    await client.ensure_topics([TopicSpec(unique, 1)])
    with pytest.raises(LogError, match=r"has no partition 3|not 3"):
        [r async for r in client.read(unique, 3, 0)]


async def test_a_broker_that_is_not_there_is_named() -> None:
    with pytest.raises(SettingsError, match="'amqp://x' is not one of kafka://host:port"):
        open_client("amqp://x")
    with pytest.raises(LogError, match=r"does not answer: 127\.0\.0\.1:9"):
        async with open_client("kafka://127.0.0.1:9"):
            pass
    with pytest.raises(SettingsError, match="'kafka://broker' is not one of"):
        async with open_client("kafka://broker"):
            pass


def test_keys_are_placed_as_kafka_places_them() -> None:
    # Reference values of the Java client's murmur2 (KIP-480 test vectors).
    placed = {b"21": -973932308, b"foobar": -790332482, b"abc": 479470107}
    for key, murmur in placed.items():
        assert partition_for(key, 12) == (murmur & 0x7FFFFFFF) % 12
