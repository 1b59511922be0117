"""Whether a row change is news: later than the row that is here, and no repeat of older times."""

from __future__ import annotations

from collections.abc import Iterable

from detectors.framework.row import Row
from detectors.framework.tombstones import below
from schemas.change import Position, Put, Remove, Unreadable


def is_news(old: Row | None, message: Put | Remove | Unreadable, floor: Iterable[Position]) -> bool:
    """Whether a change is later than what is here, and no repeat of what a tombstone kept."""
    position = message.position
    redriven = not isinstance(message, Unreadable) and message.redriven
    if old is not None:
        if redriven and position == old.position:
            return message.term >= old.standing.term
        return position > old.position
    if redriven:
        return True
    return not below(floor, position.epoch, position.partition, position.offset)
