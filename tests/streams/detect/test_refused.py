"""What detection cannot do goes to quarantine, says where, and quotes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest

from detectors.framework.engine import Engine
from detectors.framework.registry import Catalogue, discover
from schemas.change import Position, Put, Rules, encode_message
from schemas.errors import ForeignRules
from schemas.record import Record
from schemas.subject import Tokens
from streams.detect import refused
from streams.detect.partition import Work, work
from streams.intake.quarantine import quarantine_row
from streams.log.records import LogRecord
from tests.factories import death, payment, person

TOKENS = Tokens("a secret of the tests")
SUBJECT = f"person:{TOKENS.person(person(1))}"


def failing() -> Catalogue:
    """The catalogue whose D01 fails with an error that quotes a number; D02 goes on."""

    def fails(dossier: object, context: object) -> Iterator[object]:
        raise KeyError(person(1))
        yield

    catalogue = discover(packs=False)
    model = catalogue.model("D01")
    broken = replace(model, detector=replace(model.detector, evaluate=fails, needs=()))
    return replace(catalogue, models=(broken, catalogue.model("D02")))


def put(offset: int, record: Record) -> LogRecord:
    row = msgspec.Raw(msgspec.json.encode(record))
    message = Put(SUBJECT, type(record).__name__, row, Position(1, 0, offset))
    return LogRecord(offset, offset, SUBJECT.encode(), encode_message(message))


def worked(records: list[LogRecord]) -> tuple[Engine, list[Work]]:
    engine = Engine(failing(), TOKENS)
    rules = LogRecord(0, 0, None, encode_message(Rules(1, engine.hash)))
    return engine, list(work(engine, [rules, *records]))


def test_a_failing_model_is_told_by_model_dossier_and_line_and_stops_nothing() -> None:
    person_paid = [death(person=person(1)), payment(person=person(1))]
    engine, (piece,) = worked([put(n, row) for n, row in enumerate(person_paid, 1)])
    entries = [refused.of_failure(0, record, f) for record, f in piece.failures if not f.again]
    assert [(e.reason, e.feed, e.message.offset) for e in entries] == [
        ("model_failed", f"D01@{SUBJECT}", 1),
    ]
    assert len(piece.failures) == 2  # each counts, and the second says nothing new
    assert entries[0].detail.startswith("KeyError at test_refused.py:")
    assert all(person(1).encode() not in part for e in entries for part in quarantine_row(e))
    assert "D02" not in engine.evaluations  # nothing that it needs is here: it is not even called
    assert engine.head.offset == 2


def test_messages_that_cannot_be_read_are_passed_over_with_their_place() -> None:
    good = put(1, death(person=person(1)))
    value = good.value or b""
    bad = [
        LogRecord(1, 1, None, b"{"),
        LogRecord(2, 2, None, None),
        LogRecord(3, 3, None, value.replace(b'died_on":"', b'died_on":"9')),
        LogRecord(4, 4, None, value),
    ]
    engine, (piece,) = worked(bad)
    entries = [refused.of_message(0, record, why) for record, why in piece.unreadable]
    assert [(e.reason, e.message.offset) for e in entries] == [
        ("bad_message", offset) for offset in (1, 2, 3)
    ]
    assert entries[2].detail == "does not decode at $.died_on"
    assert engine.head.offset == 4
    assert len(engine.dossiers.subjects) == 1


def test_a_record_type_of_another_version_stops_the_partition_before_it() -> None:
    good = put(1, death(person=person(1)))
    value = (good.value or b"").replace(b'"kind":"Death"', b'"kind":"Novelty"')
    engine = Engine(failing(), TOKENS)
    rules = LogRecord(0, 0, None, encode_message(Rules(1, engine.hash)))
    pieces = work(engine, [rules, good, LogRecord(2, 2, None, value)])
    assert next(pieces).batches
    with pytest.raises(ForeignRules, match="Novelty"):
        next(pieces)
    assert engine.head.offset == 1
