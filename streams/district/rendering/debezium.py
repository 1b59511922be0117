"""Debezium JSON with schema, as its PostgreSQL connector sends it with default settings.

Dates are days, timestamps without zone microseconds of the wall clock, decimals the base64 of their
unscaled number. A table under REPLICA IDENTITY DEFAULT has no ``before`` but the key of a deletion.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable
from datetime import UTC, date, datetime

from streams.district.event import Event, Row
from streams.district.rendering.renderer import Message, Renderer, to_json
from streams.district.tables import COVERAGE_COLUMNS, Table

_DAY_ZERO = date(1970, 1, 1).toordinal()
_LSN_FROM, _LSN_STEP = 24_000_000, 136
_OPS = {"insert": "c", "update": "u", "delete": "d", "snapshot": "r", "broken": "c"}
_DATE = {"type": "int32", "name": "io.debezium.time.Date", "version": 1}
_TIMESTAMP = {"type": "int64", "name": "io.debezium.time.MicroTimestamp", "version": 1}


def _decimal_type(scale: int) -> Row:
    return {
        "type": "bytes",
        "name": "org.apache.kafka.connect.data.Decimal",
        "version": 1,
        "parameters": {"scale": str(scale), "connect.decimal.precision": "18"},
    }


_TYPES: dict[str, Row] = {
    "text": {"type": "string"},
    "int": {"type": "int32"},
    "date": _DATE,
    "timestamp": _TIMESTAMP,
    "decimal2": _decimal_type(2),
    "decimal6": _decimal_type(6),
}


def _days(value: object) -> int:
    return date.fromisoformat(str(value)).toordinal() - _DAY_ZERO


def _microseconds(value: object) -> int:
    wall = datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
    return int(wall.timestamp()) * 1_000_000


def _unscaled(value: object) -> str:
    number = int(str(value).replace(".", ""))
    size = number.bit_length() // 8 + 1
    return binascii.b2a_base64(number.to_bytes(size, "big", signed=True), newline=False).decode()


_ENCODED: dict[str, Callable[[object], object]] = {
    "date": _days,
    "timestamp": _microseconds,
    "decimal2": _unscaled,
    "decimal6": _unscaled,
}


class _Shape:
    """One table: the schemas that stand in every message, and the columns to encode."""

    def __init__(
        self, database: str, name: str, columns: dict[str, str], key: tuple[str, ...]
    ) -> None:
        self.encoded = [(c, _ENCODED[kind]) for c, kind in columns.items() if kind in _ENCODED]
        prefix = f"agency.{database}.{name}"
        images = [
            _struct(columns, (), f"{prefix}.Value", field="before"),
            _struct(columns, key, f"{prefix}.Value", field="after"),
        ]
        value: Row = {
            "type": "struct",
            "fields": [
                *images,
                _SOURCE,
                {"type": "string", "optional": False, "field": "op"},
                {"type": "int64", "optional": True, "field": "ts_ms"},
            ],
            "optional": False,
            "name": f"{prefix}.Envelope",
        }
        key_schema = _struct({c: columns[c] for c in key}, key, f"{prefix}.Key")
        self.key_head = b'{"schema":' + to_json(key_schema) + b',"payload":'
        self.value_head = b'{"schema":' + to_json(value) + b',"payload":'

    def image(self, row: Row) -> Row:
        image = row.copy()
        for column, encode in self.encoded:
            value = image[column]
            if value is not None:
                image[column] = encode(value)
        return image


def _struct(columns: dict[str, str], key: tuple[str, ...], name: str, field: str = "") -> Row:
    fields = [
        {**_TYPES[kind], "optional": column not in key, "field": column}
        for column, kind in columns.items()
    ]
    struct: Row = {"type": "struct", "fields": fields, "optional": bool(field), "name": name}
    return {**struct, "field": field} if field else struct


_SOURCE: Row = {
    "type": "struct",
    "fields": [
        {"type": kind, "optional": optional, "field": name}
        for name, kind, optional in (
            ("version", "string", False),
            ("connector", "string", False),
            ("name", "string", False),
            ("ts_ms", "int64", False),
            ("snapshot", "string", True),
            ("db", "string", False),
            ("schema", "string", False),
            ("table", "string", False),
            ("txId", "int64", True),
            ("lsn", "int64", True),
        )
    ],
    "optional": False,
    "name": "io.debezium.connector.postgresql.Source",
    "field": "source",
}


class Debezium(Renderer):
    """Renders one table."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._rows = _Shape(self.database, self.name, table.columns, table.key)
        self._statements = _Shape(self.database, self.coverage, COVERAGE_COLUMNS, ("id",))

    def render(self, event: Event) -> Message:
        statement = event.op == "complete"
        shape = self._statements if statement else self._rows
        op = ("u" if event.before else "c") if statement else _OPS[event.op]
        before = None
        if event.before is not None and (self.table.replica_full or op == "d"):
            before = shape.image(event.before)
            if op == "d" and not self.table.replica_full:
                before = {c: v if c in self.table.key else None for c, v in before.items()}
        payload: Row = {
            "before": before,
            "after": shape.image(event.row) if event.row is not None else None,
            "source": {
                "version": "2.7.4.Final",
                "connector": "postgresql",
                "name": "agency",
                "ts_ms": event.committed_ms,
                "snapshot": "true" if op == "r" else "false",
                "db": "district",
                "schema": self.database,
                "table": self.name_of(event),
                "txId": 700 + event.sequence,
                "lsn": _LSN_FROM + event.sequence * _LSN_STEP,
            },
            "op": op,
            "ts_ms": event.committed_ms + 250,
        }
        key = shape.key_head + to_json(self.key_of(event)) + b"}"
        return key, shape.value_head + to_json(payload) + b"}"
