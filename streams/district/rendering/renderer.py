"""What every envelope shares: which table and images an event speaks of, and fast JSON."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from streams.district.event import Event, Row
from streams.district.tables import COVERAGE_COLUMNS, Table

Message: TypeAlias = tuple[bytes, bytes]

to_json = msgspec.json.Encoder().encode


class Renderer:
    """Renders the events of one table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.database, _, self.name = table.name.partition(".")
        self.coverage = table.coverage_name.partition(".")[2]

    def render(self, event: Event) -> Message:
        raise NotImplementedError

    def key_of(self, event: Event) -> Row:
        """The primary key as an object, with the values as the table has them."""
        if event.op == "complete":
            return {"id": 1}
        image = event.row if event.row is not None else event.before or {}
        return {column: image[column] for column in self.table.key}

    def columns_of(self, event: Event) -> dict[str, str]:
        return COVERAGE_COLUMNS if event.op == "complete" else self.table.columns

    def name_of(self, event: Event) -> str:
        return self.coverage if event.op == "complete" else self.name
