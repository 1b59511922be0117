"""``dongjian alerts``: what Redis holds, listed and in full."""

from __future__ import annotations

import asyncio
import contextlib
import sys

import click
from rich.console import Console
from rich.table import Table

from schemas.alert import Transition, encode_transition
from streams.console.alert import panel
from streams.delivery.store import AlertStore
from streams.local.redis import redis_for
from streams.settings import read_settings
from streams.subscribe import Subscription


@click.group()
def command() -> None:
    """List alerts (监督线索) and show one in full."""


@command.command("list")
@click.option("--model", help="Only alerts of this model.")
@click.option("--all", "ended", is_flag=True, help="Also those that ended.")
@click.option("--lang", type=click.Choice(("zh", "en")), default="zh", show_default=True)
@click.option("--limit", type=int, default=50, show_default=True)
def list_(model: str | None, ended: bool, lang: str, limit: int) -> None:
    """List the alerts that hold or are cured."""
    found = [
        alert
        for alert in asyncio.run(_all())
        if (ended or alert.status.active) and (model is None or alert.model == model)
    ]
    found.sort(key=lambda a: (a.model, -a.amount_fen, a.alert))
    table = Table(title=f"{len(found)} alerts")
    table.add_column("id", no_wrap=True, min_width=12)  # what `show` takes: enough to be unique
    for column in ("model", "status", "rev", "title", "party"):
        table.add_column(column)
    for alert in found[:limit]:
        text = alert.texts.get(lang)
        title = text.title if text else alert.obligation
        revision = str(alert.revision)
        table.add_row(alert.alert, alert.model, alert.status, revision, title, alert.party)
    Console().print(table)
    if len(found) > limit:
        click.echo(f"… and {len(found) - limit} more: --limit", err=True)


@command.command()
@click.argument("id")
@click.option("--lang", type=click.Choice(("zh", "en")), default="zh", show_default=True)
def show(id: str, lang: str) -> None:
    """Show one alert in full; ID may be shortened to what is unique."""
    found = [alert for alert in asyncio.run(_all()) if alert.alert.startswith(id)]
    if len(found) != 1:
        click.echo(f"{len(found)} alerts begin with {id!r}", err=True)
        sys.exit(1)
    Console().print(panel(found[0], lang))


@command.command()
@click.option("--agency", help="Only alerts against the organ of this code.")
@click.option("--group", default="console", show_default=True, help="Readers who share the work.")
@click.option("--consumer", default="console", show_default=True, help="Name within the group.")
@click.option("--lang", type=click.Choice(("zh", "en")), default="zh", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print each transition whole, as JSON.")
@click.option("--count", type=int, help="Stop after so many.")
def follow(
    agency: str | None, group: str, consumer: str, lang: str, as_json: bool, count: int | None
) -> None:
    """Print each transition as it comes, first those that the group has not seen.

    A group that is named for the first time begins with the first alert there ever was.
    """
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_follow(agency, group, consumer, lang, as_json, count))


async def _follow(
    agency: str | None, group: str, consumer: str, lang: str, as_json: bool, count: int | None
) -> None:
    settings = read_settings()
    seen = 0
    with redis_for(settings.redis_url, settings.data / "redis") as url:
        store = AlertStore(url, settings.topics.prefix)
        stream = store.agency_stream(agency) if agency else None
        try:
            async for told in Subscription(store, group, consumer, stream).read():
                click.echo(encode_transition(told) if as_json else _line(told, lang))
                seen += 1
                if seen == count:
                    return
        finally:
            await store.close()


def _line(told: Transition, lang: str) -> str:
    text = told.texts.get(lang)
    kind = f"{told.kind} ({told.reason})" if told.reason else str(told.kind)
    title = text.title if text else told.obligation
    return f"{told.alert} {told.model} r{told.revision} {kind} {title} {told.party}"


async def _all() -> list[Transition]:
    settings = read_settings()
    with redis_for(settings.redis_url, settings.data / "redis") as url:
        store = AlertStore(url, settings.topics.prefix)
        try:
            return [alert async for alert in store.all()]
        finally:
            await store.close()
