"""An owner of a partition that was frozen and goes on writing undoes no order of its successor."""

from __future__ import annotations

from msgspec.structs import replace

from streams.intake.orders import Redrive
from tests.intake.agency import REPAIRED, World, contract


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
