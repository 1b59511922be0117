"""The second yardstick: Quix Streams, reading and writing one State value per record."""

from __future__ import annotations

import asyncio
from typing import Any

from schemas.change import decode_message
from streams.log.client import open_client
from streams.log.kafka_servers import kafka_servers
from streams.log.records import TopicSpec
from tests.bench import loads
from tests.bench.meter import now
from tests.bench.sample import Job, Sample
from tests.bench.yardstick import fill


def quix(job: Job) -> Sample:
    """Counts the changes of each subject. The last checkpoint and the close are in the figure, as
    Quix writes its changelog and commits every five seconds."""
    from quixstreams import Application

    topic_name = f"{job.prefix}.in"
    total = asyncio.run(_filled(job, topic_name))
    application = Application(
        broker_address=",".join(kafka_servers(job.broker)),
        consumer_group=job.prefix,
        auto_offset_reset="earliest",
        state_dir=job.folder,
        loglevel="WARNING",
    )
    topic = application.topic(topic_name, key_deserializer="bytes", value_deserializer="bytes")
    begun: list[tuple[float, float]] = []

    def count(value: bytes, state: Any) -> None:
        if not begun:
            begun.append(now())
        decode_message(value)
        state.set("count", state.get("count", 0) + 1)

    application.dataframe(topic).update(count, stateful=True)
    application.run(count=total, collect=False)
    wall, cpu = now()
    return Sample(records=total, seconds=wall - begun[0][0], cpu_s=cpu - begun[0][1])


async def _filled(job: Job, topic: str) -> int:
    async with open_client(job.broker) as client:
        await client.ensure_topics([TopicSpec(topic, loads.PARTITIONS)])
        return await fill(job, client, topic)
