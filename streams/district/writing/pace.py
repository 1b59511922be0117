"""Lets simulated days go by at a chosen speed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import groupby

from streams.district.event import Event


def paced(events: Iterable[Event], days_per_s: float | None) -> Iterator[list[Event]]:
    """The events day by day, each day when its time has come; None: as fast as they are taken.

    A day of which nothing is written still takes its time, so that the speed is what was asked for.
    """
    started = time.monotonic()
    first: int | None = None
    for day, found in groupby(events, key=lambda event: event.day):
        if days_per_s is not None:
            first = day.toordinal() if first is None else first
            wait = started + (day.toordinal() - first) / days_per_s - time.monotonic()
            if wait > 0:
                time.sleep(wait)
        yield list(found)
