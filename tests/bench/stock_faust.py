"""The first yardstick: an agent of stock Faust that reads and writes one table value per record."""

from __future__ import annotations

from collections.abc import AsyncIterable
from typing import Any

import faust

from schemas.change import decode_message
from streams.log.client import open_client
from streams.log.kafka_servers import kafka_servers
from streams.log.records import TopicSpec, changelog_spec
from tests.bench import loads
from tests.bench.meter import Meter
from tests.bench.sample import Job, Sample
from tests.bench.stages import finished
from tests.bench.yardstick import fill


async def stock_faust(job: Job) -> Sample:
    """Counts the changes of each subject; Faust's own transport, table, agent and settings."""
    topic = f"{job.prefix}.in"
    async with open_client(job.broker) as client:
        await client.ensure_topics(
            [
                TopicSpec(topic, loads.PARTITIONS),
                changelog_spec(job.prefix, "counts", loads.PARTITIONS),
            ]
        )
        total = await fill(job, client, topic)
    servers = ";".join(f"kafka://{server}" for server in kafka_servers(job.broker))
    app = faust.App(
        job.prefix,
        broker=servers,
        datadir=job.folder,
        store="memory://",
        key_serializer="raw",
        value_serializer="raw",
        topic_allow_declare=False,
        topic_disable_leader=True,
        topic_partitions=loads.PARTITIONS,
        web_enabled=False,
    )
    meter = Meter()
    app.sensors.add(meter)
    counts: Any = app.Table(
        "counts", default=int, partitions=loads.PARTITIONS, key_type=bytes, value_type=int
    )

    async def count(stream: AsyncIterable[Any]) -> None:
        async for key, value in stream.items():  # type: ignore[attr-defined]
            decode_message(value)
            counts[key] += 1

    app.agent(app.topic(topic), name="count")(count)
    return await finished(app, meter, total)
