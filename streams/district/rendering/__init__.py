"""Puts events into envelopes: what a connector or an agency's own program would send.

Each module has a class whose ``render(event)`` gives the key and value of the message; counters
that an envelope needs (positions, transactions) are derived from the event, so that an event that
is sent again is the same message to the byte.
"""

from __future__ import annotations

from collections.abc import Mapping

from schemas.errors import SettingsError
from streams.district.event import Event
from streams.district.rendering.canal import Canal
from streams.district.rendering.debezium import Debezium
from streams.district.rendering.maxwell import Maxwell
from streams.district.rendering.plain import Plain
from streams.district.rendering.renderer import Message, Renderer
from streams.district.tables import TABLES

__all__ = ["Message", "Renderer", "Rendering", "render"]

_RENDERERS: dict[str, type[Renderer]] = {
    "debezium": Debezium,
    "canal": Canal,
    "maxwell": Maxwell,
    "plain": Plain,
}


class Rendering:
    """All tables in one envelope, or (``any``) each agency's in its own."""

    def __init__(self, envelope: str = "any") -> None:
        if envelope != "any" and envelope not in _RENDERERS:
            legal = ", ".join(("any", *_RENDERERS))
            raise SettingsError(f"no envelope {envelope!r}: one of {legal}")
        self.envelopes: Mapping[str, str] = {
            feed: table.agency.envelope if envelope == "any" else envelope
            for feed, table in TABLES.items()
        }
        self._renderers = {
            feed: _RENDERERS[self.envelopes[feed]](table) for feed, table in TABLES.items()
        }

    def __call__(self, event: Event) -> Message:
        """The key and the value of the event's message; of a broken one the value is cut off."""
        key, value = self._renderers[event.feed].render(event)
        if event.op == "broken":
            # In the middle of a word of several bytes or not: a cut-off message is no JSON.
            return key, value[: len(value) * 3 // 5]
        return key, value


def render(event: Event, envelope: str) -> Message:
    """One event in one envelope."""
    return _RENDERERS[envelope](TABLES[event.feed]).render(event)
