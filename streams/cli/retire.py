"""``dongjian retire``: the end of a feed's old epoch."""

from __future__ import annotations

import asyncio
import time

import click

from schemas.errors import SettingsError
from schemas.subject import Tokens
from streams.feeds import contracts_of
from streams.intake.epochs import retire
from streams.log.client import open_client
from streams.settings import Settings, read_settings


@click.command()
@click.argument("feed")
@click.option("--epoch", type=click.IntRange(1), required=True, help="The old epoch.")
def command(feed: str, epoch: int) -> None:
    """Sweep what only the old EPOCH of FEED knew, after the new one has been read.

    A topic that was created again, a changed partition count, key, subject or field mapping is a
    new epoch in the feed's contract. Workers then read the feed again; records that it no longer
    shows stay until this command has run. Where a removal means expiry, nothing is swept.
    """
    settings = read_settings()
    count = asyncio.run(_run(settings, feed, epoch))
    click.echo(f"{count} changes sent")


async def _run(settings: Settings, feed: str, epoch: int) -> int:
    contracts = contracts_of(settings)
    if feed not in contracts:
        raise SettingsError(f"no feed {feed!r}; there are {', '.join(sorted(contracts))}")
    tokens, now_ms = Tokens(settings.secret), int(time.time() * 1000)
    async with open_client(settings.broker) as client:
        return await retire(client, settings.topics, contracts[feed], tokens, epoch, now_ms)
