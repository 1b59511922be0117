"""``dongjian replay``: what the models say of a file of records and ticks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import BinaryIO

import click
import msgspec

from detectors.framework.registry import discover
from schemas.alert import Transition, encode_transition
from schemas.errors import RecordError
from streams.replay import Replay

#: Every permission that exists: a replay is the deployment of whoever runs it.
PERMISSIONS = ("juvenile", "public_security", "sexual_non_prosecution", "medical", "custody")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.File("rb"))
@click.option(
    "--model", "models", multiple=True, metavar="ID", help="Only this model; may be repeated."
)
@click.option("--history", is_flag=True, help="Print every transition, not the alerts as they end.")
@click.option(
    "--grant",
    "grants",
    multiple=True,
    type=click.Choice(PERMISSIONS),
    help="Permission that the deployment grants; may be repeated. Default: all.",
)
@click.option("--plain", is_flag=True, help="Show identity numbers in clear.")
def command(
    files: tuple[BinaryIO, ...],
    models: tuple[str, ...],
    history: bool,
    grants: tuple[str, ...],
    plain: bool,
) -> None:
    """Run FILES (- for standard input) of JSON lines through the engine and print the alerts.

    A line is a record as it now stands, or says that one is gone, or what day it is and what is
    known to be complete:

    \b
      {"type": "Death", "person": "…", "died_on": "2025-03-10", "authority": "police"}
      {"remove": {"type": "Death", "key": "D1"}}
      {"tick": "2025-06-01", "covered": "2025-05-31"}

    The output has one JSON object a line, the same to the byte for the same input and rule set.
    Exit code 1 when a line could not be used: each is named on standard error, with its reason.
    """
    catalogue = discover()
    if models:
        catalogue = catalogue.only(models)
    replay = Replay(catalogue, grants=grants or PERMISSIONS)
    last: dict[str, Transition] = {}
    failed = False
    for name, number, line in _lines(files):
        try:
            for transition in replay.feed(line):
                last[transition.alert] = transition
                if history:
                    _print(transition, plain)
        except RecordError as error:
            failed = True
            click.echo(f"{name}:{number}: {error}", err=True)
    if not history:
        active = [t for t in last.values() if t.status.active]
        for transition in sorted(active, key=lambda t: (t.model, t.subject, t.obligation)):
            _print(transition, plain)
    sys.exit(1 if failed else 0)


def _lines(files: tuple[BinaryIO, ...]) -> Iterator[tuple[str, int, bytes]]:
    for file in files:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield file.name, number, line


def _print(transition: Transition, plain: bool) -> None:
    shown = transition if plain else msgspec.structs.replace(transition, party_plain="")
    click.echo(encode_transition(shown))
