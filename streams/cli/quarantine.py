"""``dongjian quarantine``: messages that could not be read, and what is to become of them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime

import click
import msgspec

from schemas.contract import Contract
from streams.feeds import contracts_of
from streams.intake.orders import Dismiss, Order, Redrive, encode_order
from streams.intake.quarantine import (
    Quarantine,
    Quarantined,
    Settled,
    masked,
    quarantine_row,
)
from streams.log.client import LogClient, open_client
from streams.settings import Settings, read_settings

#: Between two looks whether an order was carried out.
_POLL_S = 0.2

_feed = click.option("--feed", default="", help="Only of this feed.")
_reason = click.option("--reason", "why", default="", help="Only with this reason.")
_ids = click.argument("ids", nargs=-1)
_every = click.option("--all", "every", is_flag=True, help="Every open message.")
_wait = click.option(
    "--wait", "wait_s", default=30.0, show_default=True, help="Seconds to wait; 0: do not."
)


@click.group()
def command() -> None:
    """List, show, redrive and dismiss messages that could not be read.

    Until one is settled, its record is unreadable for the models; where not even the record is
    known, the coverage of the whole feed stops before it. A message is named
    feed/epoch/partition/offset.
    """


@command.command("list")
@_feed
@_reason
@click.option("--settled", is_flag=True, help="Also what is settled.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, without the rows.")
def list_(feed: str, why: str, settled: bool, as_json: bool) -> None:
    """List quarantined messages by position; H: the feed's coverage is held."""
    quarantine = asyncio.run(_load(read_settings()))
    found = quarantine.open(feed, why, settled=settled)
    for entry in found:
        how = _how(quarantine, entry)
        if as_json:
            click.echo(msgspec.json.encode({**_summary(entry), "status": how}))
        else:
            hold = "H" if entry.holds and how == "open" else " "
            where = f" {entry.column}:" if entry.column else ""
            click.echo(
                f"{_at(entry)}  {hold} {how:<10}  {entry.id}  {entry.reason}"
                f"{where} {masked(entry.detail)}".rstrip()
            )
    if not as_json:
        click.echo(f"{len(found)} messages", err=True)


@command.command()
@click.argument("id")
@click.option("--plain", is_flag=True, help="With identity numbers in clear.")
def show(id: str, plain: bool) -> None:
    """Show one message as it came, with why it was refused and where it stands."""
    quarantine = asyncio.run(_load(read_settings()))
    entry = quarantine.get(id)
    shown = str if plain else masked
    for name, value in {**_summary(entry), "status": _how(quarantine, entry)}.items():
        click.echo(f"{name}: {value}")
    for name, header in entry.message.headers:
        click.echo(f"header {name}: {shown(_text(header))}")
    click.echo(f"key: {shown(_text(entry.message.key))}")
    click.echo(f"value: {shown(_text(entry.message.value))}")


@command.command()
@_ids
@_feed
@_reason
@_every
@_wait
def redrive(ids: tuple[str, ...], feed: str, why: str, every: bool, wait_s: float) -> None:
    """Read messages again, after the contract or the code was repaired and workers restarted.

    Each is applied at its old position, and only if nothing later was. Exit code 1 if any is still
    unsettled when the wait is over.
    """
    settings = read_settings()
    sys.exit(asyncio.run(_order(settings, ids, feed, why, every, wait_s, None)))


@command.command()
@_ids
@_feed
@_reason
@_every
@_wait
@click.option("--because", required=True, help="Why the message may be left unread.")
def dismiss(
    ids: tuple[str, ...], feed: str, why: str, every: bool, wait_s: float, because: str
) -> None:
    """Declare messages void: their records stand as they stood before, coverage goes on.

    Exit code 1 if any is still unsettled when the wait is over.
    """
    settings = read_settings()
    sys.exit(asyncio.run(_order(settings, ids, feed, why, every, wait_s, because)))


async def _order(
    settings: Settings,
    ids: Sequence[str],
    feed: str,
    why: str,
    every: bool,
    wait_s: float,
    because: str | None,
) -> int:
    if not (ids or feed or why or every):
        raise click.UsageError("name messages, or say --feed, --reason or --all")
    contracts = contracts_of(settings)
    async with open_client(settings.broker) as client:
        topic = settings.topics.quarantine
        quarantine = await Quarantine.load(client, topic)
        wanted = [quarantine.get(id) for id in ids] or quarantine.open(feed, why)
        wanted = [entry for entry in wanted if entry.id not in quarantine.settled]
        for entry in wanted:
            await _send(client, settings, contracts, entry, because)
        left = {entry.id for entry in wanted}
        waited = 0.0
        while left and waited < wait_s:
            await asyncio.sleep(_POLL_S)
            waited += _POLL_S
            quarantine = await Quarantine.load(client, topic)
            left -= quarantine.settled.keys()
    for entry in wanted:
        click.echo(f"{entry.id}  {_how(quarantine, entry)}")
    if left and wait_s:
        click.echo(
            f"{len(left)} of {len(wanted)} are still open: `dongjian quarantine list` says why; "
            "if nothing was settled, is an intake worker running?",
            err=True,
        )
    return 1 if left and wait_s else 0


async def _send(
    client: LogClient,
    settings: Settings,
    contracts: Mapping[str, Contract],
    entry: Quarantined,
    because: str | None,
) -> None:
    contract = contracts.get(entry.feed)
    if contract is None or contract.epoch != entry.epoch:
        # Nobody reads it again: no feed of these contracts, or one that was read anew since.
        how = "superseded" if because is None else "dismissed"
        settled = Settled(
            entry.feed, entry.epoch, entry.partition, entry.message.offset,
            "dismissed" if how == "dismissed" else "superseded", because or "",
        )  # fmt: skip
        await client.append(settings.topics.quarantine, 0, [quarantine_row(settled)])
        return
    order: Order
    if because is None:
        order = Redrive(entry.epoch, entry.message)
    else:
        order = Dismiss(entry.epoch, entry.message.offset, because)
    control = settings.topics.control(entry.feed, entry.epoch)
    await client.append(control, entry.partition, [(None, encode_order(order))])


async def _load(settings: Settings) -> Quarantine:
    async with open_client(settings.broker) as client:
        return await Quarantine.load(client, settings.topics.quarantine)


def _how(quarantine: Quarantine, entry: Quarantined) -> str:
    settled = quarantine.settled.get(entry.id)
    return settled.how if settled is not None else "open"


def _summary(entry: Quarantined) -> dict[str, object]:
    return {
        "id": entry.id,
        "at": _at(entry),
        "reason": entry.reason,
        "column": entry.column,
        "detail": masked(entry.detail),
        "rows": entry.rows,
        "holds_coverage": entry.holds,
    }


def _at(entry: Quarantined) -> str:
    return (
        datetime.fromtimestamp(entry.message.timestamp_ms / 1000)
        .astimezone()
        .isoformat(timespec="seconds")
    )


def _text(data: bytes | None) -> str:
    return "–" if data is None else data.decode(errors="backslashreplace")
