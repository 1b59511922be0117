"""Looks at a running worker from outside: at its metrics and the log's offsets."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from schemas.errors import LogError
from streams.log.client import LogClient
from streams.metrics import Metrics
from streams.topics import DELIVERY, DETECT, INTAKE, Topics

#: Seconds over which a rate is taken.
_RATE_S = 2.0

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Sight:
    """One look."""

    at: float = 0.0
    #: messages or transitions done so far, by stage (``source``: appended to the agencies' topics)
    done: dict[str, int] = field(default_factory=dict)
    rate: dict[str, float] = field(default_factory=dict)  #: a second, by stage
    lag: dict[str, int] = field(default_factory=dict)  #: messages that wait, by stage
    age_days: dict[str, int] = field(default_factory=dict)  #: of a feed's completeness
    ticks: int = 0
    rounds: float = 0.0  #: when the clock last finished a round
    failures: int = 0  #: dossiers that a model failed on
    dossiers: int = 0

    @property
    def waiting(self) -> int:
        """Messages of agencies and of detection that wait."""
        return self.lag.get(INTAKE, 0) + self.lag.get(DETECT, 0)


class Watch:
    """Takes looks; ``sight`` is the last one."""

    def __init__(
        self, client: LogClient, metrics: Metrics, topics: Topics, feeds: Sequence[str]
    ) -> None:
        self._client, self._metrics, self._topics = client, metrics, topics
        self._feeds = list(feeds)
        self._past: list[tuple[float, dict[str, int]]] = []
        self.sight = Sight()
        self.appended = 0  #: set by whoever appends

    async def look(self) -> Sight:
        """Look once."""
        values = _values(self._metrics)
        now = time.monotonic()
        done = {
            "source": self.appended,
            INTAKE: int(values["dongjian_records_total"]),
            DETECT: int(values["dongjian_changes_applied_total"]),
            DELIVERY: int(values["dongjian_delivered_total"]),
        }
        self._past.append((now, done))
        while len(self._past) > 2 and now - self._past[1][0] > _RATE_S:
            self._past.pop(0)
        since, before = self._past[0]
        took = max(now - since, 0.001)
        self.sight = Sight(
            at=now,
            done=done,
            rate={stage: (count - before[stage]) / took for stage, count in done.items()},
            lag={
                INTAKE: await self._lag(INTAKE, self._feeds),
                DETECT: await self._lag(DETECT, [self._topics.changes]),
                DELIVERY: await self._lag(DELIVERY, [self._topics.alerts]),
            },
            age_days=_ages(self._metrics),
            ticks=int(values["dongjian_ticks_total"]),
            rounds=values["dongjian_clock_timestamp_seconds"],
            failures=int(values["dongjian_model_failures_total"]),
            dossiers=int(values["dongjian_subjects"]),
        )
        return self.sight

    async def _lag(self, role: str, topics: Sequence[str]) -> int:
        ends, done = await asyncio.gather(
            self._client.all_end_offsets(topics),
            self._client.all_committed(self._topics.app(role), topics),
        )
        return sum(
            max(0, end - (done[topic].get(partition) or 0))
            for topic, partitions in ends.items()
            for partition, end in partitions.items()
        )

    async def settled(self, timeout_s: float, pause_s: float = 0.1) -> bool:
        """Wait until nothing waits and the clock has nothing more to tell; whether it came to that.

        The clock's round that finds nothing new since its last tick is the proof: the tick knew
        all that the sources said, and detection has passed it.
        """
        give_up = time.monotonic() + timeout_s
        before: Sight | None = None
        while time.monotonic() < give_up:
            try:
                now = await self.look()
            except LogError:
                await asyncio.sleep(pause_s)
                continue
            idle = not any(now.lag.values())
            if idle and before is not None:
                if now.ticks == before.ticks and now.rounds > before.rounds:
                    return True
                if now.ticks == before.ticks:
                    await asyncio.sleep(pause_s)
                    continue
            before = now if idle else None
            await asyncio.sleep(pause_s)
        return False


def _values(metrics: Metrics) -> Counter[str]:
    """Sums of all samples by name."""
    found: Counter[str] = Counter()
    for family in metrics.registry.collect():
        for sample in family.samples:
            found[sample.name] += sample.value  # type: ignore[assignment]  # a counter of floats
    return found


def _ages(metrics: Metrics) -> dict[str, int]:
    """Per feed the days from what it is complete for to the clock's day."""
    families: Iterable[object] = metrics.coverage_age.collect()
    return {
        sample.labels["feed"]: int(sample.value // _DAY_S)
        for family in families
        for sample in family.samples  # type: ignore[attr-defined]  # prometheus has no types here
    }
