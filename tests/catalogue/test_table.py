"""The table of all models, made on a small district, and as it is kept for the README."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from streams.district import District
from tests.catalogue.chosen import with_lives
from tests.catalogue.cost import measured
from tests.catalogue.ledger import Ledger
from tests.catalogue.markdown import catalogue_table
from tests.catalogue.monitor import Monitor
from tests.catalogue.run import TOKENS, Table, play
from tests.catalogue.score import Mistake, lines
from tests.oracle.oracle import ORACLES

Result = tuple[Table, list[Mistake]]


@pytest.fixture(scope="module")
def three_years() -> Result:
    district = District(3, 1_500, date(2023, 1, 1), date(2025, 12, 31), organisations=150)
    return play(district, with_lives())


def test_over_three_years_all_that_is_planted_is_told_as_planned(three_years: Result) -> None:
    table, mistakes = three_years
    assert mistakes == []
    assert sum(line.planted for line in table.models) == sum(line.found for line in table.models)
    assert all(line.planted and line.look_alikes for line in table.models)
    assert not any(line.false or line.raised for line in table.models)


def test_on_the_last_day_sql_written_from_the_law_finds_the_same(three_years: Result) -> None:
    table, _ = three_years
    assert {one.model for one in table.agreements} == {*ORACLES}
    assert sum(one.agreed for one in table.agreements) > len(ORACLES)
    assert not any(one.only_model or one.only_oracle for one in table.agreements)


def test_every_model_was_evaluated_and_timed(three_years: Result) -> None:
    table, _ = three_years
    for line in table.models:
        assert line.evaluations >= line.planted
        assert 0 < line.p50_us <= line.p99_us


def test_the_table_is_kept_and_read_again(three_years: Result) -> None:
    table, _ = three_years
    assert msgspec.json.decode(msgspec.json.encode(table), type=Table) == table
    for language in ("en", "zh"):
        text = "\n".join(catalogue_table(table, language))  # type: ignore[arg-type]
        assert all(f"| {line.model}" in text for line in table.models)


def test_what_is_missed_late_false_or_raised_on_a_look_alike_is_counted() -> None:
    """The table can fail: transitions are withheld, and a look-alike's are let through."""
    district = District(3, 400, models=("D01",), dirty=False)
    ledger, told = Ledger(), []
    with measured() as costs:
        monitor = Monitor(district, TOKENS, told.append, with_lives().only(["D01"]))
        days: dict[date, list] = {}  # type: ignore[type-arg]
        for event in district.events():
            days.setdefault(event.day, []).append(event)
        for day, events in days.items():
            monitor.day(day, events)
    cured = next(one for one in told if one.status == "cured")
    withheld = next(one for one in told if one.alert != cured.alert)
    authors = district.authors(TOKENS.subject)
    feed, key = next(row for row, life in authors.items() if life.sort == "look_alike")
    proof = msgspec.structs.replace(withheld.evidence[0], feed=feed, key=key)
    wrong = msgspec.structs.replace(withheld, subject="person:nobody", evidence=(proof,))
    for one in told:
        if one.alert != withheld.alert and one is not cured:
            ledger(one)
    ledger(wrong)
    (line,), mistakes = lines(district, with_lives().only(["D01"]), ledger, TOKENS, costs)
    assert (line.planted - line.found, line.false, line.raised) == (2, 1, 1)
    assert line.precision < 1 > line.recall
    assert sorted(one.what.split()[0] for one in mistakes) == ["never", "not", "told"]
