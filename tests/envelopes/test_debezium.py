"""Debezium's traps, each with a message as the connectors write it."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import msgspec
import pytest

from schemas.errors import EnvelopeError
from streams.envelopes import RowChange, decode, decode_key
from streams.envelopes.connect_values import decimal_text

encode = msgspec.json.encode
PLACEHOLDER = "__debezium_unavailable_value"


def source(**fields: Any) -> dict[str, Any]:
    told = {"connector": "postgresql", "ts_ms": 1738722600123, "snapshot": "false", "db": "office"}
    return {**told, "schema": "civil", "table": "death", "lsn": 24023128, **fields}


def message(op: str, before: Any = None, after: Any = None, **fields: Any) -> bytes:
    return encode({"before": before, "after": after, "source": source(**fields), "op": op})


def with_schema(
    columns: list[dict[str, Any]], after: dict[str, Any] | None, op: str = "c"
) -> bytes:
    image = {"type": "struct", "fields": columns, "name": "d.civil.death.Value"}
    fields = [{**image, "field": "before"}, {**image, "field": "after"}]
    schema = {"type": "struct", "fields": fields, "name": "d.civil.death.Envelope"}
    payload = {"before": None, "after": after, "source": source(), "op": op}
    return encode({"schema": schema, "payload": payload})


def one(value: bytes | None, key: Any = None, **options: Any) -> RowChange:
    changes = decode("debezium", None if key is None else encode(key), value, **options)
    assert len(changes) == 1
    return changes[0]


def read(column: dict[str, Any], value: object) -> object:
    """One column through a message with schema, twice: parsed, then by its known head."""
    text = with_schema([{**column, "field": "c"}], {"c": value})
    first, second = one(text), one(text)
    assert first == second
    assert first.row is not None
    return first.row["c"]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("io.debezium.time.Date", 20124, "2025-02-05"),
        ("io.debezium.time.Date", -25933, "1898-12-31"),
        ("io.debezium.time.Date", 99999999, "99999999 days since 1970-01-01"),
        ("org.apache.kafka.connect.data.Date", 0, "1970-01-01"),
        ("io.debezium.time.Time", 37800000, "10:30:00"),
        ("io.debezium.time.MicroTime", 37800000001, "10:30:00.000001"),
        ("io.debezium.time.NanoTime", 1, "00:00:00.000000001"),
        ("io.debezium.time.MicroTime", -3600000000, "-01:00:00"),
        ("io.debezium.time.MicroTime", 360000000000, "100:00:00"),
        ("org.apache.kafka.connect.data.Time", 500, "00:00:00.500"),
        ("io.debezium.time.Timestamp", 1738722600000, "2025-02-05 02:30:00"),
        ("io.debezium.time.Timestamp", 1738722600120, "2025-02-05 02:30:00.120"),
        ("org.apache.kafka.connect.data.Timestamp", -1, "1969-12-31 23:59:59.999"),
        ("io.debezium.time.MicroTimestamp", 1738722600000001, "2025-02-05 02:30:00.000001"),
        ("io.debezium.time.MicroTimestamp", 9223372036825200000, "infinity"),
        ("io.debezium.time.MicroTimestamp", -9223372036832400000, "-infinity"),
        ("io.debezium.time.NanoTimestamp", 1738722600000000001, "2025-02-05 02:30:00.000000001"),
        ("io.debezium.time.ZonedTimestamp", "2025-02-05T02:30:00Z", "2025-02-05T02:30:00Z"),
        ("io.debezium.time.IsoTimestamp", "2025-02-05T02:30:00Z", "2025-02-05 02:30:00"),
        ("io.debezium.time.IsoDate", "2025-02-05Z", "2025-02-05"),
        ("io.debezium.time.Year", 2025, 2025),
        ("io.debezium.data.Bits", base64.b64encode(b"\x05\x01").decode(), 261),
        ("io.debezium.data.VariableScaleDecimal", {"scale": 3, "value": "MDk="}, "12.345"),
    ],
)
def test_a_column_is_read_by_its_schema_name(name: str, value: object, expected: object) -> None:
    assert read({"type": "any", "name": name}, value) == expected


def decimal_column(scale: int, precision: int | None = 12) -> dict[str, Any]:
    parameters = {"scale": str(scale)}
    if precision is not None:
        parameters["connect.decimal.precision"] = str(precision)
    name = "org.apache.kafka.connect.data.Decimal"
    return {"type": "bytes", "name": name, "parameters": parameters}


def test_a_precise_decimal_keeps_its_scale_and_sign() -> None:
    assert read(decimal_column(2), "MDQ=") == "123.40"
    assert read(decimal_column(2), base64.b64encode(b"\xff").decode()) == "-0.01"
    assert read(decimal_column(0), "MDQ=") == "12340"
    assert decimal_text(0, 2) == "0.00"
    assert decimal_text(-5, -2) == "-500"


def test_a_decimal_written_as_a_number_keeps_its_digits() -> None:
    text = with_schema([{**decimal_column(2), "field": "c"}], {"c": 0}).replace(
        b'"after":{"c":0}', b'"after":{"c":9007199254740993.10}'
    )
    assert one(text).row == {"c": "9007199254740993.10"}


def test_an_unsigned_bigint_is_exact_in_both_modes() -> None:
    eleven = base64.b64encode(b"\0" + b"\xff" * 8).decode()
    assert read(decimal_column(0, None), eleven) == 2**64 - 1
    told = {"__debezium.source.column.type": "BIGINT UNSIGNED"}
    assert read({"type": "int64", "parameters": told}, -1) == 2**64 - 1
    assert read({"type": "int64"}, -1) == -1


def test_without_schema_numbers_and_texts_stay_what_was_sent() -> None:
    text = message("c", after={}).replace(
        b'"after":{}', b'"after":{"a":0.10,"b":18446744073709551615,"d":20124,"e":"MDQ=","f":1e5}'
    )
    row = {"a": "0.10", "b": 2**64 - 1, "d": 20124, "e": "MDQ=", "f": "1e5"}
    assert one(text).row == row


def test_a_variable_scale_decimal_is_recognised_without_schema() -> None:
    after = {"c": {"scale": 2, "value": "MDQ="}, "d": {"scale": "2", "value": "x", "z": 1}}
    assert one(message("c", after=after)).row == {"c": "123.40", "d": after["d"]}


def test_an_array_is_read_element_by_element() -> None:
    items = {"type": "int32", "name": "io.debezium.time.Date"}
    assert read({"type": "array", "items": items}, [0, None]) == ["1970-01-01", None]


def test_a_wrong_value_names_the_column_and_not_the_value() -> None:
    with pytest.raises(EnvelopeError) as caught:
        read({"type": "int32", "name": "io.debezium.time.Date"}, "11010118990307765X")
    assert caught.value.reason == "bad_value"
    assert "column c" in caught.value.detail
    assert "1899" not in str(caught.value)


def test_a_changed_table_is_read_by_its_new_schema() -> None:
    for name, expected in (("Date", "1970-01-02"), ("Year", 1), ("Date", "1970-01-02")):
        assert read({"type": "int32", "name": f"io.debezium.time.{name}"}, 1) == expected


def test_a_damaged_payload_behind_a_known_head_is_refused() -> None:
    text = with_schema([{"type": "string", "field": "c"}], {"c": "x"})
    one(text)
    for damaged in (text[:-2], text[:-1] + b"x", text[:-1] + b',"more":1}', text[:-8] + b"}"):
        with pytest.raises(EnvelopeError):
            one(damaged)


@pytest.mark.parametrize(
    "hidden",
    [
        PLACEHOLDER,
        base64.b64encode(PLACEHOLDER.encode()).decode(),
        PLACEHOLDER.encode().hex(),
        [PLACEHOLDER],
        list(PLACEHOLDER.encode()),
        {PLACEHOLDER: PLACEHOLDER},
    ],
)
def test_an_unavailable_value_is_unset_and_not_a_value(hidden: object) -> None:
    after = {"id": 1, "text": hidden, "tags": ["kept"]}
    change = one(message("u", before={**after, "id": 1}, after=after), {"id": 1})
    assert change.row == {"id": 1, "tags": ["kept"]}
    assert change.before == {"id": 1, "tags": ["kept"]}
    assert change.unset == ("text",)


def test_another_placeholder_is_an_option() -> None:
    text = message("u", after={"id": 1, "a": "-gone-", "b": PLACEHOLDER})
    change = one(text, {"id": 1}, placeholder="-gone-")
    assert (change.unset, change.row) == (("a",), {"id": 1, "b": PLACEHOLDER})


def test_a_snapshot_row_is_marked_and_has_no_place_in_the_log() -> None:
    for word, expected in (("true", True), ("last", "last"), ("incremental", "incremental")):
        change = one(message("r", after={"id": 1}, snapshot=word), {"id": 1})
        assert (change.op, change.snapshot, change.sequence) == ("put", expected, None)
    assert one(message("r", after={"id": 1}), {"id": 1}).snapshot is True
    assert one(message("c", after={"id": 1}, snapshot=False), {"id": 1}).snapshot is False


def test_a_tombstone_is_skipped() -> None:
    for value in (None, b"null", b'{"schema":null,"payload":null}'):
        assert one(value, {"id": 1}).op == "skip"


def test_a_tombstone_of_a_flattened_feed_deletes() -> None:
    change = one(None, {"id": 1}, flattened=True, table="civil.death")
    assert (change.op, change.key, change.table) == ("remove", {"id": 1}, "civil.death")


def test_a_truncate_names_the_table() -> None:
    change = one(encode({"source": source(), "op": "t", "ts_ms": 1, "before": None, "after": None}))
    assert (change.op, change.table, change.key) == ("truncate", "civil.death", None)


def test_without_before_the_key_comes_from_the_message_key() -> None:
    change = one(message("u", after={"id": 7, "a": 1}), {"id": 7})
    assert (change.key, change.before) == ({"id": 7}, None)
    key = {"schema": {"type": "struct", "fields": [], "name": "k"}, "payload": {"id": 7}}
    assert one(message("d"), key).key == {"id": 7}


def test_blanks_that_were_never_sent_are_no_values() -> None:
    before = {"id": 7, "name": "", "amount": None, "count": 0}
    assert one(message("d", before=before), {"id": 7}).before == {"id": 7}
    assert one(message("d", before=before), key_columns=["id"]).before == {"id": 7}
    full = {"id": 7, "name": "张三", "amount": None, "count": 0}
    assert one(message("d", before=full), {"id": 7}).before == full


def test_blanks_are_known_before_their_schema_makes_values_of_them() -> None:
    columns = [
        {"type": "int32", "field": "id"},
        {"type": "int32", "name": "io.debezium.time.Date", "field": "died_on"},
        {**decimal_column(2), "field": "amount"},
    ]
    before = {"id": 7, "died_on": 0, "amount": "AA=="}
    text = with_schema(columns, None, "d").replace(b'"before":null', b'"before":' + encode(before))
    assert one(text, {"id": 7}).before == {"id": 7}
    text = text.replace(b'"died_on":0', b'"died_on":1')
    assert one(text, {"id": 7}).before == {"id": 7, "died_on": "1970-01-02", "amount": "0.00"}


def test_an_update_that_moves_the_key_is_a_remove_and_a_put() -> None:
    text = message("u", before={"id": 1, "a": "x"}, after={"id": 2, "a": "y"})
    for key, options in (({"id": 2}, {}), (None, {"key_columns": ["id"]})):
        gone, put = decode("debezium", encode(key) if key else None, text, **options)
        assert (gone.op, gone.key, gone.before) == ("remove", {"id": 1}, {"id": 1, "a": "x"})
        assert (put.op, put.key, put.row) == ("put", {"id": 2}, {"id": 2, "a": "y"})
        assert (gone.row, put.before) == (None, None)


def test_the_binlog_position_orders_mysql_changes() -> None:
    place = {"schema": None, "lsn": None, "db": "civil", "file": "mysql-bin.000123", "pos": 4567}
    change = one(message("c", after={"id": 1}, row=2, **place))
    assert (change.table, change.sequence) == ("civil.death", (123, 4567, 2))
    assert one(message("c", after={"id": 1})).sequence == (24023128,)
    assert one(message("c", after={"id": 1}, lsn=None)).sequence is None


def test_the_source_time_is_utc_to_the_millisecond() -> None:
    at = dt.datetime(2025, 2, 5, 2, 30, 0, 123000, tzinfo=dt.UTC)
    assert one(message("c", after={"id": 1})).source_time == at
    assert one(message("c", after={"id": 1}, ts_ms=0)).source_time is None


def test_a_flattened_row_gives_up_its_metadata() -> None:
    row = {"id": 1, "op": 5, "name": "张三"}
    told = {"__op": "u", "__table": "death", "__schema": "civil", "__lsn": 9}
    change = one(encode({**row, **told, "__source_ts_ms": 1738722600123}), {"id": 1})
    assert (change.op, change.row, change.table) == ("put", row, "civil.death")
    assert (change.sequence, change.key) == ((9,), {"id": 1})
    assert change.source_time is not None
    gone = one(encode({**row, "__deleted": "true"}), {"id": 1}, table="civil.death")
    assert (gone.op, gone.key, gone.row) == ("remove", {"id": 1}, None)


def test_a_flattened_row_with_schema_is_read_by_it() -> None:
    fields = [{"type": "int32", "name": "io.debezium.time.Date", "field": "died_on"}]
    schema = {"type": "struct", "fields": fields, "name": "d.civil.death.Value"}
    change = one(encode({"schema": schema, "payload": {"died_on": 20124}}))
    assert (change.op, change.row) == ("put", {"died_on": "2025-02-05"})


def test_an_object_of_no_kind_is_not_taken_for_a_row() -> None:
    for other in ({"id": 1}, {"data": [{}], "type": "INSERT", "database": "d"}, {}):
        with pytest.raises(EnvelopeError, match="not_debezium"):
            one(encode(other))
        assert one(encode(other), flattened=True).row == other


def test_connector_messages_say_what_they_are() -> None:
    beat = one(encode({"ts_ms": 1738722600123}))
    assert beat.op == "skip"
    assert "connector_heartbeat" in beat.source
    mark = {"status": "END", "id": "571", "event_count": 2, "data_collections": [], "ts_ms": 1}
    assert one(encode(mark)).op == "skip"
    ddl = {"source": source(), "databaseName": "office", "ddl": "ALTER TABLE …", "tableChanges": []}
    change = one(encode(ddl))
    assert (change.op, change.table, change.source["ddl"]) == (
        "schema",
        "civil.death",
        "ALTER TABLE …",
    )
    logical = encode({"op": "m", "source": source(), "message": {"prefix": "p", "content": "eA=="}})
    assert one(logical).source["message"] == {"prefix": "p", "content": "eA=="}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"", "bad_json"),
        (b"[1]", "not_an_object"),
        (b"\xff", "bad_json"),
        (b'{"op":"c","after":{"a":"\xff"}}', "bad_utf8"),
        (b"[" * 100_000, "too_deep"),
        (message("x", after={"id": 1}), "unknown_op"),
        (message("c"), "missing_after"),
        (message("d"), "missing_key"),
        (message("c", after=[1]), "bad_image"),
        (encode({"op": "c", "after": {}, "source": "s"}), "bad_source"),
        (encode({"schema": [], "payload": {"op": "c", "after": {}}}), "bad_schema"),
        (encode({"schema": {"fields": [{"type": "int32"}]}, "payload": {"a": 1}}), "bad_schema"),
        (encode({"schema": {}, "payload": 5}), "not_an_object"),
        (message("c", after={"id": 1}, ts_ms=2**62), "bad_time"),
    ],
)
def test_what_does_not_decode_has_a_typed_reason(value: bytes, reason: str) -> None:
    with pytest.raises(EnvelopeError) as caught:
        one(value)
    assert caught.value.reason == reason


def test_the_key_can_be_read_when_the_value_cannot() -> None:
    assert decode_key("debezium", b'{"id":1}') == {"id": 1}
    assert decode_key("debezium", None) is None
    with pytest.raises(EnvelopeError, match="bad_key"):
        decode_key("debezium", b'"text"')
