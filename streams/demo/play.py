"""Lets the district's days go by: each day's messages into the agencies' topics, then the clock."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import groupby, islice

from schemas.change import Position
from streams.district import District, Event, Rendering
from streams.district.writing import LogWriter, ensure_topics
from streams.log.client import LogClient

#: Messages appended in one go; between two the event loop does other things.
PART = 1_000

_PAUSE_S = 0.05


class Arrivals:
    """When each message of a feed was appended, to tell how long it took to become an alert."""

    def __init__(self) -> None:
        self._bases: dict[tuple[str, int], list[int]] = defaultdict(list)
        self._times: dict[tuple[str, int], list[float]] = defaultdict(list)

    def note(self, feed: str, partition: int, base: int, began: float) -> None:
        """Messages from offset ``base`` on were handed to the log at ``began``."""
        self._bases[feed, partition].append(base)
        self._times[feed, partition].append(began)

    def at(self, feed: str, position: Position) -> float | None:
        """When the message at a position was handed to the log; None if nobody saw it."""
        bases = self._bases.get((feed, position.partition), [])
        place = bisect_right(bases, position.offset) - 1
        return self._times[feed, position.partition][place] if place >= 0 else None


class Play:
    """One district on its way into the log. ``day`` is what the deployment's clock shows."""

    def __init__(
        self,
        district: District,
        days_per_s: float | None,
        brake: Callable[[], bool],
        sees: Callable[[Event], None],
    ) -> None:
        """``days_per_s`` None: as fast as they are taken; ``sees`` is shown what was appended."""
        self._district, self._days_per_s = district, days_per_s
        self._brake, self._sees = brake, sees
        self.day = district.window.since
        self.appended = 0
        self.over = False
        self.arrivals = Arrivals()

    @property
    def share(self) -> float:
        """How much of the window has gone by, from 0 to 1."""
        window = self._district.window
        return (self.day - window.since).days / max((window.until - window.since).days, 1)

    def today(self) -> date:
        """The simulated day."""
        return self.day

    async def run(self, client: LogClient, partitions: int) -> None:
        """Play all days; returns when the last message is in the log."""
        counts = await ensure_topics(client, partitions)
        writer = LogWriter(client, Rendering("any"), counts, appended=self.arrivals.note)
        window, started = self._district.window, time.monotonic()
        for day, events in groupby(self._district.events(), key=lambda event: event.day):
            if self._days_per_s is not None:
                due = started + (day - window.since).days / self._days_per_s
                await asyncio.sleep(max(due - time.monotonic(), 0))
            while self._brake():
                await asyncio.sleep(_PAUSE_S)
            for part in _parts(events):
                self.appended += await writer.write(part)
                for event in part:
                    self._sees(event)
                await asyncio.sleep(0)
            # Only now: a day that is shown before its messages are sent would be a false witness.
            self.day = day
        self.day = window.until
        self.over = True


def _parts(events: Iterable[Event]) -> Iterator[list[Event]]:
    rest = iter(events)
    while part := list(islice(rest, PART)):
        yield part
