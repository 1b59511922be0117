"""Lives: what happens to people of the district, and what a correct monitor says of it.

A life is a function of a :class:`Stage`. It takes a person who is in no other life, writes papers
and states the alerts that follow. Three sorts: ``planted`` (an alert stands at the end, or stood),
``look_alike`` (near a violation, and lawful: must stay silent) and ``ordinary``. Lives are found by
decoration; a new one is one function.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from streams.district.lives.stage import NoRoom, Stage

__all__ = ["LIVES", "Life", "NoRoom", "Play", "Sort", "Stage", "life", "load"]

Sort: TypeAlias = Literal["planted", "look_alike", "ordinary"]
Play: TypeAlias = Callable[[Stage], None]


@dataclass(frozen=True, slots=True)
class Life:
    """``rate`` is how many there are in two years among 10 000 people; at least one."""

    name: str
    sort: Sort
    model: str  #: whose rule it is planted against or looks like; empty for ordinary lives
    rate: float
    play: Play


LIVES: list[Life] = []


def life(sort: Sort, model: str = "", *, rate: float = 2.0) -> Callable[[Play], Play]:
    """Register a life under the name of its function."""

    def register(play: Play) -> Play:
        LIVES.append(Life(play.__name__, sort, model, rate, play))
        return play

    return register


def load() -> list[Life]:
    """All lives, in an order that does not depend on what was imported first."""
    from streams.district.lives import (  # noqa: F401  # each registers its lives
        after_death,
        clerical,
        custody,
        deaths_in_order,
        driving,
        licences,
        ordinary,
        supervision,
        unprosecuted,
    )

    return sorted(LIVES, key=lambda life: (life.model, life.name))
