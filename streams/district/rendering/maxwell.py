"""Maxwell JSON: one row a message, times in seconds, decimals as exact numbers."""

from __future__ import annotations

import msgspec

from streams.district.event import Event, Row
from streams.district.rendering.renderer import Message, Renderer, to_json
from streams.district.tables import Table

_TYPES = {
    "insert": "insert",
    "update": "update",
    "delete": "delete",
    "snapshot": "bootstrap-insert",
    "broken": "insert",
}
_POSITION_FROM, _POSITION_STEP, _FILE_SIZE = 4, 411, 104_857_600


class Maxwell(Renderer):
    """Renders one table."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._decimals = tuple(c for c, kind in table.columns.items() if kind.startswith("decimal"))
        self._key = table.key

    def render(self, event: Event) -> Message:
        statement = event.op == "complete"
        kind = _TYPES.get(event.op, "update" if event.before else "insert")
        image = event.row if event.row is not None else event.before or {}
        value: Row = {
            "database": self.database,
            "table": self.name_of(event),
            "type": kind,
            "ts": event.committed_ms // 1000,
        }
        if kind != "bootstrap-insert":
            place = _POSITION_FROM + event.sequence * _POSITION_STEP
            value["xid"] = 9000 + event.sequence
            value["commit"] = True
            value["position"] = f"mysql-bin.{place // _FILE_SIZE + 1:06d}:{place % _FILE_SIZE}"
            value["xoffset"] = 0
        columns = ("id",) if statement else self._key
        value["primary_key"] = [image[column] for column in columns]
        value["primary_key_columns"] = list(columns)
        value["data"] = image if statement else self._exact(image)
        if kind == "update" and event.before is not None:
            changed = {c: v for c, v in event.before.items() if image[c] != v}
            value["old"] = changed if statement else self._exact(changed)
        key: Row = {"database": self.database, "table": value["table"]}
        key.update({f"pk.{column}": image[column] for column in columns})
        return to_json(key), to_json(value)

    def _exact(self, row: Row) -> Row:
        """Decimals as JSON numbers with all their digits."""
        if not self._decimals:
            return row
        exact = row.copy()
        for column in self._decimals:
            number = exact.get(column)
            if number is not None:
                exact[column] = msgspec.Raw(str(number).encode())
        return exact
