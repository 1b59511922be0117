"""Record batches to one Kafka partition, in order, each of them atomic."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence

import aiokafka  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from schemas.errors import LogError
from streams.log.records import Headers, Row


async def send_batches(
    producer: aiokafka.AIOKafkaProducer,
    topic: str,
    partition: int,
    batches: Iterable[Sequence[Row]],
    timestamp_ms: int | None = None,
    headers: Headers = (),
) -> list[int]:
    """Send batches in order, wait for the acks and return the base offset of each."""
    at = int(time.time() * 1000) if timestamp_ms is None else timestamp_ms
    extra, futures = list(headers), []
    try:
        for rows in batches:
            batch = producer.create_batch()
            append = batch.append
            for key, value in rows:
                if append(timestamp=at, key=key, value=value, headers=extra) is None:
                    raise LogError(
                        f"a batch of {len(rows)} records for topic {topic!r} is larger than the "
                        "producer's limit of one batch: cut it into smaller ones"
                    )
            batch.close()  # an open one would take in what others send to the partition
            futures.append(await producer.send_batch(batch, topic, partition=partition))
        return [done.offset for done in await asyncio.gather(*futures)]
    except KafkaError as error:
        raise LogError(f"an append to topic {topic!r} [{partition}] failed: {error!r}") from error
