"""Every topic, application and table of a deployment, named and counted in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from streams.log.records import WEEK_MS, TopicSpec, changelog_spec

INTAKE, DETECT, DELIVERY, CLOCK = "intake", "detect", "delivery", "clock"
ROLES = (INTAKE, DETECT, DELIVERY, CLOCK)

#: Messages of the changes topic stay as long as agencies keep theirs: state is in the changelogs.
CHANGES_RETENTION_MS = WEEK_MS


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one deployment. Prefix and partition count are fixed for its life."""

    prefix: str = "dongjian"
    partitions: int = 4

    @property
    def changes(self) -> str:
        """Row changes by subject, ticks, marks and rules: what detection reads."""
        return f"{self.prefix}.changes"

    @property
    def alerts(self) -> str:
        """The ledger: every transition, partition by partition as in ``changes``, kept for ever."""
        return f"{self.prefix}.alerts"

    @property
    def coverage(self) -> str:
        """Coverage statements and holds of feeds; compacted, one partition."""
        return f"{self.prefix}.coverage"

    @property
    def quarantine(self) -> str:
        """What could not be read, with its original bytes, and what was decided of it."""
        return f"{self.prefix}.quarantine"

    @property
    def rules(self) -> str:
        """The activations so far; one partition."""
        return f"{self.prefix}.rules"

    @property
    def decisions(self) -> str:
        """What people decided of alerts."""
        return f"{self.prefix}.decisions"

    def control(self, feed: str, epoch: int) -> str:
        """Orders to every partition of one feed's intake: sweep, redrive, dismiss.

        One for each epoch, because a new epoch may have another partition count.
        """
        return f"{self.prefix}.control.{feed}.{epoch}"

    def app(self, role: str) -> str:
        """The Faust application, and so the consumer group, of a role."""
        return f"{self.prefix}-{role}"

    @property
    def state_table(self) -> str:
        return "state"

    def registry_table(self, feed: str, epoch: int) -> str:
        """The intake table of one feed; each epoch begins with an empty one."""
        return f"registry-{feed}-{epoch}"

    def core(self) -> list[TopicSpec]:
        """The topics that do not depend on feeds, the changelog of detection among them."""
        return [
            TopicSpec(self.changes, self.partitions, retention_ms=CHANGES_RETENTION_MS),
            TopicSpec(self.alerts, self.partitions),
            TopicSpec(self.coverage, 1, compact=True),
            TopicSpec(self.quarantine, 1, compact=True),
            TopicSpec(self.rules, 1),
            TopicSpec(self.decisions, 1),
            changelog_spec(self.app(DETECT), self.state_table, self.partitions),
        ]

    def for_feeds(self, feeds: Iterable[tuple[str, int, int]]) -> list[TopicSpec]:
        """Control topics and registry changelogs of feeds, given with epoch and partition count."""
        specs = []
        for feed, epoch, partitions in feeds:
            table = self.registry_table(feed, epoch)
            specs.append(TopicSpec(self.control(feed, epoch), partitions))
            specs.append(changelog_spec(self.app(INTAKE), table, partitions))
        return specs
