"""``dongjian kafka``: an Apache Kafka on this machine, from Maven, for trying things out."""

from __future__ import annotations

from pathlib import Path

import click

from streams.local.kafka import LocalKafka, fetch_jars

_data_dir = click.option(
    "--dir",
    "data_dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".dongjian/kafka"),
    show_default=True,
    help="Folder of the broker's settings, data and log.",
)


@click.group(name="kafka")
def command() -> None:
    """Run an Apache Kafka on this machine (one broker; needs Java 17 and, once, Maven)."""


@command.command()
@_data_dir
@click.option("--port", type=click.IntRange(1, 65535), help="Default: 9092; kept afterwards.")
def start(data_dir: Path, port: int | None) -> None:
    """Start the broker and return; it runs on until `stop`."""
    kafka = LocalKafka(data_dir, port=port or 9092, detached=True)
    if kafka.pid is None:
        kafka.start()
    click.echo(f"Kafka runs: {kafka.url} (pid {kafka.pid}, log {kafka.log_path})")
    if port is not None and kafka.port != port:
        click.echo(
            f"It was set up on port {kafka.port} and stays there; another --dir can have {port}.",
            err=True,
        )


@command.command()
@_data_dir
def stop(data_dir: Path) -> None:
    """Stop the broker; its data stay."""
    kafka = LocalKafka(data_dir, detached=True)
    running = kafka.pid is not None
    kafka.stop()
    click.echo("Kafka stopped." if running else "Kafka was not running.")


@command.command()
@_data_dir
@click.pass_context
def status(context: click.Context, data_dir: Path) -> None:
    """Say whether the broker runs and where; exit code 1 when it does not."""
    kafka = LocalKafka(data_dir, detached=True)
    if kafka.pid is None:
        click.echo("Kafka is not running.")
        context.exit(1)
    click.echo(f"Kafka runs: {kafka.url} (pid {kafka.pid}, {kafka.rss_bytes >> 20} MiB)")


@command.command()
def fetch() -> None:
    """Fetch Kafka's jars (43 MB) now and not at the first start."""
    click.echo(f"Kafka's jars are in {fetch_jars()}")
