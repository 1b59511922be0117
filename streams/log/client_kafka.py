"""The client of Kafka: kafka-python for topics and offsets, aiokafka for records."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, TypeVar

import aiokafka  # type: ignore[import-untyped]
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError as AIOKafkaError  # type: ignore[import-untyped]
from kafka import TopicPartition
from kafka.admin import ConfigResource, KafkaAdminClient, OffsetSpec
from kafka.errors import KafkaError, TopicAlreadyExistsError

from schemas.errors import LogError
from streams.log.client import LogClient
from streams.log.client_embedded import topic_settings
from streams.log.kafka import slow_down_metadata
from streams.log.kafka_answers import group_offsets, passes
from streams.log.kafka_batches import send_batches
from streams.log.kafka_servers import kafka_servers, knock
from streams.log.records import MEBIBYTE, Headers, LogRecord, Row, TopicSpec

_T = TypeVar("_T")
_UNKNOWN_TOPIC = 3
BOOTSTRAP_MS = 10_000
RECONNECT_MS = 1_000
"""The longest pause between two attempts; by default a broker that is back waits for 30 s."""
METADATA_S = 30.0

#: Seconds for which a question is asked again while a group is loaded or a leader is chosen.
RETRY_S = 15.0
PAUSE_S, PAUSE_AT_MOST_S = 0.1, 1.6


class KafkaClient(LogClient):
    """Every call goes to the broker; blocking admin calls run in a thread, one at a time."""

    def __init__(self, broker_url: str, client_id: str) -> None:
        self._servers = kafka_servers(broker_url)
        self._client_id = client_id
        self._admin: KafkaAdminClient | None = None
        self._admin_lock = asyncio.Lock()
        self._producer: AIOKafkaProducer | None = None
        self._producer_lock = asyncio.Lock()

    async def start(self) -> None:
        await asyncio.to_thread(knock, self._servers)
        try:
            self._admin = await asyncio.to_thread(
                KafkaAdminClient,
                bootstrap_servers=self._servers,
                client_id=self._client_id,
                bootstrap_timeout_ms=BOOTSTRAP_MS,
                reconnect_backoff_max_ms=RECONNECT_MS,
            )
        except KafkaError as error:
            raise LogError(
                f"Kafka at {','.join(self._servers)} does not answer: {error}"
            ) from error

    async def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()
        admin, self._admin = self._admin, None
        if admin is not None:
            await asyncio.to_thread(admin.close)

    async def _ask(self, question: Callable[[KafkaAdminClient], _T]) -> _T:
        """Ask the cluster; what it answers while it is putting itself in order is asked again."""
        give_up, pause = time.monotonic() + RETRY_S, PAUSE_S
        while True:
            async with self._admin_lock:
                if self._admin is None:
                    raise LogError("the client is closed: use it inside its `async with`")
                try:
                    return await asyncio.to_thread(question, self._admin)
                except KafkaError as error:
                    if not passes(error) or time.monotonic() + pause > give_up:
                        raise LogError(f"Kafka refused: {error!r}") from error
            await asyncio.sleep(pause)
            pause = min(pause * 2, PAUSE_AT_MOST_S)

    # Topics

    async def _create(self, specs: Sequence[TopicSpec]) -> None:
        wanted = {
            spec.name: {
                "num_partitions": spec.partitions,
                "replication_factor": -1,
                "configs": topic_settings(spec),
            }
            for spec in specs
        }

        def create(admin: KafkaAdminClient) -> None:
            try:
                admin.create_topics(wanted, wait_for_metadata=True)
            except TopicAlreadyExistsError:
                # Somebody else provisions at the same time: create the others one by one.
                for name, spec in wanted.items():
                    with contextlib.suppress(TopicAlreadyExistsError):
                        admin.create_topics({name: spec}, wait_for_metadata=True)

        if wanted:
            await self._ask(create)
            # The metadata lag behind also where somebody else created the topic.
            async with asyncio.timeout(METADATA_S):
                while not wanted.keys() <= (await self.topics()).keys():
                    await asyncio.sleep(0.02)

    async def delete_topic(self, topic: str) -> None:
        await self._ask(lambda admin: admin.delete_topics([topic]))
        # The metadata lag behind: a topic created at once would still be taken for the old one.
        async with asyncio.timeout(METADATA_S):
            while topic in await self.topics():
                await asyncio.sleep(0.02)

    async def topics(self) -> dict[str, int]:
        found = await self._ask(lambda admin: admin.describe_topics())
        return {
            topic["name"]: len(topic["partitions"]) for topic in found if not topic["is_internal"]
        }

    async def _topic(self, topic: str) -> Mapping[str, Any]:
        (found,) = await self._ask(lambda admin: admin.describe_topics([topic]))
        if found["error_code"] == _UNKNOWN_TOPIC:
            raise LogError(f"topic {topic!r} does not exist on {','.join(self._servers)}")
        return found  # type: ignore[no-any-return]

    async def topic_id(self, topic: str) -> str:
        return str((await self._topic(topic))["topic_id"])

    async def describe(self, topic: str) -> dict[str, str]:
        await self._topic(topic)
        found = await self._ask(
            lambda admin: admin.describe_configs(
                [ConfigResource("TOPIC", topic)], config_filter="all"
            )
        )
        return {name: str(entry["value"]) for name, entry in found["topic"][topic].items()}

    # Offsets

    async def _offsets(self, topic: str, spec: OffsetSpec) -> dict[int, int]:
        count = len((await self._topic(topic))["partitions"])
        wanted = {TopicPartition(topic, number): spec for number in range(count)}
        found = await self._ask(lambda admin: admin.list_partition_offsets(wanted))
        return {tp.partition: int(at.offset) for tp, at in found.items()}

    async def end_offsets(self, topic: str) -> dict[int, int]:
        return await self._offsets(topic, OffsetSpec.LATEST)

    async def beginning_offsets(self, topic: str) -> dict[int, int]:
        return await self._offsets(topic, OffsetSpec.EARLIEST)

    async def committed(self, group: str, topic: str) -> dict[int, int | None]:
        count = len((await self._topic(topic))["partitions"])
        tps = [TopicPartition(topic, number) for number in range(count)]

        found = await self._ask(lambda admin: group_offsets(admin, group, tps))
        offsets = {tp.partition: int(at.offset) for tp, at in found.items()}
        return {
            number: at if (at := offsets.get(number, -1)) >= 0 else None for number in range(count)
        }

    async def all_end_offsets(self, topics: Sequence[str]) -> dict[str, dict[int, int]]:
        """In two requests, however many topics."""
        known = await self._ask(lambda admin: admin.describe_topics(list(topics)))
        missing = sorted(t["name"] for t in known if t["error_code"] == _UNKNOWN_TOPIC)
        if missing:
            raise LogError(f"topics missing on {','.join(self._servers)}: {', '.join(missing)}")
        wanted = {
            TopicPartition(one["name"], number): OffsetSpec.LATEST
            for one in known
            for number in range(len(one["partitions"]))
        }
        found: dict[str, dict[int, int]] = {topic: {} for topic in topics}
        for tp, at in (await self._ask(lambda admin: admin.list_partition_offsets(wanted))).items():
            found[tp.topic][tp.partition] = int(at.offset)
        return found

    async def all_committed(
        self, group: str, topics: Sequence[str]
    ) -> dict[str, dict[int, int | None]]:
        """In one request; partitions that the group never committed are left out."""
        found: dict[str, dict[int, int | None]] = {topic: {} for topic in topics}
        committed = await self._ask(lambda admin: group_offsets(admin, group, None))
        for tp, at in committed.items():
            if tp.topic in found and at.offset >= 0:
                found[tp.topic][tp.partition] = int(at.offset)
        return found

    async def delete_group(self, group: str) -> None:
        await self._ask(lambda admin: admin.delete_groups([group]))

    # Records

    async def read(
        self,
        topic: str,
        partition: int,
        start: int,
        end: int | None = None,
        max_records: int | None = None,
    ) -> AsyncIterator[LogRecord]:
        ends = await self.end_offsets(topic)
        if partition not in ends:
            raise LogError(f"topic {topic!r} has no partition {partition}")
        until = ends[partition] if end is None else min(end, ends[partition])
        left = max_records
        if start >= until or left == 0:
            return
        tp = aiokafka.TopicPartition(topic, partition)
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._servers,
            client_id=self._client_id,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            fetch_max_wait_ms=50,
            max_partition_fetch_bytes=4 * MEBIBYTE,
        )
        try:
            await consumer.start()
            consumer.assign([tp])
            consumer.seek(tp, start)
            while await consumer.position(tp) < until:
                fetched = await consumer.getmany(tp, timeout_ms=1000)
                for r in fetched.get(tp, ()):
                    if r.offset >= until or left == 0:
                        return
                    yield LogRecord(r.offset, r.timestamp, r.key, r.value, tuple(r.headers))
                    left = None if left is None else left - 1
        except AIOKafkaError as error:
            raise LogError(f"topic {topic!r} [{partition}] cannot be read: {error!r}") from error
        finally:
            await consumer.stop()

    async def _append(
        self,
        topic: str,
        partition: int,
        batches: Sequence[Sequence[Row]],
        timestamp_ms: int | None,
        headers: Headers,
    ) -> list[int]:
        producer = await self._started_producer()
        return await send_batches(producer, topic, partition, batches, timestamp_ms, headers)

    async def _started_producer(self) -> AIOKafkaProducer:
        async with self._producer_lock:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._servers,
                    client_id=self._client_id,
                    acks="all",
                    enable_idempotence=True,
                    max_batch_size=7 * MEBIBYTE,
                    max_request_size=8 * MEBIBYTE,
                )
                try:
                    await producer.start()
                except AIOKafkaError as error:
                    raise LogError(f"Kafka does not answer: {error!r}") from error
                slow_down_metadata(producer)
                self._producer = producer
            return self._producer
