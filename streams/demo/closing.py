"""What the demonstration came to: one alert in full, planted against found, and what next."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.alert import Status, Transition
from streams.console.alert import panel
from streams.demo.run import Result
from streams.demo.verdict import Line, Verdict
from streams.demo.words import languages

#: Lines of one alert that are shown for each that is wrong.
_SHOWN = 12

#: Lines of evidence of the alert that is shown in full.
_EVIDENCE = 4


def close(
    console: Console, result: Result, language: str, titles: Mapping[str, str], folder: Path
) -> None:
    """Print everything."""
    shown = worth_showing(result.alerts)
    if shown is not None:
        console.print(panel(shown, languages(language)[0], evidence=_EVIDENCE))
    console.print(table(result.verdict, titles, console.width))
    _mistakes(console, result.verdict)
    _figures(console, result)
    _next(console, shown, folder)


#: Columns that the figures of the closing table and its lines take.
_FIGURES = 66


def worth_showing(alerts: Sequence[Transition]) -> Transition | None:
    """An alert that has gone through something and still holds; the same in every run."""
    holding = [alert for alert in alerts if alert.status is Status.HOLDS and alert.texts]
    return max(holding, key=lambda a: (a.model == "D02", a.amount_fen, a.alert), default=None)


def table(verdict: Verdict, titles: Mapping[str, str], width: int = 120) -> Table:
    """Planted against found, a line for each model; a title has the room that figures leave."""
    room = max(width - _FIGURES, 12)
    drawn = Table(title="planted in the district, found by the monitor", title_justify="left")
    drawn.add_column("model", no_wrap=True)
    for name in ("planted", "found", "missing", "false", "gone", "look-alikes"):
        drawn.add_column(name, justify="right", no_wrap=True, min_width=len(name))
    for model in verdict.models():
        name = f"{model} {titles.get(model, '')}".rstrip()
        name = name if len(name) <= room else f"{name[: room - 1]}…"
        silent = sum(verdict.look_alikes.get(model, {}).values())
        drawn.add_row(name, *_cells(verdict.total(model)), _silent(silent))
    drawn.add_section()
    total = verdict.total()
    silent = sum(sum(lives.values()) for lives in verdict.look_alikes.values())
    drawn.add_row("all", *_cells(total), _silent(silent), style="bold")
    drawn.caption = f"precision {total.precision:.3f}, recall {total.recall:.3f}"
    return drawn


def _cells(line: Line) -> list[Text]:
    wrong = len(line.missing) + len(line.wrong)
    return [
        Text(str(line.planted)),
        Text(str(line.found)),
        Text(str(wrong), style="bold red" if wrong else "green"),
        Text(str(len(line.false)), style="bold red" if line.false else "green"),
        Text(str(line.gone)),
    ]


def _mistakes(console: Console, verdict: Verdict) -> None:
    total = verdict.total()
    for expected in total.missing[:_SHOWN]:
        console.print(f"[bold red]missing[/]  {expected.model} {expected.rule}: {expected.life}")
    for expected, status in total.wrong[:_SHOWN]:
        console.print(
            f"[bold red]wrong[/]    {expected.model} {expected.rule}: {expected.life} is {status}"
        )
    for alert in total.false[:_SHOWN]:
        text = alert.texts.get("en")
        console.print(
            f"[bold red]false[/]    {alert.model} {alert.rule}: {text.title if text else ''} "
            f"({alert.alert})"
        )


def _silent(count: int) -> Text:
    """Lawful cases near to a violation: whichever is not silent stands under ``false``."""
    return Text(str(count) if count else "–", style="" if count else "dim")


def _figures(console: Console, result: Result) -> None:
    scene = result.scene
    quarantine = result.quarantine
    settled = Counter(
        quarantine.settled[id].how if id in quarantine.settled else "open"
        for id in quarantine.entries
    )
    reasons = Counter(entry.reason for entry in quarantine.entries.values())
    console.print(
        f"[bold]records[/] {scene.play.appended:,} messages in {result.played_s:.1f} s "
        f"({scene.play.appended / max(result.played_s, 0.001):,.0f}/s as played), "
        f"{scene.listener.total} transitions; started in {result.started_s:.1f} s, all through "
        f"{result.settled_s:.1f} s after the last day"
    )
    console.print(
        f"[bold]quarantine[/] {len(quarantine.entries)} messages "
        f"({', '.join(f'{reason} {count}' for reason, count in sorted(reasons.items()))}); "
        + ", ".join(f"{how} {count}" for how, count in sorted(settled.items()))
    )
    console.print(
        "[bold]latency[/] "
        + _latency("agency record → Redis", scene.listener.latencies_s)
        + "; "
        + _latency("tick or change in the log → Redis", scene.listener.log_latencies_s)
    )
    if scene.sight.failures:
        console.print(f"[bold red]{scene.sight.failures} dossiers on which a model failed[/]")


def _latency(what: str, seconds: Sequence[float]) -> str:
    if not seconds:
        return f"{what}: none"
    ordered = sorted(seconds)
    p50, p99 = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    return f"{what}: p50 {p50 * 1000:,.0f} ms, p99 {p99 * 1000:,.0f} ms ({len(ordered)})"


def _next(console: Console, shown: Transition | None, folder: Path) -> None:
    """Commands on the data that were kept; of Kafka only what Redis holds can be asked again."""
    console.print("\n[bold]try next[/]")
    data, program = f"DONGJIAN_DATA={folder}", _program()
    commands = [f"{data} {program} alerts list"]
    if shown is not None:
        commands.append(f"{data} {program} alerts show {shown.alert[:10]} --lang en")
    log = folder / "log.db"
    if log.exists():
        commands.append(
            f"{data} DONGJIAN_BROKER=embedded://{log} {program} quarantine list --settled"
        )
        commands.append("make demo BROKER=kafka     the same through Apache Kafka")
    commands += [
        "make demo-cdc              PostgreSQL, Debezium, Kafka: from COMMIT to alert",
    ]
    for command in commands:
        console.print(f"  {command}", highlight=False, soft_wrap=True)


def _program() -> str:
    """The command as it can be typed here: an environment need not be activated."""
    if shutil.which("dongjian"):
        return "dongjian"
    return os.path.relpath(Path(sys.executable).with_name("dongjian"))
