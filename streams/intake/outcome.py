"""What one source record led to: to be sent first, then to be written, in this order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from schemas.change import Put, Remove, Unreadable
from streams.intake.quarantine import Quarantined, Settled
from streams.intake.statements import Statement

Change = Put | Remove | Unreadable


@dataclass(slots=True)
class Outcome:
    """Effects of one record of a feed, or of one slice of an order."""

    changes: list[Change] = field(default_factory=list)
    quarantine: list[Quarantined | Settled] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    writes: list[tuple[bytes, bytes]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)  #: one of ``OUTCOMES`` for each row change


#: Remembers a payload under a key of the registry, and has it written.
Write = Callable[[bytes, bytes, Outcome], None]

#: Where a row change may end, as counted.
OUTCOMES = (
    "changed",  # new, or other than before
    "removed",
    "ended",  # left a list of present state
    "expired",  # left an archive; the fact stands
    "unchanged",  # the row as it is known: a re-snapshot
    "resent",  # older than what the source sent before
    "repeated",  # applied before a restart
    "quarantined",
    "masked",  # names nobody, and its contract says that this is to be expected
    "heartbeat",
    "unheard",  # a heartbeat of a topic of its own, of which no day could be read
    "truncated",
    "skipped",  # tombstones, other tables, schema changes
    "redriven",
    "superseded",  # came back from quarantine after something later
    "waiting",  # came back before something earlier
    "dismissed",
    "swept",
    "ordered",  # an order that changed nothing more
)


class Metrics(Protocol):
    """What intake counts."""

    def record(self, feed: str, outcome: str, count: int = 1) -> None:
        """Row changes of a feed, by where they ended."""

    def quarantined(self, feed: str, reason: str, count: int = 1) -> None:
        """Messages put into quarantine, by reason."""


class Tally:
    """Metrics in memory, for one-process tools and tests."""

    def __init__(self) -> None:
        self.records: Counter[tuple[str, str]] = Counter()
        self.reasons: Counter[tuple[str, str]] = Counter()

    def record(self, feed: str, outcome: str, count: int = 1) -> None:
        self.records[feed, outcome] += count

    def quarantined(self, feed: str, reason: str, count: int = 1) -> None:
        self.reasons[feed, reason] += count
