"""Keeps the libraries below from flooding the log: their levels, and a limit on repetitions.

In an outage aiokafka repeats the same two lines hundreds of times a second, and Faust draws tables
of offsets at every rebalance.
"""

from __future__ import annotations

import logging
import time

LIBRARIES = ("aiokafka", "faust", "kafka", "mode")
REPEAT_S = 10.0


class OncePer(logging.Filter):
    """Let one record per message template through in each interval, with what was held back."""

    def __init__(self, interval_s: float = REPEAT_S) -> None:
        super().__init__()
        self._interval_s = interval_s
        self._held: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        key = (record.name, str(record.msg))
        now = time.monotonic()
        since, held = self._held.get(key, (float("-inf"), 0))
        if now - since < self._interval_s:
            self._held[key] = (since, held + 1)
            return False
        self._held[key] = (now, 0)
        if held:
            record.msg = f"{record.msg} [{held} more like this]"
        return True


def quiet_libraries(level: int = logging.WARNING) -> None:
    """Set the level of the libraries and limit their repetitions; calling it again does nothing."""
    for library in LIBRARIES:
        logging.getLogger(library).setLevel(level)
    # A filter of a logger does not see the records of its children: each gets its own.
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in LIBRARIES:
            logger = logging.getLogger(name)
            if not any(isinstance(known, OncePer) for known in logger.filters):
                logger.addFilter(OncePer())
