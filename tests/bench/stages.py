"""One stage alone over a load that waits for it, as a worker runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import faust

from detectors.framework.registry import discover
from schemas.subject import Tokens
from streams import garbage
from streams.delivery.agent import Delivery
from streams.delivery.store import AlertStore
from streams.detect.agent import Detect
from streams.feeds import feed_topic_ids
from streams.intake.agent import Intake
from streams.log.app import chunked_app, serve
from streams.log.client import LogClient, open_client
from streams.metrics import Metrics
from streams.settings import Settings
from streams.topics import DELIVERY, DETECT, INTAKE
from streams.worker import COMMIT_EMBEDDED_S, COMMIT_S, provision
from tests.bench import loads
from tests.bench.meter import Meter
from tests.bench.sample import Job, Sample

POLL_S = 0.02


def app_of(settings: Settings, role: str) -> tuple[faust.App, Meter]:
    """A role's application with the settings that a worker gives it, and its meter."""
    data = settings.data / role
    data.mkdir(parents=True)
    app = chunked_app(
        settings.topics.app(role),
        settings.broker,
        data_dir=data,
        commit_interval_s=COMMIT_EMBEDDED_S if settings.embedded else COMMIT_S,
    )
    meter = Meter()
    app.sensors.add(meter)
    garbage.look_seldom()
    return app, meter


async def intake(job: Job, load: str) -> Sample:
    """Messages of all feeds until each is told, quarantined or dropped, and remembered."""
    settings = loads.settings_of(job.broker, "", Path(job.folder), job.prefix)
    contracts = loads.contracts_of(loads.ENVELOPES[load], f"{load}.")
    async with open_client(job.broker) as client:
        partitions = await provision(client, settings, contracts)
        total = sum(
            sum(ends.values())
            for ends in (
                await client.all_end_offsets([c.topic for c in contracts.values()])
            ).values()
        )
        app, meter = app_of(settings, INTAKE)
        Intake(
            app, settings.topics, contracts, partitions, Tokens(settings.secret), Metrics(),
            client=client, topic_ids=await feed_topic_ids(client, contracts),
        )  # fmt: skip
        return await finished(app, meter, total)


async def detect(job: Job, load_name: str = "changes") -> Sample:
    """The changes of a load through the models, transitions and state written."""
    settings = loads.settings_of(job.broker, "", Path(job.folder), job.prefix)
    load = loads.changes(Path(job.loads), load_name)
    async with open_client(job.broker) as client:
        await client.ensure_topics(settings.topics.core())
        total = await append_all(client, settings.topics.changes, load.partitions)
        del load
        app, meter = app_of(settings, DETECT)
        Detect(app, settings.topics, discover(), Tokens(settings.secret), Metrics())
        return await finished(app, meter, total)


async def delivery(job: Job) -> Sample:
    """The transitions of a dense district into Redis."""
    settings = loads.settings_of(job.broker, job.redis, Path(job.folder), job.prefix)
    store = AlertStore(job.redis, settings.topics.prefix)
    async with open_client(job.broker) as client:
        await client.ensure_topics(settings.topics.core())
        ledger = loads.partitions(Path(job.loads), "ledger")
        total = await append_all(client, settings.topics.alerts, ledger)
        app, meter = app_of(settings, DELIVERY)
        Delivery(app, settings.topics, store, Metrics(), client)
        sample = await finished(app, meter, total)
        await store.close()
        return sample


async def append_all(client: LogClient, topic: str, load: Mapping[int, list[loads.Row]]) -> int:
    """Append a load to a topic; how many records it holds."""
    appends = (client.append(topic, partition, rows) for partition, rows in load.items() if rows)
    await asyncio.gather(*appends)
    return sum(map(len, load.values()))


async def finished(app: faust.App, meter: Meter, total: int) -> Sample:
    """Run the application until it is done with so many records."""
    stop = asyncio.Event()
    serving = asyncio.create_task(serve([app], stop))
    while meter.done < total and not serving.done():
        await asyncio.sleep(POLL_S)
    if serving.done():
        raise RuntimeError(f"the application ended with {serving.result()} before it was done")
    sample = measured(meter, total)
    stop.set()
    await serving
    return sample


def measured(meter: Meter, total: int) -> Sample:
    """From the first chunk's arrival at the agent to the last one's end."""
    assert meter.begun is not None
    (wall, cpu), (wall_end, cpu_end) = meter.begun, meter.ended
    return Sample(records=total, seconds=wall_end - wall, cpu_s=cpu_end - cpu)
