"""What Debezium 3.6 sent for one session on PostgreSQL 15, once without and once with schema.

``civil.t`` has one column of every kind and REPLICA IDENTITY DEFAULT, ``civil.f`` has a key of two
columns and REPLICA IDENTITY FULL. Statements: insert; update of a text (with a large value in
TOAST); infinite and far dates; an update of the key; deletions; truncate; a logical message. The
files are what ``dongjian decode --with-key`` reads.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.cli.decode import read_messages
from streams.envelopes import RowChange, decoder

RECORDED = Path(__file__).parent.parent / "data" / "debezium"
KINDS = ("schemaless", "schema")


def recorded(kind: str) -> list[RowChange]:
    read = decoder("debezium")
    changes: list[RowChange] = []
    with (RECORDED / f"postgresql-3.6-{kind}.jsonl").open("rb") as source:
        for _, message in read_messages(source, with_key=True):
            assert isinstance(message, tuple)
            changes += read(*message)
    return changes


@pytest.mark.parametrize("kind", KINDS)
def test_the_session_is_told_alike(kind: str) -> None:
    told = [(c.op, c.table, c.key, c.unset) for c in recorded(kind) if c.op != "skip"]
    toast = ("big", "ba", "ia", "ta")
    assert told == [
        ("put", "civil.t", {"id": 1}, ()),
        ("put", "civil.f", {"a": 1, "b": 1}, ()),
        ("put", "civil.t", {"id": 1}, ("big",)),
        ("put", "civil.t", {"id": 1}, ("big",)),
        ("put", "civil.t", {"id": 1}, toast),
        ("put", "civil.t", {"id": 1}, toast),
        ("remove", "civil.t", {"id": 1}, ()),
        ("put", "civil.t", {"id": 2}, toast),
        ("put", "civil.t", {"id": 3}, ()),
        ("remove", "civil.t", {"id": 3}, ()),
        ("remove", "civil.t", {"id": 2}, ()),
        ("put", "civil.f", {"a": 1, "b": 1}, ()),
        ("remove", "civil.f", {"a": 1, "b": 1}, ()),
        ("put", "civil.f", {"a": 1, "b": 2}, ()),
        ("remove", "civil.f", {"a": 1, "b": 2}, ()),
        ("truncate", "civil.t", None, ()),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_row_is_skipped_by_name(kind: str) -> None:
    skipped = [change.source for change in recorded(kind) if change.op == "skip"]
    for word in ("connector_heartbeat", "transaction", "tombstone", "message"):
        assert any(word in source for source in skipped)


@pytest.mark.parametrize("kind", KINDS)
def test_before_holds_what_postgresql_sent(kind: str) -> None:
    gone = [(c.key, c.before) for c in recorded(kind) if c.op == "remove"]
    assert gone[:3] == [({"id": n}, {"id": n}) for n in (1, 3, 2)]
    assert gone[3] == ({"a": 1, "b": 1}, {"a": 1, "b": 1, "v": "y"})


@pytest.mark.parametrize("kind", KINDS)
def test_each_change_comes_after_the_one_before(kind: str) -> None:
    changes = [change for change in recorded(kind) if change.op in ("put", "remove")]
    sequences = [change.sequence for change in changes if not change.snapshot]
    assert [change.sequence for change in changes if change.snapshot] == [None, None]
    assert sequences == sorted(sequence for sequence in sequences if sequence)
    assert len(set(sequences)) == len(sequences) - 2  # remove and put of a moved key share theirs


def test_every_kind_of_column_is_read_by_its_schema() -> None:
    row = recorded("schema")[0].row
    assert row is not None
    assert len(str(row.pop("big"))) == 3008
    assert row == {
        "id": 1,
        "name": "张三",
        "amount": "123.40",
        "n": "0.001",
        "w": "18446744073709551615",
        "d": "2025-02-05",
        "ts": "2025-02-05 10:30:00",
        "ts3": "2025-02-05 10:30:00.120",
        "tz": "2025-02-05T02:30:00.000000Z",
        "tm": "10:30:00",
        "b": True,
        "bi": 261,
        "j": '{"a": 1.10}',
        "arr": ["2025-02-05", "1899-01-01"],
        "u": "11111111-2222-3333-4444-555555555555",
        "f8": "0.1",
        "ba": "AQI=",
        "ia": [1, 2],
        "ta": ["x"],
    }


def test_infinite_and_far_dates_are_told_and_not_guessed() -> None:
    days = [c.row["d"] for c in recorded("schema") if c.op == "put" and c.row and "d" in c.row]
    assert "-infinity" in days
    assert "infinity" in days
    assert "3663382 days since 1970-01-01" in days
