"""``dongjian coverage``: how far each feed is complete, and taking back what proved wrong."""

from __future__ import annotations

import asyncio
import sys
from datetime import date, datetime, timedelta

import click
from msgspec.structs import replace

from schemas.errors import SettingsError
from streams.coverage_report import Line, report
from streams.feeds import contracts_of
from streams.intake.orders import TakeBack, encode_order
from streams.intake.statements import Hold, Statements, statement_row
from streams.log.client import open_client
from streams.settings import Settings, read_settings

#: Between two looks whether an order was carried out.
_POLL_S = 0.2

#: Partition of an operator's hold: it stands for no message, and is told by its number.
_OPERATOR = -1


@click.group()
def command() -> None:
    """Show how far feeds are complete, and take back what proved wrong.

    An absence is told only as far as the feeds that would show the act are complete. What a feed
    says counts less its lag, and before whatever holds it up.
    """


@command.command()
@click.argument("feed", required=False, default="")
def show(feed: str) -> None:
    """Show each feed's coverage: since, until, its number, what holds it up and what waits."""
    settings = read_settings()
    lines = asyncio.run(_report(settings, feed))
    for line in lines:
        click.echo(line.text)
    if not lines:
        raise SettingsError(f"no feed {feed!r}; `dongjian feeds list` says which there are")


@command.command("take-back")
@click.argument("feed")
@click.option("--until", required=True, help="The last day that is known to be complete.")
@click.option("--because", required=True, help="Why; `dongjian coverage show` says it.")
@click.option(
    "--wait", "wait_s", default=30.0, show_default=True, help="Seconds to wait; 0: do not."
)
def take_back(feed: str, until: str, because: str, wait_s: float) -> None:
    """Say that FEED was complete only up to a day, whatever it said.

    Alerts that stand on later days are withdrawn (COVERAGE). It stays so, whatever the source says
    from now on, until `dongjian coverage release`. Exit code 1 if no intake worker has carried it
    out when the wait is over.
    """
    day = _day(until)
    sys.exit(asyncio.run(_take_back(read_settings(), feed, day, because, wait_s)))


@command.command()
@click.argument("feed")
def release(feed: str) -> None:
    """Let FEED's own statements count again after a take-back: what was missing is there."""
    if not asyncio.run(_release(read_settings(), feed)):
        raise click.ClickException(f"nothing was taken back of feed {feed!r}")
    click.echo(f"{feed}: what the source says counts again")


async def _report(settings: Settings, feed: str) -> list[Line]:
    async with open_client(settings.broker) as client:
        return await report(client, settings, contracts_of(settings), feed)


async def _take_back(
    settings: Settings, feed: str, until: date, because: str, wait_s: float
) -> int:
    contracts = contracts_of(settings)
    if feed not in contracts:
        raise SettingsError(f"no feed {feed!r}; there are {', '.join(sorted(contracts))}")
    contract, topics = contracts[feed], settings.topics
    async with open_client(settings.broker) as client:
        statements = await Statements.load(client, topics.coverage)
        said = statements.said().get(feed)
        if said is None:
            raise SettingsError(f"feed {feed!r} has said nothing that could be taken back")
        # The hold comes first: a statement that is on its way must not undo what follows.
        number = statements.last_number(feed) + 1
        day = until + timedelta(days=1)
        hold = Hold(feed, contract.epoch, _OPERATOR, number, day, because)
        await client.append(topics.coverage, 0, [statement_row(hold)])
        order = TakeBack(until, number)
        control = topics.control(feed, contract.epoch)
        for partition in sorted(await client.end_offsets(control)):
            await client.append(control, partition, [(None, encode_order(order))])
        waited = 0.0
        while said.number < order.number and waited < wait_s:
            await asyncio.sleep(_POLL_S)
            waited += _POLL_S
            await statements.refresh(client)
            said = statements.said()[feed]
    if said.number >= order.number:
        click.echo(f"{feed}: complete until {said.until}, number {said.number}")
    elif wait_s:
        click.echo(f"{feed}: not carried out yet; is an intake worker running?", err=True)
        return 1
    return 0


async def _release(settings: Settings, feed: str) -> bool:
    async with open_client(settings.broker) as client:
        statements = await Statements.load(client, settings.topics.coverage)
        taken = [hold for hold in statements.held(feed) if hold.partition == _OPERATOR]
        for hold in taken:
            lifted = statement_row(replace(hold, day=None))
            await client.append(settings.topics.coverage, 0, [lifted])
        return bool(taken)


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # a day has no zone
    except ValueError:
        raise SettingsError(f"--until: {text!r} is no day; legal: 2025-06-20") from None
