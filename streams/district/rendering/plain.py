"""Plain JSON: what an office without change data capture writes with its own program."""

from __future__ import annotations

from streams.district.event import Event, Row, iso_east
from streams.district.rendering.renderer import Message, Renderer, to_json


class Plain(Renderer):
    """Renders one table."""

    def render(self, event: Event) -> Message:
        if event.op == "complete":
            until = event.row["complete_until"] if event.row else None
            told: Row = {"op": "heartbeat", "table": self.table.name, "complete_until": until}
            return b"heartbeat", to_json(told)
        key = self.key_of(event)
        value: Row = {
            "op": "upsert" if event.row is not None else "delete",
            "table": self.table.name,
            "key": key,
            "at": iso_east(event.committed_ms),
        }
        if event.row is not None:
            value["row"] = event.row
        if event.op == "snapshot":
            value["snapshot"] = True
        else:
            value["sequence"] = event.sequence
            if event.row is None:
                value["before"] = event.before
        return to_json(key), to_json(value)
