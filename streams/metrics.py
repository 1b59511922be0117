"""Every metric of Dongjian, declared in one place; labels are bounded and name no person."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from detectors.framework.effects import MODEL_FAILED
from detectors.framework.engine import Engine
from schemas.alert import Transition
from schemas.change import WITHDRAWN, Coverage

#: Seconds; from a few milliseconds to an hour of a source or a broker that was away.
_LATENCIES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600)

_DAY_S = 86_400


class Metrics:
    """The metrics of one worker, in a registry of their own."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._rules_labels: dict[str, tuple[str, str]] = {}

        def counter(name: str, text: str, labels: Sequence[str] = ()) -> Counter:
            return Counter(f"dongjian_{name}", text, labels, registry=self.registry)

        def gauge(name: str, text: str, labels: Sequence[str] = ()) -> Gauge:
            return Gauge(f"dongjian_{name}", text, labels, registry=self.registry)

        def seconds(name: str, text: str) -> Histogram:
            return Histogram(f"dongjian_{name}", text, buckets=_LATENCIES, registry=self.registry)

        feed, role, partition, model = ["feed"], ["role"], ["partition"], ["model"]
        # every role
        self.lag = gauge("lag_records", "Records not done by a role", ["role", "topic"])
        self.recovering = gauge("recovering", "1 while a role gets its partitions and state", role)
        self.partitions = gauge("partitions", "Partitions that a role owns here", ["role", "topic"])
        # intake
        self.records = counter(
            "records", "Row changes taken in, by where they ended", ["feed", "outcome"]
        )
        self.quarantine = counter("quarantined", "Messages put into quarantine", ["feed", "reason"])
        # detection
        self.messages = counter("changes_applied", "Messages applied by detection")
        self.busy = counter("detect_seconds", "Seconds spent on them, sends and writes included")
        self.evaluations = counter("evaluations", "Dossiers looked at", model)
        self.failures = counter("model_failures", "Dossiers that a model failed on", model)
        self.limits = counter(
            "limits_reached", "Dossiers of which something was left out", ["model", "reason"]
        )
        self.transitions = counter(
            "transitions", "Transitions published", ["model", "kind", "reason"]
        )
        self.subjects = gauge("subjects", "Dossiers in memory", partition)
        self.wakeups = gauge("wakeups", "Questions that wait for a day or for coverage", partition)
        self.as_of = gauge("as_of_timestamp_seconds", "The day that detection was told", partition)
        self.rules = gauge("rules_info", "The active rule set", ["partition", "number", "hash"])
        # delivery
        self.delivered = counter("delivered", "Transitions handed to Redis", ["outcome"])
        self.delivery_seconds = seconds(
            "delivery_seconds", "From the source's commit (else the log's arrival) to Redis"
        )
        self.redis_up = gauge("redis_up", "1 while delivery reaches Redis")
        self.stopped = gauge(
            "delivery_stopped", "1 while a ledger partition cannot be delivered", partition
        )
        # the clock
        self.ticks = counter("ticks", "Ticks appended")
        self.rounds = gauge("clock_timestamp_seconds", "When the clock last finished a round")
        self.left_behind = counter("tick_left_behind", "Ticks that did not wait for a feed", feed)
        self.coverage_age = gauge(
            "coverage_age_seconds", "From what a feed is complete for to the clock's day", feed
        )

    # ---- what intake says

    def record(self, feed: str, outcome: str, count: int = 1) -> None:
        """Row changes of a feed, by where they ended."""
        self.records.labels(feed, outcome).inc(count)

    def quarantined(self, feed: str, reason: str, count: int = 1) -> None:
        """Messages put into quarantine, by reason."""
        self.quarantine.labels(feed, reason).inc(count)

    # ---- what detection says

    def detected(self, messages: int, seconds: float, evaluations: Mapping[str, int]) -> None:
        """One chunk was applied, sent and stored."""
        self.messages.inc(messages)
        self.busy.inc(seconds)
        for model, count in evaluations.items():
            if count:
                self.evaluations.labels(model).inc(count)

    def told(self, transitions: Iterable[Transition]) -> None:
        """Transitions are in the ledger."""
        for t in transitions:
            self.transitions.labels(t.model, t.kind, t.reason or "").inc()

    def failed(self, model: str, reason: str = MODEL_FAILED) -> None:
        """A model failed on a dossier, or a declared limit left something out."""
        if reason == MODEL_FAILED:
            self.failures.labels(model).inc()
        else:
            self.limits.labels(model, reason).inc()

    def knows(self, partition: int, engine: Engine) -> None:
        """What one partition's engine holds by now."""
        label = str(partition)
        self.subjects.labels(label).set(len(engine.dossiers.subjects))
        self.wakeups.labels(label).set(engine.waiting)
        if engine.known.as_of > date.min:
            at = datetime.combine(engine.known.as_of, datetime.min.time(), UTC)
            self.as_of.labels(label).set(at.timestamp())
        rules = engine.known.rules
        if rules is not None:
            now = str(rules.number), rules.hash
            if self._rules_labels.get(label) != now:
                self._forget_rules(label)
                self._rules_labels[label] = now
                self.rules.labels(label, *now).set(1)

    def forgets(self, partition: int) -> None:
        """A partition of detection went to another worker, which tells of it from now on."""
        label = str(partition)
        for gauge in (self.subjects, self.wakeups, self.as_of):
            try:
                gauge.remove(label)
            except KeyError:  # it was never told of
                continue
        self._forget_rules(label)

    def _forget_rules(self, label: str) -> None:
        known = self._rules_labels.pop(label, None)
        if known is not None:
            self.rules.remove(label, *known)

    # ---- what delivery says

    def handed(self, transition: Transition, *, applied: bool) -> None:
        """A transition was handed to Redis: applied, or dropped as a repeat."""
        self.delivered.labels("applied" if applied else "repeat").inc()
        if applied:
            since_ms = transition.cause.source_time_ms or transition.at_ms
            self.delivery_seconds.observe(max(time.time() - since_ms / 1000, 0))

    # ---- what the clock says

    def ticked(self, as_of: date, coverage: Iterable[Coverage], behind: Iterable[str]) -> None:
        """A tick was appended to every partition."""
        self.ticks.inc()
        self.looked()
        until: dict[str, date] = {}
        for statement in coverage:
            if statement.until == WITHDRAWN:
                continue
            known = until.get(statement.feed, date.max)
            until[statement.feed] = min(known, statement.until)
        for feed, day in until.items():
            self.coverage_age.labels(feed).set((as_of - day).days * _DAY_S)
        for feed in behind:
            self.left_behind.labels(feed).inc()

    def looked(self) -> None:
        """The clock finished a round, whether or not there was anything to say."""
        self.rounds.set_to_current_time()
