"""``dongjian activate``: makes every partition run this version and these decisions."""

from __future__ import annotations

import asyncio

import click

from detectors.framework.registry import discover
from streams.activation import activate
from streams.feeds import contracts_of
from streams.log.client import open_client
from streams.settings import read_settings
from streams.worker import provision


@click.command()
def command() -> None:
    """Send the rules message of this version, with the grants and dates of these settings.

    Every dossier is looked at again under the new rules, so a new or changed model covers history.
    To upgrade: install the new version and run this; workers of the old version finish what lies
    before the message and end with exit code 78; start the new ones. Nothing happens when all is
    active already.
    """
    settings = read_settings()
    contracts = contracts_of(settings)

    async def run() -> None:
        async with open_client(settings.broker) as client:
            await provision(client, settings, contracts)
            rules = await activate(client, settings, discover(), contracts)
        grants = ", ".join(rules.grants) or "none"
        click.echo(f"rule set {rules.number} active, code {rules.hash}, grants: {grants}")

    asyncio.run(run())
