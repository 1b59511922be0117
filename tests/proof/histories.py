"""Seeded histories: what agencies, intake, clock and operators do, as lists that can be replayed.

A history is made before anything runs, so that the same one can be run undisturbed, in other
chunks, and with crashes. Free unions of random actions have no power here (most of them raise no
alert): themes are dense, and the tests count the transitions that histories cause.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from schemas import Record
from tests.proof.theme import Theme
from tests.proof.world import World

#: How much longer than usual the proofs run: 1 is a minute and a half of CPU for all of them.
SCALE = float(os.environ.get("DONGJIAN_PROOF_SCALE", "1"))


def seeds(usually: int) -> range:
    """The seeds of one proof: as many as usual, or as ``DONGJIAN_PROOF_SCALE`` says."""
    return range(max(1, round(usually * SCALE)))


@dataclass(frozen=True)
class Act:
    """One call of a method of the world; printed, a history is a script that repeats it."""

    name: str
    args: tuple[Any, ...] = ()
    keywords: dict[str, Any] = field(default_factory=dict)

    def on(self, world: World) -> None:
        getattr(world, self.name)(*self.args, **self.keywords)


@dataclass(frozen=True)
class Quiet:
    """A moment at which all is worked off: the stream must equal the batch."""


History = tuple[Act | Quiet, ...]


def history(theme: Theme, seed: int, *, quiet_every: int = 15) -> History:
    """A history of a theme; equal for an equal seed."""
    writer = _Writer(theme, Random(f"{theme.name}/{seed}"))
    acts: list[Act | Quiet] = []
    if writer.rng.random() < 0.85:
        acts.append(writer.activate())
    for n in range(theme.length):
        acts += writer.some()
        if (n + 1) % quiet_every == 0:
            acts += [*writer.stretch(), Quiet()]
        elif (n + 1) % quiet_every == quiet_every // 2:
            acts.append(Quiet())
    if not writer.activated:
        acts.append(writer.activate())
    # At the end the clock comes once more, knows everything and says so: what waited is answered.
    acts += [writer.tick(theme.until, wide=True), Quiet()]
    return tuple(acts)


class _Writer:
    """Draws one act after the other and remembers what there is to correct, remove and repeat."""

    def __init__(self, theme: Theme, rng: Random) -> None:
        self.theme, self.rng = theme, rng
        self.day, self.number = theme.since, 0
        self.rows: list[tuple[str, str]] = []
        self.unread: list[tuple[str, str]] = []
        self.activated = False
        self._acts = (
            (30, self.put),
            (8, self.correct),
            (4, self.remove),
            (4, self.unreadable),
            (3, self.redrive),
            (4, self.flicker),
            (6, self.repeat),
            (13, self.ticks),
            (2, self.retract),
            (3, self.activates),
            (1, self.renew),
        )

    def some(self) -> Iterator[Act]:
        weights, acts = zip(*self._acts, strict=True)
        yield from self.rng.choices(acts, weights)[0]()

    # ---- what agencies do

    def put(self) -> Iterator[Act]:
        """A row comes, new or in place of a former one, maybe of another person."""
        yield self._put(self.theme.draw(self.rng))

    def correct(self) -> Iterator[Act]:
        """A row that is there is corrected."""
        record = self._again(self.rows)
        if record is not None:
            yield self._put(record)

    def _put(self, record: Record) -> Act:
        place = (record.source.feed, record.source.key)
        if place not in self.rows:
            self.rows.append(place)
        return Act("put", (record,))

    def _again(self, places: list[tuple[str, str]]) -> Record | None:
        return self.theme.redraw(self.rng, *self.rng.choice(places)) if places else None

    def remove(self) -> Iterator[Act]:
        if self.rows:
            yield Act("remove", self.rng.choice(self.rows))

    def flicker(self) -> Iterator[Act]:
        """A row comes and goes, or moves, and a frozen intake worker sends it once more."""
        record = self.theme.draw(self.rng)
        yield self._put(record)
        place = (record.source.feed, record.source.key)
        other = self.theme.redraw(self.rng, *place) if self.rng.random() < 0.5 else None
        yield Act("remove", place) if other is None else self._put(other)
        if self.rng.random() < 0.5:
            yield Act("tick", (self.day, ()), {"floor": False})
        yield Act("repeat", (-self.rng.randint(2, 4),))

    def unreadable(self) -> Iterator[Act]:
        """A change comes that cannot be read."""
        if self.rows:
            self.unread.append(self.rng.choice(self.rows))
            yield Act("unreadable", self.unread[-1])

    def redrive(self) -> Iterator[Act]:
        """What could not be read comes again with its old position, put right."""
        record = self._again(self.unread[-2:])
        if record is not None:
            yield Act("redrive", (record,))

    def renew(self) -> Iterator[Act]:
        """The topic of a feed is created again: a new epoch; some rows do not come again."""
        if self.rows:
            feed, key = self.rng.choice(self.rows)
            yield Act("renew", (feed, (key,) if self.rng.random() < 0.7 else ()))
            if self.rng.random() < 0.5:
                yield Act("tick", (self.day, ()))
            for _ in range(3):  # what was sent of the old topic comes late
                yield Act("repeat", (-self.rng.randint(2, 40),))

    # ---- what goes wrong in intake

    def repeat(self) -> Iterator[Act]:
        """A frozen intake worker wakes and sends again what it had sent, in order."""
        first = self.rng.choice((self.rng.randrange(1000), -self.rng.randint(1, 9)))
        for index in range(first, first + self.rng.choice((1, 1, 3))):
            yield Act("repeat", (index,))

    # ---- the clock

    def ticks(self) -> Iterator[Act]:
        """Hardly any time passes; sometimes another clock lags behind."""
        yield self.later(0, 0, 1, 3)

    def stretch(self) -> Iterator[Act]:
        """Time passes and nothing else happens: only what was asked brings a model back."""
        for _ in range(self.rng.randint(1, 4)):
            yield self.later(3, 7, 15, 40)

    def later(self, *steps: int) -> Act:
        self.day = min(self.day + timedelta(days=self.rng.choice(steps)), self.theme.until)
        if self.rng.random() < 0.1:  # a second clock that knows less
            return self.tick(self.day - timedelta(days=self.rng.choice((5, 30))))
        return self.tick(self.day)

    def tick(self, day: date, *, wide: bool = False) -> Act:
        lag = 0 if wide else self.rng.choice((1, 1, 1, 3, 20))
        number = max(
            0, self.number - (not wide and self.rng.random() < 0.1)
        )  # not heard of the last
        known = self.theme.statements(self.rng, day - timedelta(days=lag), number)
        return Act("tick", (day, known), {"floor": self.rng.random() < 0.5})

    def retract(self) -> Iterator[Act]:
        """Coverage is taken back, or found to begin on another day than was said."""
        self.number += 1
        until = self.day - timedelta(days=self.rng.choice((1, 10, 90)))
        known = self.theme.statements(self.rng, until, self.number)
        yield (
            Act("retract", (known,)) if self.rng.random() < 0.7 else Act("tick", (self.day, known))
        )

    # ---- operators

    def activates(self) -> Iterator[Act]:
        yield self.activate()

    def activate(self) -> Act:
        """Rules with what a deployment decides."""
        self.activated = True
        rng, theme = self.rng, self.theme
        decisions: dict[str, Any] = {"lists": dict(theme.lists)}
        if rng.random() < 0.3:
            day = theme.since + timedelta(days=rng.choice((-20, 0, 25)))
            decisions["acts_from"] = {rng.choice(theme.models): day}
        if rng.random() < 0.15:
            decisions["disabled"] = (rng.choice(theme.models),)
        if rng.random() < 0.3:
            decisions["grants"] = rng.choice(((), *((grant,) for grant in theme.grants)))
        if rng.random() < 0.3:
            decisions["overrides"] = dict(theme.overrides)
        return Act("activate", (), decisions)
