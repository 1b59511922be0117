"""``python -m tests.catalogue``: play a big district through all models and keep the table."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from streams.district import District
from tests.catalogue.chosen import with_lives
from tests.catalogue.markdown import STORED, catalogue_table
from tests.catalogue.run import play

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--people", default=50_000, show_default=True)
@click.option("--organisations", default=5_000, show_default=True)
@click.option("--since", default="2023-01-01", show_default=True, type=_DAY)
@click.option("--until", default="2025-12-31", show_default=True, type=_DAY)
@click.option("--seed", default=1, show_default=True)
@click.option("--model", "models", multiple=True, help="Only this one; may be given again.")
@click.option(
    "--to",
    default=STORED,
    show_default=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the table is kept as JSON; the README is made from the one in tests/data.",
)
def command(
    people: int, organisations: int, since: datetime, until: datetime, seed: int,
    models: tuple[str, ...], to: Path,
) -> None:  # fmt: skip
    """Play the district's messages through intake and engine; write planted against found.

    Ends with 1 where a planted alert was not told as planned, or one was told that nobody planted.
    """
    console = Console(stderr=True)
    catalogue = with_lives()
    if models:
        catalogue = catalogue.only(models)
    district = District(
        seed, people, since.date(), until.date(), organisations=organisations,
        models=models or None,
    )  # fmt: skip
    window = district.window
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(f"{window.since}", total=(window.until - window.since).days)

        def told(day: date, messages: int) -> None:
            done = (day - window.since).days
            bar.update(task, completed=done, description=f"{day}  {messages:>9,} messages")

        table, mistakes = play(district, catalogue, told)
    for life, reason in sorted(district.skipped.items()):
        console.print(f"left out: {life}: {reason}", markup=False)
    for mistake in mistakes[:200]:
        console.print(
            f"{mistake.model} {mistake.rule} ({mistake.life}): {mistake.what}", markup=False
        )
    to.write_bytes(msgspec.json.format(msgspec.json.encode(table), indent=1) + b"\n")
    click.echo("\n".join(catalogue_table(table, "en")))
    sys.exit(1 if mistakes else 0)


if __name__ == "__main__":
    command()
