"""One message of an agency's feed before it is put into an envelope."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias

Row: TypeAlias = dict[str, object]
Op: TypeAlias = Literal["insert", "update", "delete", "snapshot", "complete", "broken"]

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_DAY_MS = 86_400_000
_EAST_8_MS = 8 * 3_600_000  # no summer time in the years that matter
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Event(NamedTuple):
    """A change of a row, a row of a snapshot, a statement of completeness, or broken bytes.

    ``at_ms`` is when it reaches the topic, ``committed_ms`` when the source committed it;
    ``sequence`` grows in the source's own order, so an event that is sent again keeps it.
    ``note`` names the dirt, for whoever counts it; nothing of it is on the wire.
    """

    at_ms: int
    feed: str
    op: Op
    key: tuple[str, ...]  #: values of the primary key
    before: Row | None
    row: Row | None
    committed_ms: int
    sequence: int
    note: str = ""

    @property
    def at(self) -> datetime:
        return _EPOCH + timedelta(milliseconds=self.at_ms)

    @property
    def day(self) -> date:
        """The local day on which it reaches the topic."""
        return day_of(self.at_ms)


def at_ms(day: date, seconds: int = 0) -> int:
    """Epoch milliseconds of a local day and second."""
    return (day.toordinal() - _EPOCH_ORDINAL) * _DAY_MS - _EAST_8_MS + seconds * 1000


def day_of(milliseconds: int) -> date:
    """The local day of an instant."""
    return date.fromordinal((milliseconds + _EAST_8_MS) // _DAY_MS + _EPOCH_ORDINAL)


def local_text(milliseconds: int) -> str:
    """An instant as an agency's table has it: local, without a zone."""
    local = _EPOCH + timedelta(milliseconds=milliseconds + _EAST_8_MS)
    return local.strftime("%Y-%m-%d %H:%M:%S")


def iso_east(milliseconds: int) -> str:
    """An instant with the offset of the district: ``2025-02-05T10:30:00+08:00``."""
    return local_text(milliseconds).replace(" ", "T") + "+08:00"
