"""Canal's traps: text values, many rows, aligned changes, statements without rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from schemas.errors import EnvelopeError
from streams.envelopes import RowChange, decode

encode = msgspec.json.encode


def message(**fields: Any) -> bytes:
    told = {"data": [{"id": "1"}], "database": "civil", "es": 1738722600000, "id": 9}
    told |= {"isDdl": False, "mysqlType": {"id": "bigint(20)"}, "old": None, "pkNames": ["id"]}
    told |= {"sql": "", "sqlType": {"id": -5}, "table": "death", "ts": 1738722600798}
    return encode({**told, "type": "INSERT", **fields})


def changes(**fields: Any) -> list[RowChange]:
    return decode("canal", None, message(**fields))


@pytest.mark.parametrize(
    ("declared", "text", "expected"),
    [
        ("bigint(20) unsigned", "18446744073709551615", 2**64 - 1),
        ("BIGINT UNSIGNED", "9007199254740993", 9007199254740993),
        ("int", "-5", -5),
        ("tinyint(1)", "1", 1),
        ("year(4)", "2025", 2025),
        ("bit(1)", "1", True),
        ("bit(8)", "5", 5),
        ("decimal(12,2)", "0.10", "0.10"),
        ("double", "1.0E-5", "1.0E-5"),
        ("date", "2025-02-05", "2025-02-05"),
        ("datetime(6)", "2025-02-05 10:30:00.000001", "2025-02-05 10:30:00.000001"),
        ("timestamp", "2025-02-05 10:30:00", "2025-02-05 10:30:00"),
        ("varchar(18)", "0123", "0123"),
        ("enum('int','a')", "int", "int"),
        ("int", None, None),
    ],
)
def test_a_text_is_read_by_its_mysql_type(
    declared: str, text: str | None, expected: object
) -> None:
    (change,) = changes(data=[{"id": "1", "c": text}], mysqlType={"id": "int", "c": declared})
    assert change.row == {"id": 1, "c": expected}
    assert change.row is not None
    assert type(change.row["c"]) is type(expected)


def test_without_types_all_stays_text() -> None:
    (change,) = changes(mysqlType=None, data=[{"id": "1", "c": "5"}])
    assert change.row == {"id": "1", "c": "5"}


def test_old_is_aligned_by_row_and_holds_only_what_changed() -> None:
    types = {"id": "int", "a": "int", "b": "varchar(9)"}
    data = [{"id": "1", "a": "1", "b": "x"}, {"id": "2", "a": "2", "b": None}]
    first, second = changes(type="UPDATE", data=data, old=[{"a": "0"}, {"b": "y"}], mysqlType=types)
    assert (first.row, first.before) == (
        {"id": 1, "a": 1, "b": "x"},
        {"id": 1, "a": 0, "b": "x"},
    )
    assert (second.row, second.before) == (
        {"id": 2, "a": 2, "b": None},
        {"id": 2, "a": 2, "b": "y"},
    )


def test_an_update_that_moves_the_key_is_a_remove_and_a_put() -> None:
    gone, put = changes(type="UPDATE", data=[{"id": "2"}], old=[{"id": "1"}])
    assert (gone.op, gone.key, gone.before) == ("remove", {"id": 1}, {"id": 1})
    assert (put.op, put.key, put.row, put.before) == ("put", {"id": 2}, {"id": 2}, None)


def test_a_delete_removes_each_row() -> None:
    first, second = changes(type="DELETE", data=[{"id": "1"}, {"id": "2"}])
    assert [first.op, second.op] == ["remove", "remove"]
    assert (second.key, second.row, second.before) == ({"id": 2}, None, {"id": 2})


def test_execution_time_is_in_milliseconds() -> None:
    (change,) = changes()
    assert change.source_time == dt.datetime(2025, 2, 5, 2, 30, tzinfo=dt.UTC)
    assert change.sequence == (1738722600000,)


@pytest.mark.parametrize(
    ("kind", "sql", "op"),
    [
        ("ALTER", "alter table death add c int", "schema"),
        ("TRUNCATE", "truncate table death", "truncate"),
        ("QUERY", "/* app */ TRUNCATE death", "truncate"),
        ("QUERY", "create view truncated as select 1", "schema"),
    ],
)
def test_a_definition_is_no_row(kind: str, sql: str, op: str) -> None:
    (change,) = changes(isDdl=True, data=None, type=kind, sql=sql, mysqlType=None, pkNames=None)
    assert (change.op, change.table, change.source["ddl"]) == (op, "civil.death", sql)


def test_a_statement_without_rows_is_skipped_and_not_swallowed() -> None:
    (change,) = changes(type="QUERY", data=None)
    assert change.op == "skip"


def test_the_contract_may_name_the_key() -> None:
    (change,) = decode("canal", None, message(pkNames=None), key_columns=["id"])
    assert change.key == {"id": 1}
    assert changes(pkNames=None)[0].key is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"type": "UPDATE", "old": []}, "misaligned_old"),
        ({"data": []}, "missing_data"),
        ({"data": None}, "missing_data"),
        ({"data": [1]}, "bad_shape"),
        ({"data": [{"id": "x"}]}, "bad_value"),
        ({"data": [{"id": "１"}]}, "bad_value"),
        ({"data": [{"id": "1_0"}]}, "bad_value"),
        ({"pkNames": ["no"]}, "missing_key"),
        ({"pkNames": [1]}, "bad_shape"),
        ({"mysqlType": []}, "bad_type"),
        ({"mysqlType": {"id": 1}}, "bad_type"),
        ({"es": "now"}, "bad_shape"),
        ({"type": None}, "not_canal"),
    ],
)
def test_what_does_not_decode_has_a_typed_reason(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(EnvelopeError) as caught:
        changes(**fields)
    assert caught.value.reason == reason
