"""``dongjian doctor``: what is wrong with this deployment, and what mends it."""

from __future__ import annotations

import asyncio
import sys

import click
from rich.console import Console
from rich.table import Table

from detectors.framework.registry import discover
from streams.doctor import Check, examine
from streams.settings import read_settings

_STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}


@click.command()
@click.option("--quiet", is_flag=True, help="Only what is wrong.")
def command(quiet: bool) -> None:
    """Look at settings, feeds, calendar, broker, topics, rule set, lag and Redis.

    Exit code 0 when nothing failed (warnings may stand), 1 otherwise.
    """
    found = asyncio.run(_examine())
    table = Table("", "what", "what mends it", show_edge=False)
    for check in found:
        if not quiet or check.verdict != "ok":
            style = _STYLES[check.verdict]
            table.add_row(f"[{style}]{check.verdict}[/]", check.what, check.fix)
    Console().print(table)
    sys.exit(1 if any(check.verdict == "fail" for check in found) else 0)


async def _examine() -> list[Check]:
    return [check async for check in examine(read_settings(), discover())]
