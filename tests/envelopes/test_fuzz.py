"""Whatever arrives, a decoder returns changes or raises an EnvelopeError with a known reason."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import EnvelopeError
from streams.cli.decode import shown
from streams.envelopes import ENVELOPES, REASONS, RowChange, decode, decode_key
from tests.envelopes import histories
from tests.envelopes.histories import Step

WORDS = [
    *("op", "before", "after", "source", "schema", "payload", "fields", "field", "type", "name"),
    *("parameters", "scale", "ts_ms", "lsn", "file", "pos", "snapshot", "table", "db", "data"),
    *("old", "database", "isDdl", "mysqlType", "pkNames", "es", "ts", "position", "key", "row"),
    *("primary_key_columns", "at", "complete_until", "sequence", "__op", "__deleted", "items"),
    *("u", "c", "d", "r", "t", "m", "UPDATE", "insert", "update", "upsert", "heartbeat", "struct"),
    *("org.apache.kafka.connect.data.Decimal", "io.debezium.time.Date", "bigint(20)", "bit(1)"),
    *("io.debezium.time.MicroTimestamp", "io.debezium.data.Bits", "mysql-bin.000001:4", "id"),
    "io.debezium.data.VariableScaleDecimal",
]
words = st.sampled_from(WORDS) | st.text(max_size=5)
numbers = st.integers() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False)
leaves = st.none() | st.booleans() | numbers | words
json_values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=6)
)


def outcome(attempt: Callable[[], Any]) -> tuple[str, Any]:
    """The reason why it failed, or what came of it."""
    try:
        return "", attempt()
    except EnvelopeError as error:
        reason = error.reason
    assert reason in REASONS
    return reason, None


def survives(envelope: str, key: bytes | None, value: bytes | None, **options: Any) -> bool:
    """Decode; True if there were changes. Their line can be printed and read again."""
    outcome(lambda: decode_key(envelope, key, **options))
    told, changes = outcome(lambda: decode(envelope, key, value, **options))
    if told:
        return False
    assert all(isinstance(change, RowChange) for change in changes)
    for change in changes:
        assert json.loads(shown(change))["op"] == change.op
    return True


@pytest.mark.parametrize("envelope", ENVELOPES)
@given(key=st.none() | st.binary(max_size=40), value=st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_bytes(envelope: str, key: bytes | None, value: bytes) -> None:
    survives(envelope, key, value)


@pytest.mark.parametrize("envelope", ENVELOPES)
@given(key=json_values, value=json_values, flattened=st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_json(envelope: str, key: Any, value: Any, flattened: bool) -> None:
    survives(envelope, json.dumps(key).encode(), json.dumps(value).encode(), flattened=flattened)


def messages_of(envelope: str, steps: list[Step]) -> histories.Messages:
    if envelope == "debezium":
        return histories.debezium(steps, "mysql", True) + histories.debezium(
            steps, "postgresql", False
        )
    render = {"canal": histories.canal, "maxwell": histories.maxwell, "plain": histories.plain}
    return render[envelope](steps)


def other_value(tree: Any, chance: random.Random, values: list[Any]) -> Any:
    """A JSON tree with one of its places taken by something of the wrong kind, or missing."""
    if isinstance(tree, dict) and tree and chance.random() < 0.85:
        name = chance.choice(sorted(tree))
        if chance.random() < 0.1:
            return {other: tree[other] for other in tree if other != name}
        return {**tree, name: other_value(tree[name], chance, values)}
    if isinstance(tree, list) and tree and chance.random() < 0.85:
        place = chance.randrange(len(tree))
        return [*tree[:place], other_value(tree[place], chance, values), *tree[place + 1 :]]
    return chance.choice(values)


@pytest.mark.parametrize("envelope", ENVELOPES)
@given(
    steps=histories.histories(),
    chance=st.randoms(use_true_random=False),
    values=st.lists(json_values, min_size=3, max_size=6),
    options=st.sampled_from([{}, {"key_columns": ["id"]}, {"flattened": True}, {"columns": ["a"]}]),
)
@settings(max_examples=100, deadline=None)
def test_valid_messages_with_wrong_values_inside(
    envelope: str,
    steps: list[Step],
    chance: random.Random,
    values: list[Any],
    options: dict[str, Any],
) -> None:
    for key, value in messages_of(envelope, steps):
        if value is not None:
            wrong = other_value(msgspec.json.decode(value), chance, values)
            survives(envelope, key, json.dumps(wrong).encode(), **options)
        if key is not None:
            wrong = other_value(msgspec.json.decode(key), chance, values)
            survives(envelope, json.dumps(wrong).encode(), value, **options)


@pytest.mark.parametrize("envelope", ENVELOPES)
@given(steps=histories.histories(), chance=st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_valid_messages_with_damaged_bytes(
    envelope: str, steps: list[Step], chance: random.Random
) -> None:
    for key, value in messages_of(envelope, steps):
        if value is None:
            continue
        damaged = bytearray(value)
        for _ in range(chance.randrange(1, 4)):
            place = chance.randrange(len(damaged))
            damaged[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
        survives(envelope, key, bytes(damaged))
