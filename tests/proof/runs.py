"""How a history is run: in chunks, killed, haunted; and what must be so whenever it is quiet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from schemas.alert import Transition
from tests.proof.histories import History, Quiet
from tests.proof.world import World


class Broken(AssertionError):
    """Something that must be so is not."""


@dataclass(frozen=True)
class Disturbance:
    """What happens to detection beside its work, as probabilities at each step of a history."""

    crashes: float = 0.0
    freezes: float = 0.0
    compactions: float = 0.0


CALM = Disturbance()
KILLED = Disturbance(crashes=0.5)
HAUNTED = Disturbance(crashes=0.3, freezes=0.3, compactions=0.15)


def run(
    world: World, history: History, rng: Random, disturbance: Disturbance = CALM
) -> list[Transition]:
    """Run a history and compare with the batch whenever it is quiet; returns what was told."""
    told: list[Transition] = []
    for act in history:
        if isinstance(act, Quiet):
            told = quiet(world, rng, disturbance)
            if world.passed_over:
                raise Broken(f"a message could not be read: {world.passed_over[0]}")
            continue
        act.on(world)
        if rng.random() < 0.4:
            for partition in range(world.partitions):
                disturb(world, partition, rng, disturbance)
                world.run(partition, rng.randint(1, 6))
    return told


def quiet(world: World, rng: Random, disturbance: Disturbance = CALM) -> list[Transition]:
    """Work off everything, let the clock come, work off that: then stream and batch are equal.

    The clock may be one that lags, and know of no floor: both are joined with what others said.
    """
    for _ in range(2):
        for partition in range(world.partitions):
            disturb(world, partition, rng, disturbance)
        world.wake()
        world.drain(rng)
        lag = timedelta(days=rng.choice((0, 60, 60)))
        day = world.as_of - lag if world.as_of > date.min else world.as_of
        world.tick(day, floor=rng.random() < 0.5)
    world.drain(rng)
    return check(world)


def check(world: World) -> list[Transition]:
    """What must be so at a quiet moment. A model that raises proves nothing: no ``Broken``."""
    if world.failures:
        raise RuntimeError(f"a model raised: {world.failures[0]}: {world.failures[0].error!r}")
    stream, batch = world.active(), world.batch()
    if stream != batch:
        raise Broken(f"not as in the batch: {sorted(stream.items() ^ batch.items())}")
    return world.history()


def disturb(world: World, partition: int, rng: Random, disturbance: Disturbance) -> None:
    """Maybe an owner dies somewhere in a chunk, maybe one freezes and another takes over, maybe
    those that froze wake up, maybe the broker compacts."""
    if rng.random() < disturbance.freezes:
        world.freeze(partition, rng.randint(1, 6))
        world.engines[partition] = None
    if rng.random() < disturbance.crashes:
        world.run(partition, rng.randint(1, 6), crash_before=rng.randint(0, 6))
    if rng.random() < disturbance.freezes / 2:
        world.wake()
    if rng.random() < disturbance.compactions:
        world.boot(partition)  # recovery repairs; only then compaction does no harm
        world.stored[partition].compact()
