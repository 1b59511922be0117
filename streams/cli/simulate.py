"""``dongjian simulate``: play the synthetic district into files, the log, or PostgreSQL."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from streams.district import (
    SINCE,
    UNTIL,
    District,
    Event,
    Rendering,
    write_contracts,
)
from streams.district.tables import TABLES
from streams.district.writing import FileWriter, LogWriter, ensure_topics, paced

_DAY = click.DateTime(["%Y-%m-%d"])
_LINE_EVERY_S = 2.0


class _Report(Protocol):
    def __call__(self, day: date, events: int) -> None: ...


@click.command("simulate")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same bytes.")
@click.option(
    "--people",
    default=5_000,
    show_default=True,
    type=click.IntRange(min=1),
    help="People who live in the district.",
)
@click.option(
    "--organisations",
    type=click.IntRange(min=0),
    help="Organisations that are registered in it.  [default: a tenth of the people]",
)
@click.option(
    "--since",
    default=f"{SINCE}",
    show_default=True,
    type=_DAY,
    help="First day: what is older comes as a snapshot.",
)
@click.option("--until", default=f"{UNTIL}", show_default=True, type=_DAY, help="Last day.")
@click.option(
    "--speed",
    default="max",
    show_default=True,
    metavar="DAYS/S",
    help="Simulated days a second, or max.",
)
@click.option(
    "--to",
    "target",
    default="files",
    show_default=True,
    type=click.Choice(["files", "log", "kafka", "postgres"]),
    help="log and kafka: the log that --broker names.",
)
@click.option(
    "--envelope",
    default="any",
    show_default=True,
    type=click.Choice(["any", "debezium", "canal", "maxwell", "plain"]),
    help="any: each agency's own, so that all four occur.",
)
@click.option(
    "--out",
    default="district",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder for --to files.",
)
@click.option(
    "--broker",
    envvar="DONGJIAN_BROKER",
    show_envvar=True,
    help="kafka://host:port or embedded://path/log.db, for --to log or kafka.",
)
@click.option(
    "--partitions",
    default=4,
    show_default=True,
    type=click.IntRange(min=1),
    help="Partitions of agency topics that do not exist yet.",
)
@click.option(
    "--url",
    envvar="DATABASE_URL",
    show_envvar=True,
    help="PostgreSQL, for --to postgres. Its schemas of the agencies are made anew.",
)
@click.option(
    "--contracts",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Also write the feed contracts that fit (for DONGJIAN_FEEDS).",
)
@click.option(
    "--truth",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write the planted alerts, as JSON lines.",
)
@click.option("--clean", is_flag=True, help="Without repeats, re-sent history and broken messages.")
def command(
    seed: int, people: int, organisations: int | None, since: datetime, until: datetime,
    speed: str, target: str,
    envelope: str, out: Path, broker: str | None, partitions: int, url: str | None,
    contracts: Path | None, truth: Path | None, clean: bool,
) -> None:  # fmt: skip
    """Play an invented district: people, agencies, and years of their records.

    Violations of every rule are planted, cured and withdrawn ones too, beside look-alikes that are
    lawful, and the dirt of real feeds: repeats, late and corrected rows, wrong identity numbers put
    right, unreadable rows, deletions, re-sent history, a re-snapshot, a connector that stands still
    for weeks. All people are invented: the region code of their numbers is assigned to no county.

    \b
    Look at what agencies send:
      dongjian simulate --people 500 --out district
      dongjian decode --with-key --envelope canal district/agency.civil.sh_ff.tsv | head
    Feed a running deployment, a hundred days a second:
      dongjian simulate --to kafka --broker kafka://localhost:9092 --speed 100
    Keep what a correct monitor must find:
      dongjian simulate --truth truth.jsonl
    """
    days_per_s = _speed(speed)
    started = time.monotonic()
    district = District(
        seed, people, since.date(), until.date(), organisations=organisations, dirty=not clean
    )
    _tell(
        f"{people} people, {len(district.organisations)} organisations, "
        f"{sum(district.played.values())} lives, {len(district.truth)} planted alerts"
    )
    for life, reason in sorted(district.skipped.items()):
        _tell(f"left out: {life}: {reason}")
    if contracts is not None:
        write_contracts(
            contracts, envelope="" if envelope == "any" else envelope, since=since.date()
        )
        _tell(f"contracts of {len(TABLES)} feeds in {contracts}")
    if truth is not None:
        truth.write_bytes(b"".join(msgspec.json.encode(x) + b"\n" for x in district.truth))
        _tell(f"planted alerts in {truth}")
    with _progress(district) as report:
        if target == "files":
            count = _to_files(district, envelope, out, days_per_s, report)
            where = f"{len(TABLES)} files in {out}"
        elif target == "postgres":
            where, count = _to_postgres(district, url, days_per_s, report)
        else:
            where = broker or ""
            work = _to_log(district, envelope, broker, partitions, days_per_s, report)
            count = asyncio.run(work)
    took = time.monotonic() - started
    _tell(f"{count} messages to {where} in {took:.1f} s ({count / max(took, 0.001):,.0f}/s)")


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        days = float(text)
    except ValueError:
        days = 0
    if not days > 0:
        raise click.BadParameter(f"{text!r}: days a second, such as 10, or max", param_hint="speed")
    return days


def _batches(
    district: District, days_per_s: float | None, report: _Report, *, clean: bool = False
) -> Iterator[list[Event]]:
    total = 0
    for events in paced(district.changes() if clean else district.events(), days_per_s):
        yield events
        total += len(events)
        report(events[-1].day, total)


def _to_files(
    district: District, envelope: str, out: Path, days_per_s: float | None, report: _Report
) -> int:
    with FileWriter(out, Rendering(envelope)) as files:
        return sum(files.write(events) for events in _batches(district, days_per_s, report))


async def _to_log(
    district: District,
    envelope: str,
    broker: str | None,
    partitions: int,
    days_per_s: float | None,
    report: _Report,
) -> int:
    from streams.log.client import open_client

    if not broker:
        raise click.UsageError("--to log and --to kafka need --broker or DONGJIAN_BROKER")
    async with open_client(broker) as client:
        counts = await ensure_topics(client, partitions)
        writer = LogWriter(client, Rendering(envelope), counts)
        count = 0
        for events in _batches(district, days_per_s, report):
            count += await writer.write(events)
        return count


def _to_postgres(
    district: District, url: str | None, days_per_s: float | None, report: _Report
) -> tuple[str, int]:
    from streams.district.writing.postgres import PostgresWriter, connect

    if not url:
        raise click.UsageError("--to postgres needs --url or DATABASE_URL")
    with connect(url) as connection:
        writer = PostgresWriter(connection)
        writer.create()
        count = 0
        for events in _batches(district, days_per_s, report, clean=True):
            count += writer.load(e for e in events if e.op == "snapshot")
            count += writer.play(e for e in events if e.op != "snapshot")
        return connection.info.dbname, count


def _tell(line: str) -> None:
    click.echo(line, err=True)


@contextmanager
def _progress(district: District) -> Iterator[_Report]:
    """A bar on a terminal, a line every few seconds elsewhere; both on standard error."""
    window = district.window
    days = (window.until - window.since).days
    if sys.stderr.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(f"{window.since}", total=days)

            def draw(day: date, events: int) -> None:
                done = (day - window.since).days
                bar.update(task, completed=done, description=f"{day}  {events:>9,} messages")

            yield draw
        return
    told = time.monotonic()

    def say(day: date, events: int) -> None:
        nonlocal told
        if time.monotonic() - told >= _LINE_EVERY_S:
            told = time.monotonic()
            _tell(f"{day}: {events} messages")

    yield say
