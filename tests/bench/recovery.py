"""A worker that starts over much state: how long until it may take its first record."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from pathlib import Path

from detectors.framework.engine import Engine
from detectors.framework.registry import discover
from schemas.mapping import Mapper
from schemas.subject import Tokens
from streams.intake.registry import Registry
from streams.log.app import serve
from streams.log.client import open_client
from streams.log.records import TopicSpec, changelog_name, changelog_spec
from streams.log.table import ChunkTable
from streams.watchdog import settled
from tests.bench import loads
from tests.bench.meter import now
from tests.bench.process import resident
from tests.bench.sample import Job, Sample
from tests.bench.stages import app_of, append_all

TABLE, SOURCE = "state", "source"


async def recovery(job: Job, name: str) -> Sample:
    """``state`` into engines, or ``registry`` into registries of one feed.

    The seconds are those from the start of the application, joining its group included, to the last
    partition's engine or registry being ready.
    """
    settings = loads.settings_of(job.broker, "", Path(job.folder), job.prefix)
    source = f"{job.prefix}.{SOURCE}"
    async with open_client(job.broker) as client:
        await client.ensure_topics(
            [
                TopicSpec(source, loads.PARTITIONS),
                changelog_spec(settings.topics.app(name), TABLE, loads.PARTITIONS),
            ]
        )
        rows = loads.multiplied(loads.partitions(Path(job.loads), name), job.count)
        total = await append_all(client, changelog_name(settings.topics.app(name), TABLE), rows)
        del rows
        gc.collect()
        app, _ = app_of(settings, name)
        table: ChunkTable = app.Table(TABLE, partitions=loads.PARTITIONS)  # type: ignore[assignment]

        async def idle(stream: object) -> None:
            async for _ in stream:  # type: ignore[attr-defined]
                pass

        app.agent(app.topic(source), name="idle")(idle)
        open_ = _engines if name == "state" else _registries
        before, begun = resident(), now()
        stop = asyncio.Event()
        serving = asyncio.create_task(serve([app], stop))
        while not settled(app) or len(table.held()) < loads.PARTITIONS:
            if serving.done():
                raise RuntimeError(f"the application ended with {serving.result()}")
            await asyncio.sleep(0.005)
        recovered = now()
        opened = [open_(table.take(partition), partition)() for partition in table.held()]
        ended = now()
        assert len(opened) == loads.PARTITIONS
        gc.collect()
        sample = Sample(
            records=total,
            seconds=ended[0] - begun[0],
            cpu_s=ended[1] - begun[1],
            more={"log_s": recovered[0] - begun[0], "grown_mib": (resident() - before) / 2**20},
        )
        stop.set()
        await serving
        return sample


def _engines(entries: dict[bytes, bytes], partition: int) -> Callable[[], object]:
    return lambda: Engine(
        discover(), Tokens(loads.SECRET), partition=partition, entries=entries.items()
    )


def _registries(entries: dict[bytes, bytes], partition: int) -> Callable[[], object]:
    contract, tokens = loads.contracts_of("any", "")["hrss-payment"], Tokens(loads.SECRET)
    return lambda: Registry(
        contract, Mapper(contract, tokens), tokens, entries,
        partition=partition, partitions=loads.FEED_PARTITIONS,
    )  # fmt: skip
