"""``dongjian models``: list, show, test and start the models that run here."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from detectors.framework.articles import Entry, articles_beside, used_by
from detectors.framework.registry import Model, discover
from detectors.framework.suite import report
from streams.console.models import articles_table, checked, listing, sheet
from streams.starter import start_in_pack, start_model

#: Columns where the output is no terminal, so that a file has whole lines.
_WIDE = 160


@click.group()
def command() -> None:
    """Models: what runs here, ours and those of installed packs.

    A model is a module, its card (NAME.toml) and its cases (NAME.cases.toml). A pack is any
    distribution with an entry point in the group `dongjian.detectors` that names its package.
    """


@command.command(name="list")
@click.option("--pack", default="", metavar="DISTRIBUTION", help="Only the models it brings.")
def list_models(pack: str) -> None:
    """List the models: titles, subject, records, permissions, rules and where each comes from.

    "unverified" counts the parameters that are law and whose wording was not read in a full text.
    """
    catalogue = discover()
    _console().print(listing(catalogue.of(pack) if pack else catalogue.models))


@command.command()
@click.argument("name")
def show(name: str) -> None:
    """Show the whole card of the model NAME (D03, or its module's name), in both languages.

    Each parameter has its article, since when it holds, and whether it is verified; a rule that is
    off by default, or rests on something unverified, says so.
    """
    model = discover().named(name)
    _console().print(sheet(model, articles_beside(model.path.parent)))


@command.command()
@click.argument("names", nargs=-1)
@click.option("--pack", default="", metavar="DISTRIBUTION", help="The models that it brings.")
def test(names: tuple[str, ...], pack: str) -> None:
    """Run the cases and the contract of the models NAMES, or of all that --pack brings.

    The contract: every rule and excuse has a case, every fact a text, every legal row its article;
    answers depend on nothing but rows, law and the days asked for. Exit code 1 if anything is
    wrong.
    """
    if bool(names) == bool(pack):
        raise click.UsageError("name models, or say --pack DISTRIBUTION")
    catalogue = discover()
    wanted = catalogue.of(pack) if pack else tuple(map(catalogue.named, names))
    sys.exit(1 if _problems(wanted) else 0)


@command.command()
@click.argument("name")
@click.option("--id", "id_", default="", help="The model's id; else the first free one: X01, X02 …")
@click.option(
    "--pack",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write into this distribution of your own; it is made where there is none.",
)
def new(name: str, id_: str, pack: Path | None) -> None:
    """Write a small, complete model: NAME.py, its card NAME.toml and its cases NAME.cases.toml.

    It keeps the contract as it stands; change it from there, and run `dongjian models test NAME`
    after each step. Without --pack it is written into this checkout's detectors/. Nothing that
    exists is overwritten.
    """
    catalogue = discover()
    if pack is None:
        written = start_model(name, id_, catalogue)
        following = [f"dongjian models test {name}"]
    else:
        written = start_in_pack(name, id_, pack, catalogue)
        install = f"pip install --no-deps --no-build-isolation -e {pack}"
        following = [install, f"dongjian models test {name}"]
    for path in written:
        click.echo(f"wrote {path}")
    click.echo("next: " + "\n      ".join(following))


@command.command()
@click.option("--unused", is_flag=True, help="Only those on which no model rests.")
def articles(unused: bool) -> None:
    """List the articles of law that cards may name, and the models that rest on each."""
    models = discover().models
    used = used_by(model.card for model in models)
    known: dict[str, Entry] = {}
    for folder in sorted({model.path.parent for model in models}):
        known.update(articles_beside(folder))
    _console().print(
        articles_table((e for e in known.values() if not (unused and e.id in used)), used)
    )


def _problems(models: tuple[Model, ...]) -> int:
    console, total = _console(), 0
    for model in models:
        lines, count = checked(model, report(model))
        console.print(lines)
        total += count
    plural = "s" * (len(models) != 1), "s" * (total != 1)
    console.print(f"{len(models)} model{plural[0]}, {total} problem{plural[1]}", style="bold")
    return total


def _console() -> Console:
    console = Console(highlight=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=_WIDE)
