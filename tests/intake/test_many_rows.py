"""Messages of many rows (Canal): each record on its own, one position, one entry in quarantine."""

from __future__ import annotations

from typing import Any

import msgspec

from schemas.change import Put
from streams.intake.orders import Redrive
from streams.log.records import LogRecord
from tests.intake.agency import BEGIN_MS, REPAIRED, World, contract, row


def canal(kind: str, *rows: dict[str, Any], table: str = "restraint", **more: Any) -> bytes:
    message = {
        "database": "police", "table": table, "type": kind, "es": BEGIN_MS, "isDdl": False,
        "pkNames": ["no"], "data": rows, "old": None, **more,
    }  # fmt: skip
    return msgspec.json.encode(message)


def world(codes: str | None = None, partitions: int = 1) -> World:
    more = {"codes": codes} if codes else {}
    return World(contract(envelope="canal", **more), partitions)


def send(w: World, partition: int, value: bytes) -> None:
    w.agency.append(partition, None, value)


def standing(w: World) -> dict[str, Any]:
    return {key: what for rows in w.fold.standing().values() for key, what in rows.items()}


def test_one_unreadable_row_of_a_message_does_not_keep_the_others() -> None:
    w = world()
    send(w, 0, canal("INSERT", row("K1", who=1), row("K2", who=2, kind="9"), row("K3", who=3)))
    w.drain()
    assert {key for key, what in standing(w).items() if what == "unreadable"} == {"K2"}
    assert len(w.open_entries()) == 1
    told = len(w.fold.messages)
    w.repair(contract(envelope="canal", codes=REPAIRED))
    w.redrive_all()
    w.drain()
    assert {m.subject.partition(":")[0] for m in w.fold.messages[told:]} == {"case", "person"}
    assert all(isinstance(m, Put) and b'"K2"' in bytes(m.row) for m in w.fold.messages[told:])
    assert w.open_entries() == []


def test_a_record_touched_twice_in_a_message_is_told_once() -> None:
    w = world()
    send(w, 0, canal("INSERT", row("K1", who=1), row("K1", who=2, place="last")))
    w.drain()
    assert len(w.fold.messages) == 2
    assert standing(w)["K1"]["place"] == "last"


def test_rows_of_other_tables_are_skipped_though_they_lack_the_key() -> None:
    w = world()
    send(w, 0, canal("INSERT", {"id": "1"}, table="other", pkNames=["id"]))
    w.drain()
    assert not w.entries
    assert not w.holds


def test_a_changed_key_sweeps_its_old_record_from_another_partition() -> None:
    w = world(partitions=2)
    send(w, 0, canal("INSERT", row("K1", who=1)))
    w.drain()
    moved = canal("UPDATE", row("K2", who=1), old=[{"no": "K1"}], es=BEGIN_MS + 5000)
    send(w, 1, moved)
    w.drain()
    assert set(standing(w)) == {"K2"}


def test_a_redrive_of_a_message_that_is_wholly_known_changes_nothing() -> None:
    w = world()
    send(w, 0, canal("INSERT", row("K1", who=1)))
    w.drain()
    told = len(w.fold.messages)
    w.order(Redrive(1, LogRecord(0, 0, None, w.agency.logs[0][0].value)), 0)
    w.drain()
    assert len(w.fold.messages) == told
