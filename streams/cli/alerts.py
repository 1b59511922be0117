"""``dongjian alerts``: what Redis holds, listed and in full."""

from __future__ import annotations

import asyncio
import sys

import click
from rich.console import Console
from rich.table import Table

from schemas.alert import Transition
from streams.console.alert import panel
from streams.delivery.store import AlertStore
from streams.local.redis import redis_for
from streams.settings import read_settings


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
    table = Table("id", "model", "status", "rev", "title", "party", title=f"{len(found)} alerts")
    for alert in found[:limit]:
        text = alert.texts.get(lang)
        title = text.title if text else alert.obligation
        table.add_row(alert.alert, alert.model, alert.status, str(alert.revision), title, alert.party)
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


async def _all() -> list[Transition]:
    settings = read_settings()
    with redis_for(settings.redis_url, settings.data / "redis") as url:
        store = AlertStore(url, settings.topics.prefix)
        try:
            return [alert async for alert in store.all()]
        finally:
            await store.close()
