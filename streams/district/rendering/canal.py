"""Canal JSON (FlatMessage): all values text, ``old`` with the changed columns only."""

from __future__ import annotations

from streams.district.event import Event, Row
from streams.district.rendering.renderer import Message, Renderer, to_json
from streams.district.tables import COVERAGE_COLUMNS, Table

_MYSQL = {
    "text": "varchar(255)",
    "int": "int(11)",
    "date": "date",
    "timestamp": "datetime",
    "decimal2": "decimal(18,2)",
    "decimal6": "decimal(18,6)",
}
_JDBC = {"text": 12, "int": 4, "date": 91, "timestamp": 93, "decimal2": 3, "decimal6": 3}
_TYPES = {"insert": "INSERT", "update": "UPDATE", "delete": "DELETE"}


class Canal(Renderer):
    """Renders one table. A snapshot row is an INSERT: Canal knows no other word for it."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._tails = {
            "row": self._tail(self.name, table.columns, table.key),
            "statement": self._tail(self.coverage, COVERAGE_COLUMNS, ("id",)),
        }

    def _tail(self, name: str, columns: dict[str, str], key: tuple[str, ...]) -> bytes:
        tail: Row = {
            "database": self.database,
            "table": name,
            "pkNames": list(key),
            "isDdl": False,
            "sql": "",
            "mysqlType": {column: _MYSQL[kind] for column, kind in columns.items()},
            "sqlType": {column: _JDBC[kind] for column, kind in columns.items()},
        }
        return b"," + to_json(tail)[1:]

    def render(self, event: Event) -> Message:
        statement = event.op == "complete"
        kind = _TYPES.get(event.op, "INSERT")
        if statement and event.before:
            kind = "UPDATE"
        image = event.row if event.row is not None else event.before or {}
        old: list[Row] | None = None
        if kind == "UPDATE" and event.before is not None:
            old = [_text({c: v for c, v in event.before.items() if image[c] != v})]
        # Canal tells the time of a statement in whole seconds.
        head: Row = {
            "data": [_text(image)],
            "old": old,
            "type": kind,
            "es": event.committed_ms // 1000 * 1000,
            "ts": event.committed_ms + 180,
            "id": event.sequence,
        }
        value = to_json(head)[:-1] + self._tails["statement" if statement else "row"]
        return "/".join(event.key).encode(), value


def _text(row: Row) -> Row:
    return {column: None if value is None else str(value) for column, value in row.items()}
