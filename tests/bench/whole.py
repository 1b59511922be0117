"""All roles in one process: from the agencies' topics, filled before, to Redis."""

from __future__ import annotations

import asyncio
from pathlib import Path

import redis.asyncio

from streams.log.client import open_client
from streams.topics import DELIVERY, DETECT, INTAKE
from streams.worker import Worker, provision
from tests.bench import loads
from tests.bench.meter import Meter, now
from tests.bench.sample import Job, Sample
from tests.bench.stages import POLL_S


async def end_to_end(job: Job) -> Sample:
    """The worker as ``dongjian worker`` runs it, clock included.

    The end is when the transitions that the last record led to are in Redis. What the clock's next
    tick leads to is not waited for: when it comes is a setting.
    """
    settings = loads.settings_of(job.broker, job.redis, Path(job.folder), job.prefix)
    contracts = loads.contracts_of("any", "mixed.")
    topics = settings.topics
    async with open_client(job.broker) as client:
        await provision(client, settings, contracts)
        ends = await client.all_end_offsets([c.topic for c in contracts.values()])
        total = sum(sum(end.values()) for end in ends.values())
        rules = loads.rules_row(settings, contracts)
        await client.append(topics.rules, 0, [rules])
        for partition in range(topics.partitions):
            await client.append(topics.changes, partition, [rules, (None, loads.FIRST_TICK)])
        worker = Worker(settings, contracts, now=lambda: loads.TODAY)
        stop = asyncio.Event()
        running = asyncio.create_task(worker.run(stop))
        while not worker.apps and not running.done():
            await asyncio.sleep(0)
        meters = {role: Meter() for role in (INTAKE, DETECT, DELIVERY)}
        for role, meter in meters.items():
            worker.apps[role].sensors.add(meter)

        async def done_with(role: str, count: int) -> None:
            while meters[role].done < count:
                if running.done():
                    raise RuntimeError(f"the worker ended with {running.result()}")
                await asyncio.sleep(POLL_S)

        await done_with(INTAKE, total)
        taken_in = now()
        await done_with(DETECT, sum((await client.end_offsets(topics.changes)).values()))
        await done_with(DELIVERY, sum((await client.end_offsets(topics.alerts)).values()))
        end = max(taken_in, meters[DETECT].ended, meters[DELIVERY].ended)
        begun = meters[INTAKE].begun
        assert begun is not None
        store = redis.asyncio.Redis.from_url(job.redis)
        told = await store.xlen(f"{topics.prefix}:alerts")
        await store.aclose()
        stop.set()
        await running
        return Sample(
            records=total,
            seconds=end[0] - begun[0],
            cpu_s=end[1] - begun[1],
            more={"transitions": float(told)},
        )
