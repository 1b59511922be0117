"""``python -m tests.bench``: measure, and print the tables."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import click

from streams.local.kafka import missing_programs
from tests.bench.bench import Bench
from tests.bench.machine import this_machine
from tests.bench.plan import EMBEDDED, FULL, KAFKA, MEASURES, QUICK
from tests.bench.report import markdown, print_report


@click.command()
@click.option("--quick", is_flag=True, help="One run of each, smaller loads: under three minutes.")
@click.option(
    "--only",
    multiple=True,
    metavar="NAME",
    help=f"Only measures that begin so; may be repeated: {', '.join(m.name for m in MEASURES)}.",
)
@click.option(
    "--broker",
    type=click.Choice([EMBEDDED, KAFKA, "both"]),
    default="both",
    show_default=True,
    help="The log: one SQLite file, or an Apache Kafka that is started here.",
)
@click.option("--runs", type=click.IntRange(min=1), help="Runs of each instead of three.")
@click.option(
    "--markdown",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the tables to a Markdown file.",
)
def command(
    quick: bool, only: tuple[str, ...], broker: str, runs: int | None, file: Path | None
) -> None:
    """Measure every stage, latency, recovery and memory, beside two yardsticks.

    Nothing else should run on the machine. Needs Java and Maven for Kafka; everything is started,
    filled and thrown away in a temporary folder.
    """
    machine = this_machine()
    size = QUICK if quick else FULL
    if runs:
        size = type(size)(
            runs, size.people, size.state_rows, size.stock_records, runs, size.latency_s, runs
        )
    brokers = (EMBEDDED, KAFKA) if broker == "both" else (broker,)
    if KAFKA in brokers and (missing := missing_programs()):
        raise click.ClickException(f"{missing}; or --broker embedded")
    began = time.monotonic()

    def tell(line: str) -> None:
        click.echo(f"{time.monotonic() - began:5.0f} s  {line}", err=True)

    with tempfile.TemporaryDirectory(prefix="dongjian-bench-") as folder:
        bench = Bench(Path(folder), size, brokers, tell)
        if not bench.cases(only):
            raise click.UsageError(f"nothing begins with {', '.join(only)}")
        bench.run(only)
    print_report(bench, machine, size)
    if file is not None:
        file.write_text(markdown(bench, machine, size), encoding="utf-8")
    sys.exit(1 if bench.failed else 0)


if __name__ == "__main__":
    command()
