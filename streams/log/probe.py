"""How far a group is behind, asked over a connection of its own, from a thread."""

from __future__ import annotations

import abc
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

from kafka import IsolationLevel, TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec
from kafka.errors import KafkaError

from schemas.errors import LogError
from streams.log.kafka_servers import kafka_servers, knock
from streams.log.shared_log import SharedLog, log_path

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a group has committed and what it has before it."""

    committed: tuple[tuple[Place, int], ...]
    lag: int


class Probe(abc.ABC):
    """Asks the log; ``LogError`` means that the log, not the worker, is in trouble."""

    @abc.abstractmethod
    def offsets(self, group: str, places: list[Place]) -> tuple[dict[Place, int], dict[Place, int]]:
        """Return committed offsets (where there are any) and ends, of readable records."""

    @abc.abstractmethod
    def close(self) -> None: ...

    def backlog(self, group: str, places: Iterable[Place]) -> Backlog:
        wanted = sorted(places)
        if not wanted:
            return Backlog((), 0)
        committed, ends = self.offsets(group, wanted)
        lag = sum(max(0, ends[place] - committed.get(place, 0)) for place in wanted)
        return Backlog(tuple(sorted(committed.items())), lag)


class KafkaProbe(Probe):
    """Connects for each question: kept open, the client would reconnect all through an outage."""

    def __init__(self, broker_url: str, timeout_s: float = 10.0) -> None:
        self._servers = kafka_servers(broker_url)
        self._timeout_s = timeout_s

    def offsets(self, group: str, places: list[Place]) -> tuple[dict[Place, int], dict[Place, int]]:
        knock(self._servers, self._timeout_s)
        timeout_ms = int(self._timeout_s * 1000)
        tps = [TopicPartition(*place) for place in places]
        try:
            with closing(
                KafkaAdminClient(
                    bootstrap_servers=self._servers,
                    client_id="dongjian-watchdog",
                    request_timeout_ms=timeout_ms,
                    bootstrap_timeout_ms=timeout_ms,
                    reconnect_backoff_max_ms=1_000,
                )
            ) as admin:
                groups = admin.list_group_offsets({group: tps})
                # Read committed: an open transaction of a producer is no fault of the reader.
                ends = admin.list_partition_offsets(
                    dict.fromkeys(tps, OffsetSpec.LATEST),
                    isolation_level=IsolationLevel.READ_COMMITTED,
                    timeout_ms=timeout_ms,
                )
        except KafkaError as error:
            raise LogError(f"Kafka does not answer: {error!r}") from error
        committed = {tuple(tp): at.offset for tp, at in groups[group].items() if at.offset >= 0}
        return committed, {tuple(tp): at.offset for tp, at in ends.items()}

    def close(self) -> None:
        """Nothing stays open between two questions."""


class EmbeddedProbe(Probe):
    """The file always answers: whatever stands still is the worker's fault."""

    def __init__(self, broker_url: str) -> None:
        self._shared = SharedLog.acquire(log_path(broker_url))

    def offsets(self, group: str, places: list[Place]) -> tuple[dict[Place, int], dict[Place, int]]:
        log = self._shared.log
        committed: dict[Place, int] = {}
        for topic in {topic for topic, _ in places}:
            for number, position in log.committed(group, topic).items():
                if position is not None:
                    committed[topic, number] = position
        return (
            {place: at for place, at in committed.items() if place in places},
            {place: log.end(*place) for place in places},
        )

    def close(self) -> None:
        self._shared.release()


def open_probe(broker_url: str, timeout_s: float = 10.0) -> Probe:
    """Return a probe for a broker URL as users write it."""
    if broker_url.startswith("embedded:"):
        return EmbeddedProbe(broker_url)
    return KafkaProbe(broker_url, timeout_s)
