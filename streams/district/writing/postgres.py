"""Writes a district into PostgreSQL: a schema per agency, real types and keys, live changes.

What a connector adds on the way (repeats, re-sent history) is left to the connector that reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from schemas.errors import SettingsError
from streams.district.event import Event
from streams.district.tables import COVERAGE_COLUMNS, TABLES, Table

if TYPE_CHECKING:
    import psycopg

_TYPES = {
    "text": "text",
    "int": "integer",
    "date": "date",
    "timestamp": "timestamp(0)",
    "decimal2": "numeric(18,2)",
    "decimal6": "numeric(18,6)",
}


def connect(url: str) -> psycopg.Connection:
    """Connect; raises ``SettingsError`` where that cannot be."""
    try:
        import psycopg
    except ImportError:
        raise SettingsError(
            'writing to PostgreSQL needs psycopg: pip install "dongjian[cdc]"'
        ) from None
    try:
        return psycopg.connect(url)
    except psycopg.OperationalError as error:
        raise SettingsError(f"PostgreSQL: {error}") from None


class PostgresWriter:
    """Creates the tables, loads the first day, and then plays changes as transactions."""

    def __init__(self, connection: psycopg.Connection, feeds: Iterable[str] = TABLES) -> None:
        self._connection = connection
        self._tables = [TABLES[feed] for feed in feeds]
        self._inserts = {table.feed: _insert(table) for table in self._tables}
        self._deletes = {table.feed: _delete(table) for table in self._tables}

    def create(self) -> None:
        """Create schemas and tables, empty; what is there already is dropped first."""
        with self._connection.cursor() as cursor:
            for schema in sorted({table.agency.schema for table in self._tables}):
                cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")
            for table in self._tables:
                cursor.execute(_create(table.name, table.columns, table.key))
                cursor.execute(_create(table.coverage_name, COVERAGE_COLUMNS, ("id",)))
                if table.replica_full:
                    cursor.execute(f"ALTER TABLE {table.name} REPLICA IDENTITY FULL")
        self._connection.commit()

    def load(self, events: Iterable[Event]) -> int:
        """Copy the rows of the first snapshot in one transaction; returns how many."""
        count = 0
        for feed, found in groupby(sorted(events, key=lambda e: e.feed), key=lambda e: e.feed):
            columns = ", ".join(TABLES[feed].columns)
            with (
                self._connection.cursor() as cursor,
                cursor.copy(f"COPY {TABLES[feed].name} ({columns}) FROM STDIN") as copy,
            ):
                for event in found:
                    copy.write_row(tuple((event.row or {}).values()))
                    count += 1
        self._connection.commit()
        return count

    def play(self, events: Iterable[Event]) -> int:
        """Apply changes in order, one transaction for each run of one table; returns how many."""
        count = 0
        for _, run in groupby(events, key=lambda event: event.feed):
            with self._connection.cursor() as cursor:
                for statement, values in self._statements(run):
                    cursor.execute(statement, values)
                    count += 1
            self._connection.commit()
        return count

    def _statements(self, events: Iterable[Event]) -> Iterator[tuple[str, tuple[object, ...]]]:
        for event in events:
            table = TABLES[event.feed]
            if event.op in ("insert", "snapshot"):
                yield self._inserts[event.feed], tuple((event.row or {}).values())
            elif event.op == "delete":
                yield self._deletes[event.feed], event.key
            elif event.op == "update":
                yield _update(table, event)
            elif event.op == "complete" and event.row is not None:
                yield (
                    f"INSERT INTO {table.coverage_name} VALUES (1, %s) "  # noqa: S608  # our names
                    "ON CONFLICT (id) DO UPDATE SET complete_until = EXCLUDED.complete_until",
                    (event.row["complete_until"],),
                )


def _create(name: str, columns: dict[str, str], key: tuple[str, ...]) -> str:
    typed = ", ".join(f"{column} {_TYPES[kind]}" for column, kind in columns.items())
    return f"CREATE TABLE {name} ({typed}, PRIMARY KEY ({', '.join(key)}))"


def _insert(table: Table) -> str:
    places = ", ".join(["%s"] * len(table.columns))
    return f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({places})"  # noqa: S608


def _delete(table: Table) -> str:
    where = " AND ".join(f"{column} = %s" for column in table.key)
    return f"DELETE FROM {table.name} WHERE {where}"  # noqa: S608  # names are our own


def _update(table: Table, event: Event) -> tuple[str, tuple[object, ...]]:
    before, row = event.before or {}, event.row or {}
    changed = [column for column in row if row[column] != before.get(column)]
    sets = ", ".join(f"{column} = %s" for column in changed)
    where = " AND ".join(f"{column} = %s" for column in table.key)
    values = (*(row[column] for column in changed), *event.key)
    return f"UPDATE {table.name} SET {sets} WHERE {where}", values  # noqa: S608  # our names
