"""Times that no calendar has, and days that are none: typed refusals, no worker's end."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from schemas.mapping import Mapper
from streams.intake.registry import Registry
from streams.intake.statements import Hold, Said
from streams.log.records import LogRecord
from tests.intake.agency import HEARTBEAT, TOKENS, Agency, contract

MICROSECONDS = 1_735_689_600_000_000  # a producer that stamps in another unit


def registry() -> Registry:
    made = contract(tail=HEARTBEAT)
    opened = Registry(made, Mapper(made, TOKENS), TOKENS, {})
    opened.claim()
    return opened


@pytest.mark.parametrize("at_ms", [MICROSECONDS, 10**17, -(10**15)])
def test_an_unreadable_message_with_an_impossible_time_holds_the_feed(at_ms: int) -> None:
    (hold,) = registry().apply(LogRecord(0, at_ms, None, b"?")).statements
    assert isinstance(hold, Hold)
    assert hold.day == date(1970, 1, 1)  # of what days it is, nobody can say


@pytest.mark.parametrize("at_ms", [MICROSECONDS, 10**17])
def test_a_good_row_with_an_impossible_time_is_taken_in(at_ms: int) -> None:
    agency = Agency(partitions=1)
    agency.put("K1")
    record = agency.logs[0][0]
    outcome = registry().apply(msgspec.structs.replace(record, timestamp_ms=at_ms))
    assert len(outcome.changes) == 2  # its case and its person
    assert outcome.quarantine == []


def test_a_heartbeat_of_the_year_one_says_nothing() -> None:
    agency, opened = Agency(partitions=1), registry()
    agency.heartbeat("0001-01-01")
    agency.heartbeat("2025-01-20")
    empty, good = (opened.apply(record) for record in agency.logs[0])
    assert [entry.reason for entry in empty.quarantine] == ["bad_date"]  # type: ignore[union-attr]
    assert empty.statements == []
    (said,) = good.statements
    assert isinstance(said, Said)
    assert said.until == date(2025, 1, 20)
