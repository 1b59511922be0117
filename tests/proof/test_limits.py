"""What a model cannot do is told once and counted each time; a dossier too big is passed over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from detectors.framework.context import Context
from detectors.framework.dossier import Dossier
from detectors.framework.effects import DOSSIER_TOO_BIG, Failure
from detectors.framework.finding import Finding
from detectors.framework.registry import Catalogue, detector
from schemas.alert import Kind, Reason
from tests import factories as make
from tests.packs.rings.shared_address import RingTerms
from tests.packs.rings.words import Firm, Member
from tests.proof.mutants import with_model
from tests.proof.themes.benefits_after_death import D01
from tests.proof.themes.rings import RINGS
from tests.proof.world import World


def news(failures: list[Failure]) -> int:
    return sum(not failure.again for failure in failures)


def test_a_model_that_fails_at_every_tick_is_told_once_until_it_succeeds() -> None:
    broken = True

    def fails(dossier: Dossier, context: Context[Any]) -> Iterator[Finding]:
        if broken:
            raise KeyError("somebody")
        yield from ()

    world = World(with_model(D01.catalogue, fails), partitions=1)
    world.activate()
    world.put(make.death(key="d"))
    for day in range(1, 6):
        world.tick(date(2024, 5, day))
        world.drain()
    world.engines = [None]  # a restart remembers what it said
    world.tick(date(2024, 5, 6))
    world.drain()
    assert (len(world.failures), news(world.failures)) == (7, 1)
    broken = False
    world.tick(date(2024, 5, 7))
    world.drain()
    broken = True
    world.put(make.death(key="d", cancelled=True))
    world.drain()
    assert news(world.failures) == 2


def limited(at_most: int) -> Catalogue:
    first, *rest = RINGS.catalogue.models
    few = replace(first, detector=replace(first.detector, at_most=at_most))
    return replace(RINGS.catalogue, models=(few, *rest))


def firm(n: int) -> Firm:
    source = make.Source("firm", f"F{n}", make.MARKET, make.REGION)
    return Firm(
        source=source, firm=make.organisation(n), address="a", registered_on=date(2024, 1, 10)
    )


def test_a_dossier_with_more_rows_than_a_model_takes_on_is_passed_over_and_told_once() -> None:
    world = World(limited(4), partitions=1)
    world.activate()
    for n in range(4):
        world.put(firm(n))
    world.drain()
    world.tick(date(2024, 2, 1))
    world.drain()
    assert {t.model for t in world.history()} == {"R01", "R02"}
    assert world.limits == []
    world.put(firm(4))
    for day in range(2, 6):
        world.put(firm(day + 10))
        world.drain()
        world.tick(date(2024, 2, day))
        world.drain()
    last = [t for t in world.history() if t.model == "R01"][-1]
    assert (last.kind, last.reason) == (Kind.WITHDRAWN, Reason.SOURCE)
    assert {f.reason for f in world.limits} == {DOSSIER_TOO_BIG}
    assert (len(world.limits), news(world.limits)) == (4, 1)
    assert world.active() == world.batch()


def test_a_model_may_wait_for_the_tick_with_some_kinds_of_subject_only() -> None:
    @detector("X", subject=("pair", "party"), reads=(Member,), terms=RingTerms, on_tick=("pair",))
    def some(dossier: Dossier, context: Context[RingTerms]) -> Iterator[Finding]:
        yield from ()

    assert some.subjects == ("pair", "person", "organisation")
    assert some.on_tick == {"pair"}
