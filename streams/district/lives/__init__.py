"""Lives: what happens to people of the district, and what a correct monitor says of it.

A life is a function of a :class:`Stage`. It takes a person who is in no other life, writes papers
and states the alerts that follow. Three sorts: ``planted`` (an alert stands at the end, or stood),
``look_alike`` (near a violation, and lawful: must stay silent) and ``ordinary``. A new life is one
decorated function in a module of this package, which is walked: no list is kept by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from pkgutil import walk_packages
from typing import Literal, TypeAlias

from streams.district.lives.roles import role
from streams.district.lives.stage import NoRoom, Stage

__all__ = [
    "LIVES",
    "UNPLANTED",
    "Life",
    "NoRoom",
    "Play",
    "Sort",
    "Stage",
    "life",
    "load",
    "role",
    "unplanted",
]

Sort: TypeAlias = Literal["planted", "look_alike", "ordinary"]
Play: TypeAlias = Callable[[Stage], None]


@dataclass(frozen=True, slots=True)
class Life:
    """``rate`` is how many there are in two years among 10 000 people; at least one, where the
    window has as many ``days`` as it takes."""

    name: str
    sort: Sort
    model: str  #: whose rule it is planted against, looks like, or gives rows to; ordinary: or none
    rate: float
    play: Play
    days: int = 0


LIVES: list[Life] = []

UNPLANTED: dict[tuple[str, str], str] = {}
"""(model, rule): why a district of two years does not plant it."""


def life(
    sort: Sort, model: str = "", *, rate: float = 2.0, days: int = 0
) -> Callable[[Play], Play]:
    """Register a life under the name of its function."""

    def register(play: Play) -> Play:
        LIVES.append(Life(play.__name__, sort, model, rate, play, days))
        return play

    return register


def unplanted(model: str, rule: str, why: str) -> None:
    """Say that no life plants a rule in a district of two years, and why."""
    UNPLANTED[model, rule] = why


def load(models: Collection[str] | None = None) -> list[Life]:
    """All lives, or those of some models and those that are nobody's, in an order that does not
    depend on what was imported first."""
    for module in walk_packages(__path__, f"{__name__}."):
        import_module(module.name)
    found = sorted(LIVES, key=lambda life: (life.model, life.name))
    for first, second in pairwise(found):
        if (first.model, first.name) == (second.model, second.name):
            raise ValueError(f"two lives {first.name!r} of model {first.model!r}")
    return [one for one in found if models is None or not one.model or one.model in models]
