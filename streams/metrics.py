"""Every metric of Dongjian, declared in one place; labels are bounded and name no person."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import date

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from detectors.framework.engine import Engine
from schemas.alert import Transition
from schemas.change import Coverage

#: Seconds; from a few milliseconds to an hour of a source or a broker that was away.
_LATENCIES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600)


class Metrics:
    """The metrics of one worker, in a registry of their own."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        r = self.registry
        self.records = Counter(
            "dongjian_records",
            "Row changes taken in, by where they ended",
            ["feed", "outcome"],
            registry=r,
        )
        self.quarantine = Counter(
            "dongjian_quarantined", "Messages put into quarantine", ["feed", "reason"], registry=r
        )
        self.lag = Gauge(
            "dongjian_lag_records",
            "Records of a topic that a role has not done",
            ["role", "topic"],
            registry=r,
        )
        self.coverage_age = Gauge(
            "dongjian_coverage_age_days",
            "Days from what a feed is complete for to the clock's day",
            ["feed"],
            registry=r,
        )
        self.messages = Counter(
            "dongjian_changes_applied", "Messages applied by detection", registry=r
        )
        self.detect_seconds = Counter(
            "dongjian_detect_seconds",
            "Time spent applying messages, outputs and state included",
            registry=r,
        )
        self.evaluations = Counter(
            "dongjian_evaluations", "Dossiers looked at", ["model"], registry=r
        )
        self.failures = Counter(
            "dongjian_model_failures", "Dossiers that a model failed on", ["model"], registry=r
        )
        self.transitions = Counter(
            "dongjian_transitions", "Transitions published", ["model", "kind", "reason"], registry=r
        )
        self.delivered = Counter(
            "dongjian_delivered",
            "Transitions handed to Redis, by what became of them",
            ["outcome"],
            registry=r,
        )
        self.delivery_seconds = Histogram(
            "dongjian_delivery_seconds",
            "From the source's commit (or the message's arrival where unknown) to Redis",
            buckets=_LATENCIES,
            registry=r,
        )
        self.redis_up = Gauge("dongjian_redis_up", "Whether delivery reaches Redis", registry=r)
        self.recovering = Gauge(
            "dongjian_recovering", "Whether a role recovers state", ["role"], registry=r
        )
        self.partitions = Gauge(
            "dongjian_partitions", "Partitions that a role owns", ["role"], registry=r
        )
        self.subjects = Gauge("dongjian_subjects", "Dossiers in memory", ["partition"], registry=r)
        self.wakeups = Gauge(
            "dongjian_wakeups",
            "Questions that wait for a day or for coverage",
            ["partition"],
            registry=r,
        )
        self.as_of = Gauge(
            "dongjian_as_of_days",
            "The clock's day, as days since 1970-01-01",
            ["partition"],
            registry=r,
        )
        self.rules = Gauge(
            "dongjian_rules_info",
            "The activated rule set",
            ["partition", "number", "hash"],
            registry=r,
        )
        self.ticks = Counter("dongjian_ticks", "Ticks appended", registry=r)
        self.tick_waits = Counter(
            "dongjian_tick_left_behind",
            "Ticks that went on without a feed that was behind",
            ["feed"],
            registry=r,
        )

    # ---- what intake says

    def record(self, feed: str, outcome: str, count: int = 1) -> None:
        self.records.labels(feed, outcome).inc(count)

    def quarantined(self, feed: str, reason: str, count: int = 1) -> None:
        self.quarantine.labels(feed, reason).inc(count)

    # ---- what detection says

    def detected(self, messages: int, seconds: float, evaluations: Mapping[str, int]) -> None:
        """One chunk was applied, sent and stored."""
        self.messages.inc(messages)
        self.detect_seconds.inc(seconds)
        for model, count in evaluations.items():
            if count:
                self.evaluations.labels(model).inc(count)

    def told(self, transitions: Iterable[Transition]) -> None:
        """Transitions are in the ledger."""
        for t in transitions:
            self.transitions.labels(t.model, t.kind, t.reason or "").inc()

    def knows(self, partition: int, engine: Engine) -> None:
        """What one partition's engine holds by now."""
        label = str(partition)
        self.subjects.labels(label).set(len(engine.dossiers.subjects))
        self.wakeups.labels(label).set(engine.waiting)
        self.as_of.labels(label).set((engine.known.as_of - date(1970, 1, 1)).days)
        rules = engine.known.rules
        if rules is not None:
            self.rules.labels(label, str(rules.number), rules.hash).set(1)

    # ---- what delivery says

    def handed(self, transition: Transition, outcome: str) -> None:
        """A transition was handed to Redis: applied, or dropped as a repeat."""
        self.delivered.labels(outcome).inc()
        if outcome == "applied":
            since_ms = transition.cause.source_time_ms or transition.at_ms
            self.delivery_seconds.observe(max(time.time() - since_ms / 1000, 0))

    # ---- what the clock says

    def ticked(self, as_of: date, coverage: Iterable[Coverage], behind: Iterable[str]) -> None:
        """A tick was appended to every partition."""
        self.ticks.inc()
        for statement in coverage:
            self.coverage_age.labels(statement.feed).set((as_of - statement.until).days)
        for feed in behind:
            self.tick_waits.labels(feed).inc()
