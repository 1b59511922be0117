"""What the clock reads: statements of completeness, what holds them up, what is due."""

from __future__ import annotations

from datetime import date, timedelta

from schemas.change import Coverage
from streams.intake.orders import Sweep
from streams.intake.statements import (
    Due,
    Hold,
    Said,
    Statement,
    Statements,
    Supply,
    coverage,
    statement_row,
    statements_topic,
)
from streams.log.client import open_client
from streams.log.records import LogRecord

SUPPLY = Supply("Death", date(2019, 1, 1), "2 d")


def before(day: date, term: str) -> date:
    return day - timedelta(days=int(term.split()[0]))


def said(until: int, *, partition: int = 0, epoch: int = 1, number: int = 0) -> Said:
    return Said("f", epoch, partition, date(2025, 1, until), (SUPPLY,), number)


def hold(offset: int, day: int | None, epoch: int = 1) -> Hold:
    return Hold("f", epoch, 0, offset, None if day is None else date(2025, 1, day))


def heard(*statements: Statement) -> Statements:
    found = Statements("coverage")
    for offset, statement in enumerate(statements):
        found.take(LogRecord(offset, 0, *statement_row(statement)))
    return found


def until(statements: Statements) -> date:
    (one,) = coverage(statements.said(), statements.holds(), before)["f"]
    assert isinstance(one, Coverage)
    return one.until


def test_the_lag_is_taken_off() -> None:
    assert until(heard(said(20))) == date(2025, 1, 18)


def test_the_latest_heartbeat_counts_whichever_partition_it_came_on() -> None:
    assert until(heard(said(20), said(25, partition=1))) == date(2025, 1, 23)


def test_the_earliest_hold_stops_the_feed_the_day_before() -> None:
    assert until(heard(said(20), hold(7, 15), hold(8, 12))) == date(2025, 1, 9)


def test_a_hold_that_is_lifted_holds_no_more() -> None:
    assert until(heard(said(20), hold(7, 15), hold(7, None))) == date(2025, 1, 18)


def test_a_higher_number_takes_back_what_lower_ones_said() -> None:
    statements = heard(said(20), said(5, partition=1, number=1))
    assert until(statements) == date(2025, 1, 3)
    assert statements.said()["f"].number == 1


def test_statements_and_holds_of_an_older_epoch_do_not_count() -> None:
    statements = heard(said(20, partition=1), said(9, epoch=2), hold(3, 1))
    assert statements.epochs == {"f": 2}
    assert until(statements) == date(2025, 1, 7)


async def test_what_is_due_stays_so_until_it_is_forgotten() -> None:
    due = Due("f", 0, 4, Sweep(1, "truncate", 5, date(2025, 1, 1), (9,)))
    async with open_client("embedded://") as client:
        await client.ensure_topics([statements_topic("coverage")])
        await client.append("coverage", 0, [statement_row(due)])
        statements = await Statements.load(client, "coverage")
        assert statements.due() == [due]
        await client.append("coverage", 0, [(due.key.encode(), None)])
        await statements.refresh(client)
        assert statements.due() == []
