"""``dongjian redeliver``: Redis again from the ledger."""

from __future__ import annotations

import asyncio

import click
from rich.console import Console
from rich.progress import Progress

from streams.delivery.rebuild import rebuild
from streams.delivery.store import AlertStore
from streams.local.redis import redis_for
from streams.log.client import open_client
from streams.settings import Settings, read_settings


@click.command()
@click.option("--reset", is_flag=True, help="Delete what Redis holds under the prefix first.")
@click.confirmation_option(
    "--yes", prompt="Deliver the whole ledger to Redis again?", help="Do not ask."
)
def command(reset: bool) -> None:
    """Deliver every transition of the ledger to Redis again.

    What Redis has already is dropped by revision, so it may run beside the workers. Subscribers of
    a stream that was reset get everything again and drop what they have seen by revision too.
    """
    settings = read_settings()
    asyncio.run(_run(settings, reset))


async def _run(settings: Settings, reset: bool) -> None:
    console = Console(stderr=True)
    topic = settings.topics.alerts
    with redis_for(settings.redis_url, settings.data / "redis") as url:
        store = AlertStore(url, settings.topics.prefix)
        try:
            if reset:
                console.print(f"deleted {await store.forget()} keys")
            async with open_client(settings.broker) as client:
                await store.belongs_to(await client.topic_id(topic))
                ends = await client.end_offsets(topic)
                with Progress(console=console) as progress:
                    task = progress.add_task("delivering", total=sum(ends.values()))
                    for partition, end in sorted(ends.items()):
                        count = await rebuild(
                            client, topic, partition, store, 0, end,
                            lambda done: progress.advance(task, done),
                        )  # fmt: skip
                        progress.console.print(f"partition {partition}: {count} transitions")
        finally:
            await store.close()
