"""What a worker owns and how far it is behind, asked of the broker when somebody scrapes."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Mapping

import faust

from schemas.errors import LogError
from streams.log.probe import Probe, open_probe
from streams.metrics import Metrics
from streams.watchdog import owned, settled

logger = logging.getLogger(__name__)

#: Seconds for which an answer is good enough, however many scrape.
FRESH_S = 2.0

#: Seconds that a scrape waits for the broker.
TIMEOUT_S = 3.0


class Lag:
    """Refreshes the metrics of progress, in the thread of whoever asks, never in the event loop."""

    def __init__(self, apps: Mapping[str, faust.App], broker_url: str, metrics: Metrics) -> None:
        self._apps, self._broker_url, self._metrics = apps, broker_url, metrics
        self._probe: Probe | None = None
        self._lock = threading.Lock()
        self._asked = float("-inf")

    def refresh(self) -> None:
        """Set the gauges; those of a broker that does not answer stay as they were."""
        with self._lock:
            if time.monotonic() - self._asked < FRESH_S:
                return
            self._asked = time.monotonic()
            for role, app in self._apps.items():
                self._metrics.recovering.labels(role).set(not settled(app))
                places = owned(app)
                for topic, count in Counter(topic for topic, _ in places).items():
                    self._metrics.partitions.labels(role, topic).set(count)
                try:
                    self._ask(role, app.conf.id, sorted(places))
                except LogError as error:
                    logger.warning("lag_unknown role=%s error=%s", role, error)
                    return

    def _ask(self, role: str, group: str, places: list[tuple[str, int]]) -> None:
        if not places:
            return
        if self._probe is None:
            self._probe = open_probe(self._broker_url, timeout_s=TIMEOUT_S)
        committed, ends = self._probe.offsets(group, places)
        waiting: Counter[str] = Counter()
        for place in places:
            waiting[place[0]] += max(0, ends[place] - committed.get(place, 0))
        for topic, count in waiting.items():
            self._metrics.lag.labels(role, topic).set(count)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            probe, self._probe = self._probe, None
            if probe is not None:
                probe.close()
