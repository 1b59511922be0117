"""A heartbeat: a row or message in which a source says up to which day it has sent everything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from schemas.contract import Contract
from schemas.conversions import converter
from schemas.errors import RecordError
from streams.envelopes import RowChange

_EARLIEST = date(1949, 10, 1)


class Heartbeat:
    """Reads how far a feed says to be complete, from a change of its topic or of the heartbeat's.

    Raises ``RecordError`` for a heartbeat whose day cannot be read.
    """

    def __init__(self, contract: Contract) -> None:
        self._rule = contract.coverage
        self._table = self._rule.table or contract.table
        until = self._rule.until
        self._until = converter(until, contract.time_zone) if until else None
        self._column = until.columns[0] if until else ""

    def until(self, change: RowChange) -> date | None:
        """The day up to which the source says it is complete, if the change says so."""
        if self._rule.mode != "heartbeat" or change.table != self._table:
            return None
        if change.op == "skip":
            told = change.source.get("heartbeat")
            if not isinstance(told, dict):
                return None
            return _plausible(date.fromisoformat(str(told["complete_until"])), "complete_until")
        if not self._rule.table or change.op != "put" or self._until is None or change.row is None:
            return None
        value = change.row.get(self._column)
        if value is None:
            raise RecordError("missing_column", self._column, "the heartbeat's date")
        return _plausible(self._until(value), self._column)  # type: ignore[arg-type]  # is a date


def _plausible(until: date, column: str) -> date:
    """Refuse what stands for no day at all, such as the year 1 of an empty date."""
    if until < _EARLIEST:
        raise RecordError("bad_date", column, f"{until} as the day up to which all was sent")
    return until


def heartbeat_topics(contracts: Mapping[str, Contract]) -> dict[str, list[Contract]]:
    """The feeds whose heartbeats come on a topic of their own, by that topic."""
    found: dict[str, list[Contract]] = {}
    for _, contract in sorted(contracts.items()):
        topic = contract.coverage.topic
        if contract.coverage.mode == "heartbeat" and topic not in ("", contract.topic):
            found.setdefault(topic, []).append(contract)
    return found
