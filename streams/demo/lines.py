"""The same without a terminal: a plain line at intervals, and the newest alert."""

from __future__ import annotations

import time
from collections import Counter
from typing import Self

import click

from streams.demo.run import Scene
from streams.demo.words import KINDS, kind_word, languages

_EVERY_S = 3.0


class PlainLines:
    """Prints a line every few seconds while it is entered."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._said = float("-inf")
        self._stage = ""
        self._told = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        return None

    def show(self, scene: Scene) -> None:
        """Print, if it is time or another part of the demonstration has begun."""
        if scene.stage == self._stage and time.monotonic() - self._said < _EVERY_S:
            return
        self._said, self._stage = time.monotonic(), scene.stage
        click.echo(line(scene))
        self._news(scene)

    def _news(self, scene: Scene) -> None:
        """The newest alert since the last line."""
        if scene.listener.total == self._told or not scene.listener.last:
            return
        self._told = scene.listener.total
        newest = scene.listener.last[-1]
        text = newest.texts.get(languages(self._language)[0])
        kind = kind_word(newest.kind, self._language)
        click.echo(f"    {newest.model} {kind}: {text.title if text else newest.obligation}")


def line(scene: Scene) -> str:
    """One moment in one line."""
    sight = scene.sight
    parts = [
        f"{scene.elapsed_s:5.1f} s",
        f"{scene.play.day}",
        f"{scene.stage:<8}",
        f"in {sight.done.get('source', 0):>7,} ({sight.rate.get('source', 0):,.0f}/s)",
        "waiting " + "/".join(str(sight.lag.get(s, 0)) for s in ("intake", "detect", "delivery")),
    ]
    if sight.age_days:
        feed, days = max(sight.age_days.items(), key=lambda item: item[1])
        parts.append(f"oldest {feed} {days} d")
    counts = Counter[str]()
    for (_, kind), count in scene.listener.counts.items():
        counts[KINDS[kind][0]] += count
    parts += [f"{name} {count}" for name, count in counts.items()]
    return "  ".join(parts)
