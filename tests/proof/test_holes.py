"""Holes that the proofs found in the engine, each as the few messages that showed it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

import msgspec

from detectors.framework.context import Context
from detectors.framework.dossier import Dossier
from detectors.framework.finding import Finding
from detectors.framework.registry import Catalogue
from schemas.change import Coverage
from tests import factories as make
from tests.proof.mutants import with_model
from tests.proof.themes.benefits_after_death import D01
from tests.proof.themes.not_prosecuted_not_punished import D03
from tests.proof.world import World


def settle_down(world: World) -> None:
    """Work off everything, let the clock come once, and compare with the batch."""
    world.drain()
    world.tick(world.as_of)
    world.drain()
    assert world.active() == world.batch()
    world.history()


def overpaid(world: World, person: str) -> None:
    world.activate()
    world.put(make.death(person=person, key="d"))
    world.put(make.payment(person=person, key="p"))


def test_a_repeat_from_before_a_feed_was_renewed_brings_no_ghost() -> None:
    world = World(D01.catalogue)
    overpaid(world, make.person(1))
    world.renew("benefitpayment", missing=("p",))
    world.drain()
    world.tick(date(2024, 6, 1))  # the floor of the new epoch lets the tombstone go
    world.drain()
    world.repeat(1)  # the payment, as it stood in the first epoch
    settle_down(world)


def test_a_tombstone_of_an_older_epoch_goes_when_the_new_one_has_a_floor() -> None:
    world = World(D01.catalogue, partitions=1)
    overpaid(world, make.person(1))
    world.remove("benefitpayment", "p")
    world.renew("benefitpayment")
    world.tick(date(2024, 6, 1))
    settle_down(world)
    (subject,) = world.boot(0).dossiers.subjects.values()
    assert [key for _, key in subject.rows] == ["d"]


def test_the_repeat_of_a_redriven_row_that_was_removed_since_brings_no_ghost() -> None:
    world = World(D01.catalogue)
    overpaid(world, make.person(1))
    world.unreadable("benefitpayment", "p")
    world.redrive(make.payment(person=make.person(1), key="p"))
    redriven = len(world.sent) - 1
    world.remove("benefitpayment", "p")
    world.drain()
    world.tick(date(2024, 6, 1))
    settle_down(world)
    world.engines = [None] * world.partitions  # what guards against it is in the state
    world.repeat(redriven)
    settle_down(world)


def test_a_question_from_before_a_source_began_is_asked_again_when_its_beginning_moves() -> None:
    """Set aside once as unanswerable, still asked after the retraction, answerable at last."""
    world = World(D03.catalogue)
    world.activate()
    world.put(make.decision())

    def complete(since: date, until: date, number: int) -> Coverage:
        which = {"step": ("transferred",), "organ": ("procuratorate",)}
        return Coverage("case-step", "CaseStep", since, until, which, number)

    world.tick(date(2025, 3, 1), [complete(date(2025, 2, 1), date(2025, 2, 28), 0)])
    settle_down(world)
    world.retract([complete(date(2024, 1, 1), date(2025, 1, 26), 1)])
    settle_down(world)
    assert not world.active()
    world.tick(date(2025, 3, 1), [complete(date(2024, 1, 1), date(2025, 2, 28), 1)])
    settle_down(world)
    assert world.active()


def test_a_model_that_raised_is_asked_again_at_the_next_tick() -> None:
    """A day that it waited for was used up by the evaluation in which it raised."""
    broken = True

    def stumbles(dossier: Dossier, context: Context[msgspec.Struct]) -> Iterator[Finding]:
        for finding in D01.catalogue.model("D01").detector.evaluate(dossier, context):
            if context.reached(date(2024, 6, 1)) and broken:
                raise ZeroDivisionError
            yield finding

    catalogue: Catalogue = with_model(D01.catalogue, stumbles)
    world = World(catalogue)
    world.activate()
    world.put(make.death(key="d"))
    world.put(make.payment(key="p"))
    world.tick(date(2024, 6, 1))
    world.put(make.payment(key="q", month=date(2024, 5, 1)))
    world.drain()
    assert world.failures
    broken = False
    world.tick(date(2024, 6, 2))
    world.drain()
    assert world.active() == world.batch()


def test_the_same_failure_is_met_again_after_a_recovery() -> None:
    """What a model asked last stays known when it raises, so that a replay says the same."""

    def stumbles(dossier: Dossier, context: Context[msgspec.Struct]) -> Iterator[Finding]:
        if context.reached(date(2024, 6, 1)) and not context.reached(date(2024, 6, 3)):
            raise ZeroDivisionError
        yield from D01.catalogue.model("D01").detector.evaluate(dossier, context)

    ledgers = []
    for restarts in (False, True):
        world = World(with_model(D01.catalogue, stumbles))
        world.activate()
        world.put(make.death(key="d"))
        world.drain()
        world.put(make.payment(key="p"))
        for day in (1, 2, 3, 4):
            world.tick(date(2024, 6, day))
            world.drain(Random(day))
            if restarts:
                world.engines = [None] * world.partitions
        ledgers.append([stored.ledger for stored in world.stored])
        assert world.failures
        assert world.active() == world.batch() != {}
    assert ledgers[0] == ledgers[1]


def test_a_transition_names_the_row_that_caused_it() -> None:
    world = World(D01.catalogue)
    overpaid(world, make.person(1))
    settle_down(world)
    raised = world.history()[-1]
    assert (raised.cause.op, raised.cause.feed) == ("put", "benefitpayment")
    assert raised.cause.position is not None


def test_a_feed_that_brings_another_type_wakes_the_models_of_the_former_one() -> None:
    world = World(D01.catalogue)
    overpaid(world, make.person(1))
    settle_down(world)
    assert len(world.active()) == 1
    same_place = make.death(person=make.person(1), key="d").source
    world.put(make.resident(person=make.person(1), source=same_place))
    settle_down(world)
    assert world.active() == {}
