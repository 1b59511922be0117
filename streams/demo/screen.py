"""The live view on a terminal: what comes in, what waits, what is known, what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import zip_longest
from typing import Self

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from schemas.alert import Kind, Status, Transition
from streams.console.alert import panel
from streams.demo.run import Scene
from streams.demo.words import KINDS, kind_word, languages, word

#: Days of completeness behind the clock: in order up to the first, noticed up to the second.
_FRESH, _STALE = 10, 20

#: Feeds that are shown of those that are behind.
_BEHIND = 11

_STAGES = ("source", "intake", "detect", "delivery")

#: Lines of a terminal from which on an alert is shown in full beside all else.
_ROOM_FOR_ONE = 58

_ENDS = (Kind.WITHDRAWN, Kind.LAPSED, Kind.SUPERSEDED)

#: Columns for what happened, ``withdrawn (DEADLINE_MOVED)`` being the longest.
_KIND_WIDTH = 26


class LiveScreen:
    """Draws scenes over each other while it is entered."""

    def __init__(self, console: Console, language: str, titles: Mapping[str, str]) -> None:
        self._console, self._language, self._titles = console, language, titles
        self._live = Live(console=console, auto_refresh=False, vertical_overflow="crop")

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(self, *reason: object) -> None:
        self._live.__exit__(None, None, None)

    def show(self, scene: Scene) -> None:
        """Draw one scene."""
        drawn = draw(scene, self._language, self._titles, self._console.height)
        self._live.update(drawn, refresh=True)


def draw(scene: Scene, language: str, titles: Mapping[str, str], height: int) -> RenderableType:
    """One scene for a terminal of so many lines."""
    parts: list[RenderableType] = [
        _head(scene, language),
        _stages(scene, language),
        _coverage(scene, language),
        _models(scene, language, titles),
    ]
    one = _latest_raised(scene) if height >= _ROOM_FOR_ONE else None
    behind = len(_behind(scene))
    left = height - 13 - (len(titles) + 1) // 2 - 3 - (behind + 3) // 4
    parts.append(_last(scene, language, 5 if one else max(3, left)))
    if one is not None:
        parts.append(panel(one, languages(language)[0], evidence=1))
    return Group(*parts)


def _head(scene: Scene, language: str) -> RenderableType:
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(ratio=1)
    table.add_column(width=30)
    table.add_column(justify="right")
    table.add_row(
        Text(word("heading", language), style="bold"),
        ProgressBar(total=1.0, completed=scene.play.share, width=30),
        Text(f"{scene.play.day}  {scene.elapsed_s:4.0f} s  {word(scene.stage, language)}"),
    )
    return table


def _stages(scene: Scene, language: str) -> RenderableType:
    table = Table(expand=True, border_style="dim")
    for name in ("stage", "done", "rate", "lag"):
        table.add_column(word(name, language), justify="left" if name == "stage" else "right")
    sight = scene.sight
    for stage in _STAGES:
        lag = sight.lag.get(stage)
        table.add_row(
            word(stage, language),
            f"{sight.done.get(stage, 0):,}",
            f"{sight.rate.get(stage, 0):,.0f}",
            "" if lag is None else Text(f"{lag:,}", style="yellow" if lag > 5_000 else ""),
        )
    table.caption = (
        f"{word('dossiers', language)} {sight.dossiers:,} · {word('ticks', language)} {sight.ticks}"
    )
    return table


def _behind(scene: Scene) -> list[tuple[str, int]]:
    """Feeds that have not said for a while that they are complete, the worst first."""
    late = [(feed, days) for feed, days in scene.sight.age_days.items() if days > _FRESH]
    return sorted(late, key=lambda one: (-one[1], one[0]))[:_BEHIND]


def _coverage(scene: Scene, language: str) -> RenderableType:
    """How many feeds are complete nearly to the day, and which are not."""
    ages = scene.sight.age_days
    if not ages:
        return Text("")
    behind = _behind(scene)
    found = [
        Text.assemble((f"{days:>4} ", "yellow" if days <= _STALE else "bold red"), (feed, "dim"))
        for feed, days in behind
    ]
    fresh = Text.assemble((f"{sum(days <= _FRESH for days in ages.values()):>4} ", "green"))
    fresh.append(f"≤ {_FRESH}", "dim")
    columns = Columns([fresh, *found], equal=True, expand=True, padding=(0, 1))
    return Panel(columns, title=word("coverage", language), border_style="dim")


def _models(scene: Scene, language: str, titles: Mapping[str, str]) -> RenderableType:
    """Two models a line: so many alerts raised, cured and ended, and how many are open."""
    table = Table(expand=True, border_style="dim")
    for _ in range(2):
        table.add_column(word("model", language), ratio=1, no_wrap=True, overflow="ellipsis")
        for kind in (Kind.RAISED, Kind.CURED):
            table.add_column(kind_word(kind, language), justify="right")
        table.add_column(word("ended", language), justify="right")
        table.add_column(word("open", language), justify="right", style="bold")
    opened = Counter(scene.listener.open.values())
    cells = [
        (f"{model} {title}", *_counts(scene, model), str(opened[model]))
        for model, title in titles.items()
    ]
    half = (len(cells) + 1) // 2
    for left, right in zip_longest(cells[:half], cells[half:], fillvalue=()):
        table.add_row(*left, *right)
    return table


def _counts(scene: Scene, model: str) -> tuple[Text, Text, Text]:
    counts = scene.listener.counts
    ended = sum(counts[model, kind] for kind in _ENDS)
    return (
        _count(counts[model, Kind.RAISED], KINDS[Kind.RAISED][2]),
        _count(counts[model, Kind.CURED], KINDS[Kind.CURED][2]),
        _count(ended, KINDS[Kind.WITHDRAWN][2]),
    )


def _count(count: int, style: str) -> Text:
    return Text(str(count), style=style) if count else Text("–", style="dim")


def _last(scene: Scene, language: str, lines: int) -> RenderableType:
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True, width=_KIND_WIDTH)
    table.add_column(no_wrap=True, width=4)
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    spoken = languages(language)
    for transition in reversed(list(scene.listener.last)[-max(1, lines // len(spoken)) :]):
        for place, one in enumerate(spoken):
            text = transition.texts.get(one)
            table.add_row(
                kind_label(transition, language) if not place else "",
                transition.model if not place else "",
                Text(text.title if text else transition.obligation, style="dim" if place else ""),
            )
    return Panel(table, title=word("last", language), border_style="dim")


def kind_label(transition: Transition, language: str) -> Text:
    """What happened, in its colour; a withdrawal with its reason."""
    said = kind_word(transition.kind, language)
    if transition.reason is not None:
        said += f" ({transition.reason})"
    return Text(said, style=KINDS[transition.kind][2])


def _latest_raised(scene: Scene) -> Transition | None:
    raised = (t for t in reversed(scene.listener.last) if t.status is Status.HOLDS)
    return next(raised, None)
