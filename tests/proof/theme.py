"""What a theme is: a dense world to draw records from, and the few people and papers in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from detectors.framework.registry import Catalogue, discover
from schemas import Record
from schemas.change import Coverage
from tests import factories as make

Draw = Callable[[Random], Record]

PEOPLE = tuple(make.person(n) for n in (1, 2))
CASES = tuple(f"{make.PROCURATORATE}/东检刑诉受〔2025〕{n}号" for n in (1, 2))
COURT_CASES = tuple(f"{make.COURT}/（2024）鲁1102刑初{n}号" for n in (1, 2))
FIRMS = tuple(make.organisation(n) for n in range(1, 6))


@dataclass(frozen=True)
class Supply:
    """What one feed can be said to be complete for."""

    feed: str
    kind: str
    which: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Theme:
    """What there is to draw, what is known of the feeds, and between which days it plays."""

    name: str
    models: tuple[str, ...]
    draws: tuple[tuple[int, Draw], ...]
    since: date
    until: date
    supplies: tuple[Supply, ...] = ()
    overrides: Mapping[str, Any] = field(default_factory=dict)  #: model: parameter: other rows
    packages: tuple[str, ...] = ("detectors",)
    length: int = 60  #: acts of a history
    grants: tuple[str, ...] = ("custody", "public_security")  #: permissions, usually
    lists: Mapping[str, tuple[str, ...]] = field(  #: that the models look things up in
        default_factory=lambda: {"police_organs": (make.POLICE,)}
    )
    derives: bool = False  #: records of its dossiers make records of others
    at_least: int = 3  #: transitions that a history causes on average: fewer would prove nothing

    @property
    def catalogue(self) -> Catalogue:
        return _catalogue(self.packages).only(self.models)

    def draw(self, rng: Random) -> Record:
        weights, draws = zip(*self.draws, strict=True)
        return rng.choices(draws, weights)[0](rng)

    def redraw(self, rng: Random, feed: str, key: str) -> Record | None:
        """Another row of the same key; None when none came up."""
        for _ in range(40):
            record = self.draw(rng)
            if (record.source.feed, record.source.key) == (feed, key):
                return record
        return None

    def statements(self, rng: Random, until: date, number: int) -> tuple[Coverage, ...]:
        """Some of the feeds say how far they are complete; some of them began late.

        When a feed began belongs to the number of its statement.
        """
        told = []
        for supply in self.supplies:
            if rng.random() < 0.75:
                late = Random(f"{supply.feed}{supply.kind}{number}").random() < (
                    0.5 if number else 0.2
                )
                since = self.since + timedelta(days=9) if late else date(2000, 1, 1)
                told.append(
                    Coverage(supply.feed, supply.kind, since, until, dict(supply.which), number)
                )
        return tuple(told)


@cache
def _catalogue(packages: tuple[str, ...]) -> Catalogue:
    return discover(packages, packs=False)


def maybe(rng: Random, values: Sequence[Any], often: float = 0.5) -> Any:
    return rng.choice(values) if rng.random() < often else None


def days(*texts: str) -> tuple[date, ...]:
    return tuple(map(date.fromisoformat, texts))


def other(model: str, parameter: str, value: object, kind: str = "product") -> dict[str, Any]:
    """A deployment's own row of one parameter of a card."""
    row = {"value": value, "kind": kind, "in_force_from": date(1979, 1, 1), "basis": "测试"}
    return {model: {parameter: [{**row, "verified": False}]}}
