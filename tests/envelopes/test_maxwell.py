"""Maxwell's traps: seconds, partial old, bootstraps, three ways to tell the key."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from schemas.errors import EnvelopeError
from streams.envelopes import RowChange, decode, decode_key

encode = msgspec.json.encode


def message(**fields: Any) -> bytes:
    told = {"database": "civil", "table": "death", "type": "insert", "ts": 1738722600, "xid": 5}
    told |= {"commit": True, "data": {"ID": 1, "a": "x"}}
    return encode({**told, **fields})


def one(key: Any = None, **fields: Any) -> RowChange:
    changes = decode("maxwell", None if key is None else encode(key), message(**fields))
    assert len(changes) == 1
    return changes[0]


def test_ts_is_in_seconds() -> None:
    assert one().source_time == dt.datetime(2025, 2, 5, 2, 30, tzinfo=dt.UTC)


def test_ts_of_a_definition_is_in_milliseconds() -> None:
    change = one(type="table-alter", ts=1738722600000, sql="alter table …", data=None)
    assert change.source_time == dt.datetime(2025, 2, 5, 2, 30, tzinfo=dt.UTC)
    assert (change.op, change.source["ddl"]) == ("schema", "alter table …")


@pytest.mark.parametrize("kind", ["table-create", "table-drop", "database-create"])
def test_a_definition_is_no_row(kind: str) -> None:
    assert one(type=kind).op == "schema"


def test_old_holds_only_what_changed() -> None:
    change = one(type="update", old={"a": None})
    assert (change.row, change.before) == ({"ID": 1, "a": "x"}, {"ID": 1, "a": None})


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        (None, {"primary_key": [1], "primary_key_columns": ["ID"]}),
        ({"database": "civil", "table": "death", "pk.id": 1}, {}),
        (["civil", "death", [{"id": 1}]], {}),
    ],
)
def test_the_key_is_told_in_three_ways(key: Any, fields: dict[str, Any]) -> None:
    assert one(key, **fields).key == {"ID": 1}
    gone, put = decode(
        "maxwell", encode(key) if key else None, message(type="update", old={"ID": 9}, **fields)
    )
    assert (gone.op, gone.key, gone.before) == ("remove", {"ID": 9}, {"ID": 9, "a": "x"})
    assert (put.op, put.key, put.before) == ("put", {"ID": 1}, None)


def test_a_table_without_a_primary_key_has_none() -> None:
    assert one({"database": "civil", "table": "death", "_uuid": "u"}).key is None


def test_the_key_can_be_read_when_the_value_cannot() -> None:
    key = b'{"database":"civil","table":"death","pk.id":1}'
    assert decode_key("maxwell", key) == {"id": 1}
    assert decode_key("maxwell", key, key_columns=["ID"]) == {"ID": 1}


def test_a_bootstrap_is_a_snapshot_with_a_beginning_and_an_end() -> None:
    row = one(type="bootstrap-insert", position="mysql-bin.000001:4")
    assert (row.op, row.snapshot, row.sequence) == ("put", True, None)
    start, end = one(type="bootstrap-start", data={}), one(type="bootstrap-complete", data={})
    assert [start.op, start.snapshot, end.op, end.snapshot] == ["skip", "first", "skip", "last"]


def test_positions_order_changes_and_any_position_is_after_a_time() -> None:
    early = one().sequence
    placed = one(position="mysql-bin.000123:4567").sequence
    later = one(position="mysql-bin.000123:4567", xoffset=1).sequence
    assert (early, placed, later) == ((0, 1738722600), (123, 4567, 0), (123, 4567, 1))
    assert early is not None
    assert placed is not None
    assert early < placed < (later or ())


def test_numbers_keep_their_digits() -> None:
    text = message(data={"a": 0}).replace(
        b'"data":{"a":0}', b'"data":{"a":0.10,"b":18446744073709551615,"c":1.0E-7}'
    )
    (change,) = decode("maxwell", None, text)
    assert change.row == {"a": "0.10", "b": 2**64 - 1, "c": "1.0E-7"}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"type": "upsert"}, "unknown_type"),
        ({"type": 1}, "not_maxwell"),
        ({"data": None}, "missing_data"),
        ({"data": "encrypted"}, "missing_data"),
        ({"type": "update", "old": [1]}, "bad_image"),
        ({"primary_key_columns": ["no"]}, "missing_key"),
        ({"primary_key_columns": "ID"}, "bad_key"),
        ({"position": "nowhere"}, "bad_position"),
        ({"ts": 99_999_999_999 * 9000}, "bad_time"),
    ],
)
def test_what_does_not_decode_has_a_typed_reason(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(EnvelopeError) as caught:
        one(**fields)
    assert caught.value.reason == reason
