"""What only Kafka does: groups of several processes, transactions, frozen owners."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, TypeAlias

import aiokafka
import pytest
from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    GroupAuthorizationFailedError,
    NotCoordinatorError,
)

from schemas.errors import LogError
from streams.log import client_kafka
from streams.log.chunks import Run
from streams.log.client import LogClient, open_client
from streams.log.client_kafka import KafkaClient
from streams.log.consumer import ChunkConsumer
from streams.log.kafka import ConsumerThread
from streams.log.records import TopicSpec
from streams.log.store import PartitionStore
from tests.log.conftest import running
from tests.log.counting import Counting, Worker, counting_app, feed, provision, source, totals
from tests.log.test_crash import exact, worked_off
from tests.waiting import wait_until

pytestmark = pytest.mark.broker

Replayed: TypeAlias = list[tuple[PartitionStore, int]]


@pytest.fixture
def kafka_url(local_kafka: Any) -> str:
    return str(local_kafka.url)


@pytest.fixture
async def kafka(kafka_url: str) -> AsyncIterator[LogClient]:
    async with open_client(kafka_url) as opened:
        yield opened


# Transactions


async def write_transactions(kafka_url: str, kafka: LogClient, name: str) -> None:
    """Partition 0 ends with a commit marker, 1 holds nothing that is visible, 2 and 3 nothing."""
    await provision(kafka, name)
    producer = aiokafka.AIOKafkaProducer(
        bootstrap_servers=kafka_url.removeprefix("kafka://"), transactional_id=name
    )
    await producer.start()
    try:
        async with producer.transaction():
            for number in range(50):
                await producer.send(source(name), b"x", b"0-%d" % number, partition=0)
        await producer.begin_transaction()
        await (await producer.send(source(name), b"x", b"aborted", partition=1))
        await producer.abort_transaction()
    finally:
        await producer.stop()

    async def marked() -> bool:
        return await kafka.end_offsets(source(name)) == {0: 51, 1: 2, 2: 0, 3: 0}

    await wait_until(marked)  # the markers come a little after the answer


async def test_lag_reaches_zero_behind_transactions_and_aborted_ones_are_not_seen(
    kafka_url: str, kafka: LogClient, unique: str, tmp_path: Path
) -> None:
    await write_transactions(kafka_url, kafka, unique)
    counting = counting_app(kafka_url, unique, tmp_path)
    async with running(counting.app):
        await wait_until(lambda: worked_off(kafka, unique), 15)
    committed = await kafka.committed(unique, source(unique))
    assert committed == {0: 51, 1: 2, 2: None, 3: None}
    assert counting.seen == 50


async def test_without_the_positions_lag_stays_behind_control_records(
    kafka_url: str, kafka: LogClient, unique: str, tmp_path: Path, monkeypatch: Any
) -> None:
    fetch = ConsumerThread._fetch_records

    async def records_only(self: Any, *args: Any, **kwargs: Any) -> Any:
        runs = await fetch(self, *args, **kwargs)
        return {tp: Run(list(run), run[-1].offset + 1) for tp, run in runs.items() if run}

    monkeypatch.setattr(ConsumerThread, "_fetch_records", records_only)
    await write_transactions(kafka_url, kafka, unique)
    counting = counting_app(kafka_url, unique, tmp_path)
    async with running(counting.app):
        await wait_until(lambda: counting.seen == 50, 15)
        await asyncio.sleep(1)
    assert await kafka.lag(unique, source(unique)) == {0: 1, 1: 2, 2: 0, 3: 0}


# Rebalances


async def two_members(kafka_url: str, kafka: LogClient, name: str, data: Path) -> list[Counting]:
    """Work off what there is with one member, never committing by the clock, then add another."""
    await provision(kafka, name)
    await feed(kafka, name, 100)
    members = [
        counting_app(kafka_url, name, data, instance_id=instance, commit_interval_s=3600.0)
        for instance in ("one", "two")
    ]
    first, second = members
    async with running(first.app):
        await wait_until(lambda: first.seen == 400, 20)
        await wait_until(lambda: sum(map(len, map(first.table.partition, range(4)))) == 100)
        async with running(second.app):
            await wait_until(
                lambda: len(second.table.held()) == 2 and len(first.table.held()) == 2, 20
            )
            await wait_until(lambda: not first.app.rebalancing and not second.app.rebalancing, 20)
            await asyncio.sleep(0.5)
            for member, other in ((first, second), (second, first)):
                assert not member.table.held() & other.table.held()
                keys = {key for p in member.table.held() for key in member.table.partition(p)}
                assert keys == set(member.table.store)
                assert {int(key.split(b"-")[0]) for key in keys} == member.table.held()
    return members


@pytest.fixture
def replayed(monkeypatch: Any) -> Replayed:
    """The partitions that recover from their changelog, with the table that they are in."""
    noted: Replayed = []
    apply = PartitionStore.apply

    def noting(self: PartitionStore, partition: int, records: Any) -> None:
        noted.append((self, partition))
        apply(self, partition, records)

    monkeypatch.setattr(PartitionStore, "apply", noting)
    return noted


async def test_a_rebalance_commits_first_drops_what_is_lost_and_replays_nothing(
    kafka_url: str, kafka: LogClient, unique: str, tmp_path: Path, replayed: Replayed
) -> None:
    first, second = await two_members(kafka_url, kafka, unique, tmp_path)
    assert (first.seen, second.seen) == (400, 0)  # nothing is delivered twice
    assert {partition for store, partition in replayed if store is first.table.store} == set()
    assert {partition for store, partition in replayed if store is second.table.store} != set()


async def test_without_the_commit_a_rebalance_delivers_finished_work_again(
    kafka_url: str, kafka: LogClient, unique: str, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.delattr(ChunkConsumer, "on_partitions_revoked")
    first, second = await two_members(kafka_url, kafka, unique, tmp_path)
    assert first.seen + second.seen > 400


async def test_without_the_held_offset_a_kept_partition_is_replayed(
    kafka_url: str,
    kafka: LogClient,
    unique: str,
    tmp_path: Path,
    replayed: Replayed,
    monkeypatch: Any,
) -> None:
    monkeypatch.setattr(PartitionStore, "persisted_offset", lambda self, tp: None)
    first, _ = await two_members(kafka_url, kafka, unique, tmp_path)
    assert {partition for store, partition in replayed if store is first.table.store} != set()


# A frozen owner


async def test_a_frozen_owner_is_fenced_and_the_state_stays_exact(
    kafka_url: str, kafka: LogClient, unique: str, tmp_path: Path
) -> None:
    await provision(kafka, unique)
    await feed(kafka, unique, 1000)
    options = {"pause_s": 0.05, "chunk_records": 20}
    frozen = Worker(kafka_url, unique, tmp_path / "a", instance="a", **options)

    async def begun() -> bool:
        return sum((await totals(kafka, unique)).values()) > 200

    await wait_until(begun, 20)
    frozen.freeze()
    at_the_freeze = sum((await totals(kafka, unique)).values())
    workers = [Worker(kafka_url, unique, tmp_path / "b", instance="b", **options)]

    async def taken_over() -> bool:
        return sum((await totals(kafka, unique)).values()) > at_the_freeze + 800

    await wait_until(taken_over, 30)  # the session of the frozen one must expire first
    frozen.thaw()
    assert (await asyncio.to_thread(frozen.finish))[0] == 70

    async def supervised() -> bool:
        # The new owner may meet the frozen one's last write; its supervisor starts it again.
        if (code := workers[-1].process.poll()) is not None:
            assert code == 70
            workers.append(Worker(kafka_url, unique, tmp_path / "b", instance="b"))
        return await worked_off(kafka, unique)

    try:
        await wait_until(supervised, 40)
        assert await totals(kafka, unique) == exact()
        assert (await asyncio.to_thread(workers[-1].terminate))[0] == 0
    finally:
        for worker in (frozen, *workers):
            worker.kill()


# Questions to a cluster that is putting itself in order


class Refusing:
    """An admin client whose cluster first gives some answers."""

    def __init__(self, admin: Any, *errors: Exception) -> None:
        self._admin, self._errors, self.asked = admin, list(errors), 0

    def list_group_offsets(self, wanted: Any) -> Any:
        self.asked += 1
        if self._errors:
            raise self._errors.pop(0)
        return self._admin.list_group_offsets(wanted)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._admin, name)


async def refusing(kafka: LogClient, unique: str, *errors: Exception) -> Refusing:
    assert isinstance(kafka, KafkaClient)
    await kafka.ensure_topics([TopicSpec(unique, 1)])
    made = Refusing(kafka._admin, *errors)
    kafka._admin = made
    return made


async def test_a_cluster_that_loads_a_group_or_moves_it_is_asked_again(
    kafka: LogClient, unique: str
) -> None:
    admin = await refusing(
        kafka, unique, CoordinatorLoadInProgressError(), NotCoordinatorError(),
        CoordinatorNotAvailableError(),
    )  # fmt: skip
    assert await kafka.committed(unique, unique) == {0: None}
    assert admin.asked == 4


async def test_a_cluster_that_does_not_come_to_order_is_an_error_in_the_end(
    kafka: LogClient, unique: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_kafka, "RETRY_S", 0.5)
    admin = await refusing(kafka, unique, *[NotCoordinatorError() for _ in range(50)])
    with pytest.raises(LogError, match="NotCoordinator"):
        await kafka.committed(unique, unique)
    assert 2 <= admin.asked <= 4


async def test_a_refusal_that_will_not_pass_is_an_error_at_once(
    kafka: LogClient, unique: str
) -> None:
    admin = await refusing(kafka, unique, GroupAuthorizationFailedError())
    with pytest.raises(LogError, match="GroupAuthorizationFailed"):
        await kafka.committed(unique, unique)
    assert admin.asked == 1
