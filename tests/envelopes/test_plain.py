"""The plain form: everything it says is read, everything misspelt is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from schemas.errors import EnvelopeError, SettingsError
from streams.envelopes import EVERY_OTHER_COLUMN, RowChange, decode

encode = msgspec.json.encode


def one(message: dict[str, Any], **options: Any) -> RowChange:
    changes = decode("plain", None, encode(message), **options)
    assert len(changes) == 1
    return changes[0]


UPSERT = {"op": "upsert", "table": "civil.death", "key": {"id": 1}, "row": {"id": 1, "a": "x"}}


def test_an_upsert_puts_the_row() -> None:
    change = one({**UPSERT, "at": "2025-02-05T10:30:00+08:00", "sequence": [3, 4]})
    assert (change.op, change.key, change.row) == ("put", {"id": 1}, {"id": 1, "a": "x"})
    assert change.source_time == dt.datetime(2025, 2, 5, 2, 30, tzinfo=dt.UTC)
    assert (change.sequence, change.snapshot, change.unset) == ((3, 4), False, ())


def test_a_delete_removes_it() -> None:
    change = one({"op": "delete", "table": "civil.death", "key": {"id": 1}, "before": {"a": "x"}})
    assert (change.op, change.key, change.row, change.before) == (
        "remove",
        {"id": 1},
        None,
        {"a": "x"},
    )


def test_a_new_key_is_a_remove_and_a_put() -> None:
    gone, put = decode("plain", None, encode({**UPSERT, "old_key": {"id": 9}}))
    assert (gone.op, gone.key, put.op, put.key) == ("remove", {"id": 9}, "put", {"id": 1})
    assert one({**UPSERT, "old_key": {"id": 1}}).op == "put"


def test_a_partial_row_leaves_the_other_columns_unset() -> None:
    partial = {**UPSERT, "partial": True}
    assert one(partial).unset == (EVERY_OTHER_COLUMN,)
    assert one(partial, columns=["id", "a", "b", "c"]).unset == ("b", "c")


def test_a_heartbeat_states_coverage() -> None:
    beat = {"op": "heartbeat", "table": "civil.death", "complete_until": "2025-02-05"}
    change = one(beat)
    assert (change.op, change.table) == ("skip", "civil.death")
    assert change.source == {"heartbeat": {"complete_until": "2025-02-05"}}


def test_a_truncate_empties_the_table() -> None:
    assert one({"op": "truncate", "table": "civil.death"}).op == "truncate"


def test_the_feed_may_know_what_the_message_leaves_out() -> None:
    change = one({"op": "upsert", "row": {"id": 1}}, table="civil.death", key_columns=["id"])
    assert (change.table, change.key) == ("civil.death", {"id": 1})


def test_numbers_keep_their_digits() -> None:
    text = encode({**UPSERT, "row": {"a": 0}}).replace(b'{"a":0}', b'{"a":0.10,"b":1e2}')
    assert decode("plain", None, text)[0].row == {"a": "0.10", "b": "1e2"}


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({**UPSERT, "rwo": {}}, "bad_shape"),
        ({**UPSERT, "op": "insert"}, "bad_shape"),
        ({**UPSERT, "at": "2025-02-05T10:30:00"}, "naive_time"),
        ({**UPSERT, "at": "0001-01-01T00:00:00+08:00"}, "bad_time"),
        ({**UPSERT, "row": None}, "missing_field"),
        ({**UPSERT, "key": None}, "missing_key"),
        ({"op": "delete"}, "missing_key"),
        ({"op": "heartbeat"}, "missing_field"),
        ({"op": "heartbeat", "complete_until": "5 Feb"}, "bad_shape"),
        ([], "bad_shape"),
    ],
)
def test_what_does_not_decode_has_a_typed_reason(message: Any, reason: str) -> None:
    with pytest.raises(EnvelopeError) as caught:
        one(message)
    assert caught.value.reason == reason


def test_an_unknown_envelope_or_option_is_a_mistake_of_the_settings() -> None:
    with pytest.raises(SettingsError, match="debezium, canal, maxwell, plain"):
        decode("ogg", None, b"{}")
    with pytest.raises(SettingsError, match="colunms"):
        decode("plain", None, b"{}", colunms=["a"])
