"""``dongjian demo``: two years of a synthetic district through a whole deployment, judged."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click
from rich.console import Console

#: Enough to see it work, few enough for a minute: 100 000 messages, and half of that.
_PEOPLE = {"embedded": 5_000, "kafka": 2_000}

#: Columns of the summary where there is no terminal to say how many.
_PLAIN_WIDTH = 110


@click.command("demo")
@click.option(
    "--broker",
    default="embedded",
    show_default=True,
    type=click.Choice(["embedded", "kafka"]),
    help="The embedded log, or an Apache Kafka started for it (needs Java and, once, Maven).",
)
@click.option(
    "--people",
    type=click.IntRange(min=1),
    help=f"People; default: {_PEOPLE['embedded']}, through Kafka {_PEOPLE['kafka']}.",
)
@click.option("--seed", default=1, show_default=True, help="Another seed is another district.")
@click.option(
    "--seconds",
    default=40.0,
    show_default=True,
    type=click.FloatRange(min=0, min_open=True),
    help="How long the two years take, if the machine keeps up.",
)
@click.option("--speed", metavar="DAYS/S", help="Instead: simulated days a second, or max.")
@click.option(
    "--lang",
    default="both",
    show_default=True,
    type=click.Choice(["zh", "en", "both"]),
    help="Language of the alerts.",
)
@click.option(
    "--keep",
    default=Path(".dongjian/demo"),
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of its data, to look at afterwards; emptied by the next demonstration.",
)
@click.option("--plain", is_flag=True, help="Lines instead of a live view, as without a terminal.")
def command(
    broker: str, people: int | None, seed: int, seconds: float, speed: str | None, lang: str,
    keep: Path, plain: bool,
) -> None:  # fmt: skip
    """Watch two years of an invented district go by, and see what is found.

    One process with all roles takes in what the agencies send, dirt included, runs every model, and
    hands alerts to a Redis of its own. At the end what was found is held against what was planted.
    Exit code 1 if something planted was not found, or something found was not planted.
    """
    from streams.demo.closing import close
    from streams.demo.deployment import deployment, prepare
    from streams.demo.lines import PlainLines
    from streams.demo.run import demonstrate
    from streams.demo.screen import LiveScreen
    from streams.demo.titles import model_titles
    from streams.district import District
    from streams.logs import set_up_logs

    people = people or _PEOPLE[broker]
    folder = prepare(keep)
    set_up_logs("json", path=folder / "worker.log")
    district = District(seed, people)
    days = (district.window.until - district.window.since).days
    days_per_s = _days_per_s(speed, days / seconds)
    titles = model_titles("zh" if lang == "zh" else "en")
    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, _PLAIN_WIDTH)
    screen = (
        PlainLines(lang) if plain or not console.is_terminal else LiveScreen(console, lang, titles)
    )
    click.echo(
        f"{people:,} people, {sum(district.played.values())} lives out of the ordinary, "
        f"{len(district.truth)} planted alerts; data in {keep}"
    )
    with deployment(folder, broker) as place, screen:  # type: ignore[arg-type]  # as click chose
        result = asyncio.run(demonstrate(place, district, days_per_s, screen))
    close(console, result, lang, titles, keep)
    sys.exit(0 if result.verdict.right and not result.scene.sight.failures else 1)


def _days_per_s(speed: str | None, usual: float) -> float | None:
    if speed is None:
        return usual
    if speed == "max":
        return None
    try:
        days = float(speed)
    except ValueError:
        days = 0
    if not days > 0:
        raise click.BadParameter(
            f"{speed!r}: days a second, such as 20, or max", param_hint="speed"
        )
    return days
