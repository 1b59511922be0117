"""An owner of a partition that was frozen and goes on writing undoes no order of its successor."""

from __future__ import annotations

from msgspec.structs import replace

from streams.intake.orders import Redrive
from tests.intake.agency import REPAIRED, World, contract
from tests.intake.histories import KEYS


def test_a_redrive_survives_a_frozen_owner_and_a_crash_of_its_successor() -> None:
    world = World(contract(codes=REPAIRED), partitions=1)
    (stage,) = world.stages
    world.agency.put("K1", kind="7", place="long")  # no code of the table
    stage.work(1)
    stage.freeze()
    mended = world.open_entries()[0].message
    mended = replace(mended, value=(mended.value or b"").replace(b'"7"', b'"1"'))
    world.agency.put("K1", kind="2", toast=["place"])
    world.order(Redrive(1, mended))
    stage.obey()
    stage.work(1)
    standing = world.fold.standing()
    assert standing == world.expected()
    assert "unreadable" not in str(standing)
    stage.wake(1, order=False)  # it reads the partial row as one of an unreadable record
    stage.registry = None  # and the successor dies
    entry = stage.open().entry("K1")
    assert entry is not None
    assert entry.stands
    world.agency.put("K1", kind="9", toast=["place"])
    world.drain()
    assert world.fold.standing() == world.expected()


def test_what_a_frozen_owner_read_ahead_is_read_by_its_successor_where_an_order_came_between() -> (
    None
):
    world = World(contract(), partitions=1)
    (stage,) = world.stages
    world.agency.put("K1", kind="7")
    world.agency.put("K2", who=2)
    stage.work(2)
    stage.freeze()
    world.agency.put("K1", kind="1", place="later")
    world.agency.put("K2", who=1)
    world.dismiss(world.open_entries()[0])
    stage.obey()
    stage.wake(2, order=False)
    stage.registry = None
    world.drain()
    assert world.fold.standing() == world.expected()


def test_a_frozen_owner_sweeps_nothing_that_its_successor_saw() -> None:
    world = World(contract(), partitions=1)
    (stage,) = world.stages
    world.agency.put("K1")
    stage.work(1)
    stage.freeze()
    world.agency.snapshot()
    world.agency.put("K2")
    world.drain()
    stage.wake(0, order=True)  # of the snapshot it has seen nothing
    assert world.fold.standing() == world.expected()


def test_a_sweep_that_is_ordered_again_removes_no_more_than_at_first() -> None:
    world = World(contract(), partitions=2)
    keys = [next(k for k in KEYS if world.agency.partition(k) == number) for number in (0, 1)]
    for key in sorted(keys):
        world.agency.put(key)
    world.agency.snapshot()  # its last row comes to another partition later than its first
    for stage in world.stages:
        stage.work(5)
    asked = list(world.due.values())
    world.drain()
    for due in asked:
        world.order(due.sweep)
    world.drain()
    assert world.fold.standing() == world.expected()


def test_an_order_makes_nothing_read_that_only_a_frozen_owner_has_read() -> None:
    world = World(contract(), partitions=1)
    (stage,) = world.stages
    world.agency.put("K1", kind="7")  # no code of the table
    world.agency.put("K1", kind="8")
    world.agency.put("K1", kind="1")
    world.agency.put("K2")
    stage.work(1)
    stage.freeze()
    stage.work(1)
    unread = world.open_entries()[1]
    stage.wake(3, order=False)
    stage.registry = None
    world.dismiss(unread)
    stage.obey()  # by one that knows K2 from the frozen owner, and of K1 nothing later
    world.drain()
    entry = stage.open().entry("K1")
    assert entry is not None
    assert entry.offset == 2


def test_what_a_frozen_owner_takes_for_news_is_told_as_it_is_where_a_sweep_made_it_old() -> None:
    world = World(contract(), partitions=1, unwritten=5)
    (stage,) = world.stages
    world.agency.put("K1", kind="7")  # no code of the table
    world.agency.truncate()
    stage.work(2)
    stage.freeze()
    world.drain()
    world.agency.resend(2)
    stage.wake(1, order=False)
    world.drain()
    assert world.fold.standing() == world.expected() == {}


def test_another_contract_tells_again_what_only_a_frozen_owner_had_read_by_the_former() -> None:
    world = World(contract(), partitions=1, unwritten=2)
    (stage,) = world.stages
    for place in "abc":  # past what the first owner tells as if it had been told before
        world.agency.put("K1", place=place)
    stage.work(3)
    stage.freeze()
    world.agency.put("K1", place="later")
    stage.work(1)
    world.agency.put("K1", kind="9")
    stage.wake(2, order=False)  # to the former contract this is no code of the table
    world.repair(contract(codes=REPAIRED))
    world.drain()
    assert world.fold.standing() == world.expected()
