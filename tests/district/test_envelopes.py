"""The same event in four envelopes: decoded and mapped it is the same record, in the same order."""

from __future__ import annotations

import pytest

from schemas.errors import EnvelopeError, RecordError
from schemas.mapping import Mapper
from schemas.record import Record
from schemas.subject import Tokens
from streams.district import TABLES, Event, Rendering, contracts
from streams.envelopes import RowChange
from streams.intake.reading import Reading

TOKENS = Tokens("a secret of the tests")
ENVELOPES = ("debezium", "canal", "maxwell", "plain")


def _mapped(mapper: Mapper, row: dict[str, object] | None) -> Record | tuple[str, str]:
    try:
        return mapper.record(row or {})
    except RecordError as error:
        return error.reason, error.column


@pytest.fixture(scope="module")
def sample(events: list[Event]) -> list[Event]:
    """Every change, statement and broken message, and a tenth of the bulk."""
    bulk = ("snapshot", "insert", "complete")
    return [e for place, e in enumerate(events) if e.op not in bulk or place % 10 == 0]


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_what_is_rendered_decodes_to_what_was_meant(sample: list[Event], envelope: str) -> None:
    own = {feed: Mapper(contract, TOKENS) for feed, contract in contracts().items()}
    readings = {
        feed: Reading(contract, Mapper(contract, TOKENS), TOKENS)
        for feed, contract in contracts(envelope=envelope).items()
    }
    rendering = Rendering(envelope)
    seen = {"insert": 0, "update": 0, "delete": 0, "snapshot": 0, "complete": 0, "broken": 0}
    for event in sample:
        seen[event.op] += 1
        reading, message = readings[event.feed], rendering(event)
        if event.op == "broken":
            with pytest.raises(EnvelopeError):
                reading.decode(*message)
            continue
        (change,) = reading.decode(*message)
        if event.op == "complete":
            told = reading.heartbeat(change)
            assert told is not None
            assert told.isoformat() == (event.row or {})["complete_until"]
            continue
        assert change.table == TABLES[event.feed].name
        _same(event, change, own[event.feed])
    assert all(seen.values()), seen


def _same(event: Event, change: RowChange, mapper: Mapper) -> None:
    if change.source.get("type") != "INSERT":  # Canal has no word for the row of a snapshot
        assert bool(change.snapshot) == (event.op == "snapshot")
        assert (change.sequence is None) == (event.op == "snapshot")
    if event.op == "delete":
        assert change.op == "remove"
        assert change.key is not None
        assert mapper.key(change.key) == mapper.key(event.before or {})
    else:
        assert change.op == "put"
        assert _mapped(mapper, change.row) == _mapped(mapper, event.row)


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_the_sequence_of_a_row_grows_with_its_changes(events: list[Event], envelope: str) -> None:
    rendering = Rendering(envelope)
    readings = {
        feed: Reading(contract, Mapper(contract, TOKENS), TOKENS)
        for feed, contract in contracts(envelope=envelope).items()
    }
    newest: dict[tuple[str, tuple[str, ...]], tuple[int, ...]] = {}
    compared = 0
    for event in events:
        if event.op not in ("insert", "update", "delete") or event.note in ("resent", "duplicate"):
            continue
        if event.feed.endswith("payment"):
            continue
        (change,) = readings[event.feed].decode(*rendering(event))
        name = (event.feed, event.key)
        assert change.sequence is not None
        if name in newest:
            compared += 1
            assert change.sequence > newest[name]
        newest[name] = change.sequence
    assert compared > 30


def test_any_uses_every_envelope() -> None:
    assert set(Rendering("any").envelopes.values()) == set(ENVELOPES)
