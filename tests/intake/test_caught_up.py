"""Each partition says when it was read in its epoch, wherever its group stood, once and for all."""

from __future__ import annotations

from msgspec.structs import replace

from streams.intake.orders import Restate
from streams.intake.outcome import Outcome
from streams.intake.registry import Registry
from streams.intake.statements import CaughtUp, Statements, statement_row
from streams.log.records import LogRecord
from tests.intake.agency import Stage, World, contract

FEED = contract().feed


def begun(count: int = 6) -> tuple[World, Stage]:
    """A partition whose group has passed ``count`` messages in a former epoch."""
    world = World(contract(epoch=2), partitions=1)
    for n in range(count):
        world.agency.put(f"K{n}", who=n)
    (stage,) = world.stages
    stage.committed = count
    return world, stage


def read_again(world: World, stage: Stage, registry: Registry, *, until: int | None = None) -> None:
    """Read what lies before the group, but no further than ``until``."""
    behind = registry.behind(stage.committed)
    assert behind is not None
    for offset in behind[: None if until is None else until - behind.start]:
        write(world, stage, registry.apply(world.agency.logs[0][offset]))


def write(world: World, stage: Stage, outcome: Outcome) -> Outcome:
    for change in outcome.changes:
        world.receive(change)
    stage.changelog.append(outcome.writes)
    return outcome


def test_a_new_epoch_reads_what_the_group_has_passed_and_says_so_once() -> None:
    world, stage = begun()
    registry = stage.open()
    read_again(world, stage, registry)
    said = write(world, stage, registry.caught_up(6)).statements
    assert said == [CaughtUp(FEED, 2, 0, 6)]
    assert world.fold.standing() == world.expected()
    stage.registry = None
    assert stage.open().behind(6) is None


def test_an_interrupted_reading_goes_on_where_it_was() -> None:
    world, stage = begun()
    read_again(world, stage, stage.open(), until=4)
    stage.registry = None
    assert stage.open().behind(6) == range(4, 6)


def test_messages_that_leave_no_trace_are_not_read_again_after_a_restart() -> None:
    world = World(contract(epoch=2), partitions=1)
    (stage,) = world.stages
    for _ in range(3):
        world.agency.send("", "c", {"id": 1}, table="police.another", partition=0)
    stage.committed = 3
    registry = stage.open()
    read_again(world, stage, registry)
    write(world, stage, registry.caught_up(3))
    stage.registry = None
    assert stage.open().behind(3) is None
    assert stage.open().applied == 2


def test_what_a_frozen_owner_wrote_does_not_end_the_reading_of_its_successors() -> None:
    world, stage = begun()
    frozen = stage.open()
    stage.registry = None
    stage.open()  # has claimed the partition, and dies before it has read
    stage.registry = None
    read_again(world, stage, frozen, until=4)
    registry = stage.open()
    assert registry.behind(6) == range(4, 6)
    read_again(world, stage, registry)
    write(world, stage, registry.caught_up(6))
    assert world.fold.standing() == world.expected()


def test_a_partition_with_nothing_before_its_group_says_so_too() -> None:
    world = World(contract(), partitions=1)
    registry = world.stages[0].open()
    assert registry.behind(0) == range(0)
    assert registry.caught_up(0).statements == [CaughtUp(FEED, 1, 0, 0)]


def test_who_is_asked_says_it_again_but_not_before_it_was_read() -> None:
    world, stage = begun()
    registry = stage.open()
    assert [s for o in registry.order(Restate()) for s in o.statements] == []
    read_again(world, stage, registry)
    registry.caught_up(6)
    world.agency.put("K9", who=9)
    registry.apply(world.agency.logs[0][6])
    said = [s for o in registry.order(Restate()) for s in o.statements]
    assert said == [CaughtUp(FEED, 2, 0, 7)]
    assert [s for o in registry.order(Restate()) for s in o.statements] == said


def test_another_reading_counts_where_a_former_owner_was_caught_up_and_wrote_no_row() -> None:
    """Whoever is caught up tells the next messages as what counts, also after a restart."""
    world = World(contract(), partitions=1, unwritten=10)
    (stage,) = world.stages
    write(world, stage, stage.open().caught_up(0))
    stage.registry = None
    world.agency.put("K1")
    (told,) = stage.open().apply(world.agency.logs[0][0]).changes[:1]
    assert told.redriven


def test_statements_of_one_epoch_say_nothing_of_another() -> None:
    statements = Statements("coverage")
    for offset, one in enumerate((CaughtUp("f", 1, 0, 4), CaughtUp("f", 2, 1, 4))):
        statements.take(LogRecord(offset, 0, *statement_row(one)))
    assert statements.unread("f", 1, [0, 1]) == [1]
    assert statements.unread("f", 2, [0, 1]) == [0]
    assert statements.unread("f", 2, [1]) == []
    assert replace(CaughtUp("f", 1, 0, 4), epoch=2).key != CaughtUp("f", 1, 0, 4).key
