"""The same business history through each envelope gives the same changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import event, given, settings

from streams.envelopes import RowChange, decoder
from tests.envelopes import histories
from tests.envelopes.histories import Messages, Row, Step, changes_of, read_by_contract

DEBEZIUM = [
    pytest.param(flavour, with_schema, id=f"{flavour}-{'schema' if with_schema else 'schemaless'}")
    for flavour in ("postgresql", "mysql")
    for with_schema in (True, False)
]
OTHERS = {"canal": histories.canal, "maxwell": histories.maxwell, "plain": histories.plain}


def decoded(envelope: str, messages: Messages) -> list[RowChange]:
    read = decoder(envelope)
    changes = [change for key, value in messages for change in read(key, value)]
    return [change for change in changes if change.op != "skip"]


def told(changes: list[RowChange]) -> list[tuple[str, Row | None, Row | None, Row | None]]:
    return [(change.op, change.key, change.row, change.before) for change in changes]


@pytest.mark.parametrize(("flavour", "with_schema"), DEBEZIUM)
@given(steps=histories.histories())
@settings(max_examples=80, deadline=None)
def test_debezium_tells_the_history(flavour: str, with_schema: bool, steps: list[Step]) -> None:
    changes = told(decoded("debezium", histories.debezium(steps, flavour, with_schema)))
    if not with_schema:
        changes = [
            (op, key, read_by_contract(row, flavour), read_by_contract(before, flavour))
            for op, key, row, before in changes
        ]
    assert changes == changes_of(steps)


@pytest.mark.parametrize("envelope", OTHERS)
@given(steps=histories.histories())
@settings(max_examples=80, deadline=None)
def test_canal_maxwell_and_plain_tell_the_history(envelope: str, steps: list[Step]) -> None:
    event(f"{sum(step.moves for step in steps)} moved keys")
    render: Callable[[list[Step]], Messages] = OTHERS[envelope]
    assert told(decoded(envelope, render(steps))) == changes_of(steps)


@given(steps=histories.histories())
@settings(max_examples=40, deadline=None)
def test_every_table_sequence_and_source_time_is_read(steps: list[Step]) -> None:
    for envelope, messages in (
        ("debezium", histories.debezium(steps, "postgresql", True)),
        ("debezium", histories.debezium(steps, "mysql", False)),
        ("canal", histories.canal(steps)),
        ("maxwell", histories.maxwell(steps)),
        ("plain", histories.plain(steps)),
    ):
        changes = decoded(envelope, messages)
        sequences = [change.sequence for change in changes]
        assert None not in sequences
        assert sequences == sorted(sequences, key=lambda sequence: sequence or ())
        assert {change.table for change in changes} == {"civil.pension"}
        if envelope != "plain":
            assert all(c.source_time and c.source_time.year == 2025 for c in changes)
        assert not any(change.snapshot or change.unset for change in changes)
