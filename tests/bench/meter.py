"""Counts what a Faust application has done and when: one of Faust's own sensors."""

from __future__ import annotations

import time
from typing import Any

import faust

from streams.log.chunks import Chunk


class Meter(faust.Sensor):
    """Records that came to the agents and that they are done with; the clocks at both ends.

    An event is a chunk or, in a stock application, one record.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.begun: tuple[float, float] | None = None  #: seconds: of the wall, of the CPU
        self.ended = (0.0, 0.0)
        self.done = 0

    def on_stream_event_in(self, tp: Any, offset: int, stream: Any, event: Any) -> dict[str, Any]:
        if self.begun is None:
            self.begun = now()
        return {}

    def on_stream_event_out(
        self, tp: Any, offset: int, stream: Any, event: Any, state: Any = None
    ) -> None:
        value = event.value
        self.done += len(value) if isinstance(value, Chunk) else 1
        self.ended = now()

    def asdict(self) -> dict[str, Any]:
        return {"done": self.done}


def now() -> tuple[float, float]:
    """The wall clock and the CPU seconds of this process, all threads."""
    return time.perf_counter(), time.process_time()
