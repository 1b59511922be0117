"""Every error that Dongjian raises on purpose.

DongjianError
├── ContractError      a feed contract is wrong: every mistake with its place
├── CardError          a model's card, its code and its cases disagree
├── SettingsError      a setting or a command-line value is wrong
├── EnvelopeError      a message does not decode in its envelope
├── RecordError        a row does not map or validate into its record type
├── LogError           the log (Kafka or embedded) cannot do what was asked
├── ForeignRules       a partition's state belongs to another rule set
├── LimitError         a declared limit was reached: what lies beyond it is left out
└── DeliveryGap        an alert's revision is missing: delivery must not go on
"""

from __future__ import annotations


class DongjianError(Exception):
    """Root of all errors of this project."""


class ContractError(DongjianError):
    """A feed contract is wrong; each mistake is ``place: what, and what would be legal``."""

    def __init__(self, source: str, mistakes: list[str]) -> None:
        self.source, self.mistakes = source, mistakes
        super().__init__("\n".join(f"{source}: {mistake}" for mistake in mistakes))


class CardError(DongjianError):
    """A model's card, code or cases disagree."""


class SettingsError(DongjianError):
    """A setting or command-line value is wrong."""


class EnvelopeError(DongjianError):
    """A message does not decode; ``reason`` is one of the quarantine codes of its envelope."""

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason, self.detail = reason, detail
        super().__init__(f"{reason}: {detail}" if detail else reason)


class RecordError(DongjianError):
    """A row does not become a record; ``reason`` is a quarantine code, ``column`` where it lies."""

    def __init__(self, reason: str, column: str = "", detail: str = "") -> None:
        self.reason, self.column, self.detail = reason, column, detail
        super().__init__(": ".join(part for part in (reason, column, detail) if part))


class LogError(DongjianError):
    """The log (Kafka or embedded) cannot do what was asked."""


class ForeignRules(DongjianError):
    """The state of a partition was made under another rule set: only ``rules`` may change that."""


class DeliveryGap(DongjianError):
    """A revision of an alert is missing in the ledger or in Redis; the partition stops."""


class LimitError(DongjianError):
    """A declared limit was reached; what lies beyond it was left out, and is counted."""
