"""``dongjian demo-cdc``: PostgreSQL, Debezium, Kafka, a worker, and live SQL with its alerts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text

if TYPE_CHECKING:
    from streams.demo.cdc import Loaded, Told
    from streams.demo.cdc_story import Step

#: An identity number, of which only the ends are shown.
_NUMBER = re.compile(r"\b(\d{4})\d{10}(\d{3}[\dX])\b")


#: Columns where there is no terminal to say how many.
_PLAIN_WIDTH = 110


@click.command("demo-cdc")
@click.option("--people", default=2_000, show_default=True, type=click.IntRange(min=1))
@click.option("--seed", default=1, show_default=True, help="Another seed is another district.")
@click.option(
    "--lang", default="both", show_default=True, type=click.Choice(["zh", "en", "both"]),
    help="Language of the alerts.",
)  # fmt: skip
@click.option(
    "--keep",
    default=Path(".dongjian/demo-cdc"),
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of its data and logs; emptied by the next demonstration.",
)
def command(people: int, seed: int, lang: str, keep: Path) -> None:
    """Change agencies' tables by SQL, and see alerts raised, cured and withdrawn.

    A PostgreSQL with one schema for each agency is read by the real Debezium engine into an Apache
    Kafka; a worker takes it from there. Each step is one transaction; the time is from its COMMIT
    to the alert in Redis. Exit code 1 if something that must follow does not.
    """
    from streams.cdc.capture import check_installed
    from streams.demo.cdc import run
    from streams.demo.cdc_story import MODELS
    from streams.demo.deployment import prepare
    from streams.district import District
    from streams.logs import set_up_logs

    check_installed()
    folder = prepare(keep)
    set_up_logs("json", path=folder / "worker.log")
    screen = _Screen(lang)
    screen.say(f"{people:,} people; starting PostgreSQL, Kafka, Redis, a worker and Debezium …")
    district = District(seed, people, dirty=False, models=MODELS)
    run(folder, district, screen.loaded, screen.begins, screen.told)
    if not screen.right:
        raise click.ClickException("what was found in the snapshot is not what was planted")
    screen.say(f"\nevery step was followed by what must follow; logs in {keep}")


class _Screen:
    """Prints the story as it goes."""

    def __init__(self, language: str) -> None:
        from streams.demo.words import languages

        self._console = Console()
        if not self._console.is_terminal:
            self._console.width = max(self._console.width, _PLAIN_WIDTH)
        self._languages = languages(language)
        self._number = 0
        self.right = False

    def say(self, line: str) -> None:
        self._console.print(line, highlight=False)

    def loaded(self, found: Loaded) -> None:
        self.say(
            f"{found.rows:,} rows loaded in {found.loaded_s:.1f} s; Debezium sent them and waits "
            f"for changes after {found.captured_s:.1f} s; all through {found.through_s:.1f} s "
            f"later"
        )
        total = found.verdict.total()
        self.right = found.verdict.right
        self.say(
            f"planted before {total.planted}, found {total.found}, missing "
            f"{len(total.missing) + len(total.wrong)}, false {len(total.false)}"
        )
        for alert in total.false:
            self.say(f"[bold red]false[/]    {alert.model} {alert.rule} {alert.alert}")
        for expected in (*total.missing, *(one for one, _ in total.wrong)):
            self.say(f"[bold red]missing[/]  {expected.model} {expected.rule}: {expected.life}")

    def begins(self, step: Step) -> None:
        self._number += 1
        self.say(f"\n[bold]{self._number}. {step.title}[/]")
        if step.day is not None:
            self.say(f"   [dim]the day is now {step.day}[/]")
        for statement, values in step.statements:
            self._console.print(
                Syntax(
                    _shown(statement, values),
                    "sql",
                    background_color="default",
                    padding=(0, 3),
                    word_wrap=True,
                )
            )

    def told(self, told: Told) -> None:
        from streams.demo.screen import kind_label

        if not told.seen:
            self.say("   [dim]→ no alert, as it should be[/]")
        for seen in told.seen:
            t = seen.transition
            line = Text.assemble("   → ", f"{seen.after_s * 1000:,.0f} ms  ", f"{t.model} ")
            self._console.print(line.append_text(kind_label(t, self._languages[-1])))
            for one in self._languages:
                text = t.texts.get(one)
                if text is not None:
                    self._console.print(Text(f"     {text.title}  [{t.party}]"))


def _shown(statement: str, values: tuple[object, ...]) -> str:
    """The statement with its values, identity numbers masked."""
    for value in values:
        statement = statement.replace("%s", f"'{value}'", 1)
    return _NUMBER.sub(r"\1**********\2", statement) + ";\nCOMMIT;"
