"""The oracles: what the law says of tables of records, in SQL, knowing nothing of the detectors.

``Oracle.fill`` loads a directory that holds one file of JSON lines per record type
(``Death.jsonl``), as ``write_tables`` writes it; ``Oracle.active`` runs one model's SQL over it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_type_hints

import chinese_calendar
import duckdb
import msgspec

from schemas import RECORD_TYPES, Coverage, Record
from schemas.penalties import CAUSES

HERE = Path(__file__).parent
#: The models that have an oracle, by its file.
ORACLES = tuple(sorted(path.stem.upper() for path in HERE.glob("d*.sql")))
OURS = tuple(k for k in RECORD_TYPES.values() if k.__module__.startswith("schemas."))
FIRST, LAST = date(1990, 1, 1), date(2115, 12, 31)
_SOURCE = {"feed": "VARCHAR", "key": "VARCHAR", "src_agency": "VARCHAR", "src_region": "VARCHAR"}


class Alert(NamedTuple):
    """One active alert as law alone sees it."""

    party: str
    rule: str
    obligation: str
    status: str
    amount_fen: int
    due: date | None


def write_tables(records: Iterable[Record], directory: Path) -> None:
    """One file of JSON lines per type; every field is written, also where it has its default."""
    files: dict[str, list[str]] = {name: [] for name in RECORD_TYPES}
    for record in records:
        source = record.source
        row = {
            "feed": source.feed,
            "key": source.key,
            "src_agency": source.agency,
            "src_region": source.region,
        }
        row |= {name: getattr(record, name) for name in _columns(type(record))}
        files[type(record).__name__].append(msgspec.json.encode(row).decode())
    for name, lines in files.items():
        (directory / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")


class Oracle:
    """A database with a table per record type, in which the law is asked."""

    def __init__(self) -> None:
        base = self._base = duckdb.connect()
        base.execute("SET temp_directory = ''")  # an oracle that needs more than memory is wrong
        for kind in OURS:
            columns = ", ".join(f'"{c}" {sql}' for c, sql in (_SOURCE | _columns(kind)).items())
            base.execute(f'CREATE TABLE "{kind.__name__}" ({columns})')
        base.execute(
            "CREATE TABLE coverage"
            " (kind VARCHAR, since DATE, until DATE, narrowed MAP(VARCHAR, VARCHAR[]))"
        )
        base.execute("CREATE TABLE parameter (as_of DATE)")
        base.execute("CREATE TABLE listed (list VARCHAR, entry VARCHAR)")
        base.execute("CREATE TABLE calendar (day DATE, works BOOLEAN, n INTEGER)")
        base.execute(
            "INSERT INTO calendar"
            " SELECT unnest(?::DATE[]), unnest(?::BOOLEAN[]), unnest(?::INTEGER[])",
            [list(column) for column in zip(*_calendar(), strict=True)],
        )
        base.execute("CREATE TABLE falls_under (cause VARCHAR, charge VARCHAR)")
        self._insert(
            "falls_under", ((c, charge) for c, found in CAUSES.items() for charge in found)
        )
        base.execute((HERE / "macros.sql").read_text("utf-8"))
        self._filled: set[str] = set()

    def fill(
        self,
        directory: Path,
        as_of: date,
        coverage: Iterable[Coverage],
        lists: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        """Load the records of a directory, the day it is and what is complete, in place of the
        last. ``lists`` are what a deployment enters into reference lists."""
        for name in self._filled:
            self._base.execute(f'DELETE FROM "{name}"')
        self._filled = {"coverage", "parameter", "listed"}
        for kind in OURS:
            name = kind.__name__
            file = directory / f"{name}.jsonl"
            if not file.stat().st_size:
                continue
            self._filled.add(name)
            columns = {**_SOURCE, **_columns(kind)}
            listed = ", ".join(f"'{column}': '{sql}'" for column, sql in columns.items())
            self._base.execute(
                f'INSERT INTO "{name}" SELECT * FROM read_json(?,'
                f" format = 'newline_delimited', columns = {{{listed}}})",
                [str(file)],
            )
        stated = (
            (c.kind, c.since, c.until, {f: list(v) for f, v in c.which.items()}) for c in coverage
        )
        self._insert("coverage", stated)
        self._insert("parameter", ((as_of,),))
        given = (lists or {}).items()
        self._insert("listed", ((name, entry) for name, entries in given for entry in entries))

    def active(self, model: str) -> set[Alert]:
        """The active alerts of a model."""
        rules = told_of(model)
        sql = (HERE / f"{model.lower()}.sql").read_text("utf-8")
        rows = self._base.execute(sql).fetchall()
        rows = [row for row in rows if row[1] in rules or not rules]
        found = {Alert(*row) for row in rows}
        assert len(found) == len(rows), "the oracle reports an alert twice"
        return found

    def _insert(self, table: str, rows: Iterable[tuple[object, ...]]) -> None:
        many = list(rows)
        if many:
            marks = ", ".join("?" for _ in many[0])
            self._base.executemany(f"INSERT INTO {table} VALUES ({marks})", many)


def told_of(model: str) -> frozenset[str]:
    """The rules of a model that its oracle knows; empty: all of them.

    A first line ``-- Rules: one another`` says so where it leaves some out.
    """
    first = (HERE / f"{model.lower()}.sql").read_text("utf-8").partition("\n")[0]
    return frozenset(first.removeprefix("-- Rules:").split() if "Rules:" in first else ())


@cache
def _columns(kind: type[Record]) -> dict[str, str]:
    hints: dict[str, Any] = get_type_hints(kind)
    return {field: _sql(hints[field]) for field in kind.__struct_fields__ if field != "source"}


def _sql(hint: Any) -> str:
    kinds = [arm for arm in get_args(hint) if arm is not type(None)]
    if getattr(hint, "__origin__", None) is tuple:
        return f"{_sql(kinds[0])}[]"
    if kinds:
        return _sql(kinds[0])
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        inside = ", ".join(f'"{name}" {_sql(of)}' for name, of in get_type_hints(hint).items())
        return f"STRUCT({inside})"
    return {str: "VARCHAR", date: "DATE", int: "BIGINT", bool: "BOOLEAN", float: "DOUBLE"}[hint]


def _calendar() -> list[tuple[date, bool, int]]:
    """Every day, whether it is worked, and how many working days there were by then."""
    known = {day.year for day in chinese_calendar.holidays}
    rows: list[tuple[date, bool, int]] = []
    day, count = FIRST, 0
    while day <= LAST:
        works = chinese_calendar.is_workday(day) if day.year in known else day.weekday() < 5
        count += works
        rows.append((day, works, count))
        day += timedelta(days=1)
    return rows


def dumped(alert: Alert) -> str:
    """An alert for a failure's message, without the identity number."""
    return json.dumps([alert.rule, alert.status, alert.amount_fen, str(alert.due)])
