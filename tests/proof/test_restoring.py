"""After a restart a dossier is opened when somebody looks at it, and is then what it was."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from detectors.framework.dossier import read_only
from detectors.framework.engine import Engine
from detectors.framework.remembered import Subject
from schemas.alert import Kind
from schemas.errors import ForeignRules
from schemas.fence import fenced
from tests import factories as make
from tests.proof.test_scenarios import told
from tests.proof.themes.benefits_after_death import D01
from tests.proof.world import World

PEOPLE = tuple(make.person(n) for n in range(1, 5))


@pytest.fixture
def world() -> World:
    """Four people who died, and a payment after it to one of them; the worker was restarted."""
    world = World(D01.catalogue, partitions=1)
    world.activate()
    for person in PEOPLE:
        world.put(make.death(key=f"d{person}", person=person))
    world.put(make.payment(key="p", person=PEOPLE[0]))
    world.tick(date(2024, 5, 1))
    assert len(told(world)) == 1
    world.engines = [None]
    return world


def is_open(subject: Subject) -> bool:
    try:
        object.__getattribute__(subject, "rows")
    except AttributeError:
        return False
    return True


def opened(world: World) -> int:
    return sum(map(is_open, world.boot(0).dossiers.subjects.values()))


def test_a_restart_opens_no_dossier_and_a_tick_only_those_it_concerns(world: World) -> None:
    assert opened(world) == 0
    assert len(world.active()) == 1
    world.tick(date(2024, 5, 2))
    world.drain()
    assert opened(world) == 0


def test_a_change_opens_the_dossier_that_it_is_about(world: World) -> None:
    world.put(make.payment(key="p2", person=PEOPLE[1]))
    assert [t.kind for t in told(world)] == [Kind.RAISED]
    assert opened(world) == 1


def test_a_dossier_with_a_tombstone_is_opened_at_once_to_know_when_that_may_go(
    world: World,
) -> None:
    world.remove(make.payment(key="p").source.feed, "p")
    world.drain()
    world.engines = [None]
    assert opened(world) == 1


def test_what_is_opened_is_what_was_stored(world: World) -> None:
    before = world.boot(0).dossiers.subjects
    for name, subject in before.items():
        again = World(D01.catalogue, partitions=1)
        again.stored = world.stored
        other = again.boot(0).dossiers.subjects[name]
        assert other.rows == subject.rows
        assert read_only(other.dossier) == read_only(subject.dossier)
        assert other.unreadable == subject.unreadable


def test_new_rules_look_at_every_dossier(world: World) -> None:
    world.activate(disabled=("D01",))
    assert [t.kind for t in told(world)] == [Kind.WITHDRAWN]
    assert opened(world) == len(PEOPLE)


@pytest.mark.parametrize("kind", ["Death", "Novelty"])
def test_a_stored_row_that_this_version_cannot_read_stops_it(kind: str) -> None:
    row = msgspec.json.encode((kind, 1, 0, 0, 0, False, 0, {"type": kind}))
    entries = {b"r\0person:1\0death\0d": fenced(3, row)}
    engine = Engine(D01.catalogue, World(D01.catalogue).tokens, entries=entries.items())
    with pytest.raises(ForeignRules, match="person:1"):
        len(engine.dossiers.subjects["person:1"].rows)
