"""The Faust transport over Kafka: aiokafka as Faust drives it, with its gaps repaired."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import Any

import aiokafka  # type: ignore[import-untyped]
from faust.exceptions import ProducerSendError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, FutureMessage

from streams.log.chunks import Run
from streams.log.consumer import ChunkConsumer, require_topics
from streams.log.kafka_batches import send_batches
from streams.log.records import Headers, LogRecord, Row

SCHEME = "dongjian-kafka"
FETCH_WAIT_MS = 50
METADATA_REQUESTS_PER_S = 8


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread in which aiokafka consumes."""

    def _create_worker_consumer(self, transport: driver.Transport) -> aiokafka.AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        # Faust hard-codes 1500 ms, for which an idle topic may hold back busy ones, and reads
        # aborted transactions of sources as if they had happened.
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS
        consumer._isolation_level = "read_committed"
        self._reported: dict[TP, int] = {}
        return consumer

    async def subscribe(self, topics: Iterable[str]) -> None:
        wanted = set(topics)
        require_topics(wanted, await self.call_thread(self._existing_topics))
        await super().subscribe(wanted)

    async def _existing_topics(self) -> dict[str, int]:
        cluster = await self._ensure_consumer()._client.fetch_all_metadata()
        return {topic: len(cluster.partitions_for_topic(topic)) for topic in cluster.topics()}

    async def seek_to_committed(self) -> Mapping[TP, int]:
        return await self.call_thread(self._seek_all_to_committed)  # type: ignore[no-any-return]

    async def _seek_all_to_committed(self) -> Mapping[TP, int]:
        """Seek, also where nothing is committed: aiokafka leaves such partitions where they are.

        What was fetched and thrown away during recovery would be lost: the head of a partition
        that has never been committed.
        """
        self._reported.clear()
        consumer = self._ensure_consumer()
        offsets = await consumer.seek_to_committed()
        changelogs = self.consumer.app.tables.changelog_topics
        unsought = [tp for tp, at in offsets.items() if not at and tp.topic not in changelogs]
        if unsought:
            await consumer.seek_to_beginning(*unsought)
        return offsets  # type: ignore[no-any-return]

    async def _fetch_records(
        self,
        consumer: aiokafka.AIOKafkaConsumer,
        active_partitions: set[TP],
        timeout: float | None = None,
        max_records: int | None = None,
    ) -> Any:
        fetched = await super()._fetch_records(consumer, active_partitions, timeout, max_records)
        subscription = consumer._subscription.subscription
        assignment = subscription.assignment if subscription is not None else None
        runs: dict[TP, Run] = {}
        for tp in active_partitions:
            records = fetched.get(tp)
            state = assignment.state_value(tp) if assignment is not None else None
            position = state.position if state is not None and state.has_valid_position else None
            if records:
                run = [
                    LogRecord(r.offset, r.timestamp, r.key, r.value, tuple(r.headers))
                    for r in records
                ]
                end = run[-1].offset + 1
                runs[tp] = Run(run, end if position is None else max(end, position))
                self._reported[tp] = runs[tp].position
            elif position is not None and position != self._reported.get(tp):
                runs[tp] = Run([], position)
                self._reported[tp] = position
        return runs


class Consumer(ChunkConsumer, driver.Consumer):
    """The consumer in the event loop of the app."""

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def _fetch(self, active: set[TP], timeout: float) -> dict[TP, Run]:
        return await self._thread.getmany(active, timeout)  # type: ignore[return-value]


class Producer(driver.Producer):
    """An idempotent producer with batches, a flush that is one, and patience with a lost leader."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unsent: set[FutureMessage] = set()
        self._failure: BaseException | None = None

    def _settings_extra(self) -> Mapping[str, Any]:
        # Batches of one partition stay in order and come once, whatever is retried.
        return {"acks": "all", "enable_idempotence": True}

    async def on_start(self) -> None:
        await super().on_start()
        slow_down_metadata(self._ensure_producer())

    async def write_batches(
        self,
        topic: str,
        partition: int,
        batches: Iterable[Sequence[Row]],
        timestamp_ms: int | None = None,
        headers: Headers = (),
    ) -> list[int]:
        """Append record batches to one partition in order; return their base offsets when acked."""
        producer = self._ensure_producer()
        return await send_batches(producer, topic, partition, batches, timestamp_ms, headers)

    def send_soon(self, fut: FutureMessage) -> None:
        self._unsent.add(fut)
        fut.add_done_callback(self._sent)
        super().send_soon(fut)

    def _sent(self, fut: Any) -> None:
        self._unsent.discard(fut)
        if not fut.cancelled() and fut.exception() is not None:
            self._failure = self._failure or fut.exception()

    async def flush(self) -> None:
        """Wait until everything is acked; raise if anything failed.

        Faust gives up after 100 ms without progress and commits the source offsets all the same
        (faust-streaming #270).
        """
        while self._unsent:
            await asyncio.wait(set(self._unsent))
        if self._producer is not None:
            await self._producer.flush()
        if self._failure is not None:
            raise ProducerSendError(f"a message was not acknowledged: {self._failure!r}")


def slow_down_metadata(producer: aiokafka.AIOKafkaProducer) -> None:
    """Bound how often aiokafka's sender asks for the leader of a partition that has none.

    It asks again without any pause: 95 % of a core and 3 000 log lines a second in an outage.
    """
    original = producer.client.force_metadata_update
    recent: deque[float] = deque(maxlen=METADATA_REQUESTS_PER_S)

    async def bounded() -> Any:
        now = asyncio.get_running_loop().time()
        if len(recent) == recent.maxlen and now - recent[0] < 1:
            await asyncio.sleep(recent[0] + 1 - now)
        recent.append(asyncio.get_running_loop().time())
        return await original()

    def force_metadata_update() -> Awaitable[Any]:
        return asyncio.ensure_future(bounded())

    producer.client.force_metadata_update = force_metadata_update


class Transport(driver.Transport):
    """Registered under its own URL scheme, so that stock Faust is left as it is."""

    Consumer = Consumer
    Producer = Producer
