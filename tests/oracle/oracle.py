"""The oracles: what the law says of tables of records, in SQL, knowing nothing of the detectors.

``fill`` loads a directory that holds one file of JSON lines per record type (``Death.jsonl``), as
``write_tables`` writes it; ``active`` runs one model's SQL over it.
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


def open_oracle() -> duckdb.DuckDBPyConnection:
    """A database of working days and codes, still without records."""
    base = duckdb.connect()
    base.execute("SET temp_directory = ''")  # an oracle that needs more than memory is wrong
    rows = _calendar()
    base.execute("CREATE TABLE calendar (day DATE, works BOOLEAN, n INTEGER)")
    base.execute(
        "INSERT INTO calendar SELECT unnest(?::DATE[]), unnest(?::BOOLEAN[]), unnest(?::INTEGER[])",
        [list(column) for column in zip(*rows, strict=True)],
    )
    base.execute("CREATE TABLE falls_under (cause VARCHAR, charge VARCHAR)")
    pairs = [(cause, charge) for cause, charges in CAUSES.items() for charge in charges]
    base.executemany("INSERT INTO falls_under VALUES (?, ?)", pairs)
    return base


def fill(
    base: duckdb.DuckDBPyConnection,
    directory: Path,
    as_of: date,
    coverage: Iterable[Coverage],
    lists: Mapping[str, Iterable[str]] | None = None,
    kinds: Iterable[type[Record]] = (),
) -> None:
    """Load the records of a directory, the day it is and what is complete, in place of the last.

    ``lists`` are what a deployment enters into reference lists; ``kinds``: only these types, all by
    default.
    """
    for kind in tuple(kinds) or OURS:
        name = kind.__name__
        columns = {**_SOURCE, **_columns(kind)}
        listed = ", ".join(f"'{column}': '{sql}'" for column, sql in columns.items())
        base.execute(
            f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM read_json(?,'
            f" format = 'newline_delimited', columns = {{{listed}}})",
            [str(directory / f"{name}.jsonl")],
        )
    base.execute(
        "CREATE OR REPLACE TABLE coverage (n INTEGER, kind VARCHAR, since DATE, until DATE)"
    )
    base.execute("CREATE OR REPLACE TABLE narrowed (n INTEGER, field VARCHAR, value VARCHAR)")
    for n, statement in enumerate(coverage):
        row = [n, statement.kind, statement.since, statement.until]
        base.execute("INSERT INTO coverage VALUES (?, ?, ?, ?)", row)
        for field, values in statement.which.items():
            for value in values:
                base.execute("INSERT INTO narrowed VALUES (?, ?, ?)", [n, field, value])
    base.execute("CREATE OR REPLACE TABLE parameter AS SELECT CAST(? AS DATE) AS as_of", [as_of])
    base.execute("CREATE OR REPLACE TABLE listed (list VARCHAR, entry VARCHAR)")
    for name, entries in (lists or {}).items():
        for entry in entries:
            base.execute("INSERT INTO listed VALUES (?, ?)", [name, entry])
    base.execute((HERE / "macros.sql").read_text("utf-8"))


def told_of(model: str) -> frozenset[str]:
    """The rules of a model that its oracle knows; empty: all of them.

    A first line ``-- Rules: one another`` says so where it leaves some out.
    """
    first = (HERE / f"{model.lower()}.sql").read_text("utf-8").partition("\n")[0]
    return frozenset(first.removeprefix("-- Rules:").split() if "Rules:" in first else ())


def active(base: duckdb.DuckDBPyConnection, model: str) -> set[Alert]:
    """The active alerts of a model, by its oracle."""
    rules = told_of(model)
    rows = base.execute((HERE / f"{model.lower()}.sql").read_text("utf-8")).fetchall()
    rows = [row for row in rows if row[1] in rules or not rules]
    found = {Alert(*row) for row in rows}
    assert len(found) == len(rows), "the oracle reports an alert twice"
    return found


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
