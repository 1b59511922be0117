"""Heartbeats on a topic of their own, as each envelope sends them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import pytest

from schemas.contract import Contract
from schemas.errors import EnvelopeError, RecordError
from streams.intake.heartbeat import heartbeat_topics
from streams.intake.heartbeat_topic import Listener
from streams.log.records import LogRecord
from tests.intake.agency import HEARTBEAT, Agency, contract

PLAIN = """
[[supplies]]
since = 2019-01-01
[coverage]
mode = "heartbeat"
topic = "agency.beats"
"""


def own_topic(envelope: str = "debezium") -> Contract:
    tail = HEARTBEAT.replace("table =", 'topic = "agency.beats"\ntable =')
    return contract(tail=tail, envelope=envelope)


def until(made: Contract, message: object, key: object = None) -> date | None:
    value = message if isinstance(message, bytes) else msgspec.json.encode(message)
    named = None if key is None else msgspec.json.encode(key)
    return Listener(made).until(LogRecord(0, 0, named, value))


def test_the_feeds_of_a_heartbeat_topic_are_found() -> None:
    made, other = own_topic(), contract(tail=HEARTBEAT)
    on_its_own = replace(made, topic="agency.beats")
    assert heartbeat_topics({"a": made, "b": other, "c": on_its_own}) == {"agency.beats": [made]}


def test_debezium_tells_it_by_a_row_of_the_heartbeats_table() -> None:
    agency = Agency()
    agency.heartbeat("2025-01-20")
    (record,) = agency.logs[0]
    assert Listener(own_topic()).until(record) == date(2025, 1, 20)


def test_canal_tells_it_by_a_row_of_the_heartbeats_table() -> None:
    message = {
        "database": "police", "table": "heartbeat", "type": "UPDATE", "isDdl": False, "id": 1,
        "es": 1_735_689_600_000, "ts": 1_735_689_600_000, "pkNames": ["id"],
        "data": [{"id": "1", "until": "2025-01-20"}], "old": [{"until": "2025-01-19"}],
    }  # fmt: skip
    assert until(own_topic(envelope="canal"), message) == date(2025, 1, 20)


def test_maxwell_tells_it_by_a_row_of_the_heartbeats_table() -> None:
    message = {
        "database": "police", "table": "heartbeat", "type": "insert", "ts": 1_735_689_600,
        "data": {"id": 1, "until": "2025-01-20"},
    }  # fmt: skip
    assert until(own_topic(envelope="maxwell"), message) == date(2025, 1, 20)


def test_plain_has_a_message_for_it() -> None:
    made = contract(envelope="plain", tail=PLAIN)
    message = {"op": "heartbeat", "table": "police.restraint", "complete_until": "2025-01-20"}
    assert until(made, message) == date(2025, 1, 20)
    assert until(made, {**message, "table": "police.another"}) is None


def test_rows_unwrapped_by_the_connector_are_rows_of_the_heartbeats_table() -> None:
    made = replace(own_topic(), flattened=True)
    message = {"id": 1, "until": "2025-01-20", "__deleted": "false"}
    assert until(made, message, {"id": 1}) == date(2025, 1, 20)


def test_a_day_that_cannot_be_read_is_said_to_be_so() -> None:
    agency = Agency()
    agency.heartbeat("soon")
    agency.send("", "u", {"id": 1}, table="police.heartbeat", partition=0)
    listener = Listener(own_topic())
    with pytest.raises(RecordError, match="bad_date"):
        listener.until(agency.logs[0][0])
    with pytest.raises(RecordError, match="missing_column: until"):
        listener.until(agency.logs[0][1])
    with pytest.raises(EnvelopeError):
        until(own_topic(), b"?")
