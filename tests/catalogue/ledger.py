"""What was told over the whole time: every alert with its statuses, and the rows it rested on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from schemas.alert import Transition
from streams.district import Expected
from streams.district.event import day_of
from streams.district.truth import SLACK, SubjectOf

Name = tuple[str, str, str, str]
"""Model, rule, subject, obligation."""


@dataclass(slots=True)
class Alert:
    """One alert: from each day on, its status (empty: it does not stand)."""

    name: Name
    steps: list[tuple[date, str]] = field(default_factory=list)
    rows: set[tuple[str, str]] = field(default_factory=set)  #: feed and key of its evidence

    def status(self, day: date) -> str:
        return next((status for since, status in reversed(self.steps) if since <= day), "")


class Ledger:
    """Takes transitions as they are told."""

    def __init__(self) -> None:
        self._alerts: dict[Name, Alert] = {}

    def __call__(self, told: Transition) -> None:
        name = (told.model, told.rule, told.subject, told.obligation)
        alert = self._alerts.setdefault(name, Alert(name))
        alert.steps.append((day_of(told.at_ms), told.status.value if told.status.active else ""))
        alert.rows.update((one.feed, one.key) for one in told.evidence)

    def __iter__(self) -> Iterator[Alert]:
        """Every alert that ever stood."""
        return (alert for alert in self._alerts.values() if any(s for _, s in alert.steps))

    def matched(
        self, expected: list[Expected], subject_of: SubjectOf
    ) -> Iterator[tuple[Expected, Alert | None]]:
        """Each planned alert with the one that was told; no alert belongs to two."""
        left = {alert.name: alert for alert in self}
        by_subject: dict[tuple[str, str, str], list[Name]] = {}
        for name in left:
            by_subject.setdefault(name[:3], []).append(name)
        # Those that name their obligation take theirs first.
        for plan in sorted(expected, key=lambda one: not one.obligation):
            name = (plan.model, plan.rule, plan.subject(subject_of))
            wanted = plan.obligation_in(subject_of)
            fit = [
                left[one]
                for one in by_subject.get(name, ())
                if one in left and wanted in ("", one[3])
            ]
            alert = max(fit, key=lambda one: as_planned(plan, one), default=None)
            if alert is not None:
                del left[alert.name]
            yield plan, alert


def as_planned(plan: Expected, alert: Alert, until: date = date.max) -> bool:
    """Whether the alert had each planned status once that had settled, and before the next step.

    A status that the next step followed too soon need not have been seen.
    """
    asked = [min(since + SLACK + timedelta(1), until) for since, _ in plan.steps if since <= until]
    return all(
        alert.status(day) == plan.status(day) for day in asked if plan.settled(day) or day == until
    )
