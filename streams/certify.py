"""Certifies a sample of a feed: what its contract would take, quarantine, or leave unanswered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas.contract import Contract
from schemas.conversions import converter
from schemas.errors import EnvelopeError, RecordError
from schemas.mapping import Mapper
from schemas.subject import Tokens
from streams.envelopes import EVERY_OTHER_COLUMN, RowChange
from streams.intake.reading import Reading

_UNUSED = "no token made here is kept"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message or row that would be quarantined."""

    line: int
    reason: str
    detail: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}" + (f": {self.detail}" if self.detail else "")


@dataclass(slots=True)
class Certificate:
    """Counts over a sample. Rows are changes of the contract's table that put a row."""

    messages: int = 0
    rows: int = 0
    taken: int = 0
    removed: int = 0
    dismissed: int = 0  #: rows without identity in a feed whose identities are masked
    unjudged: int = 0  #: partial rows whose earlier state is not in the sample
    heartbeats: int = 0
    other: Counter[str] = field(default_factory=Counter)  #: other tables, schema changes, …
    refused: Counter[str] = field(default_factory=Counter)  #: by reason
    party_empty: int = 0
    unordered: int = 0  #: live rows whose envelope tells no sequence of the source
    unread: set[str] = field(default_factory=set)  #: columns that the contract leaves alone

    @property
    def good(self) -> bool:
        return not self.refused


class Certifier:
    """Reads messages one by one and fills a certificate; rows are kept to complete partial ones."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.certificate = Certificate()
        tokens = Tokens(_UNUSED)
        self._mapper = Mapper(contract, tokens)
        # As intake decodes: the heartbeat's table on the topic need not have the row's key columns.
        self._decode = Reading(contract, self._mapper, tokens).decode
        self._rows: dict[str, dict[str, object]] = {}
        cls = contract.record_class
        self._has_party = "party" in cls.__struct_fields__
        until = contract.coverage.until
        self._until = None if until is None else (until, converter(until, contract.time_zone))

    def message(self, line: int, key: bytes | None, value: bytes | None) -> Iterator[Refusal]:
        """Judge one message; yields what would be quarantined of it."""
        try:
            changes = self._decode(key, value)
        except EnvelopeError as error:
            yield self.refuse_message(line, error)
            return
        self.certificate.messages += 1
        for change in changes:
            try:
                self._judge(change)
            except RecordError as error:
                if self.contract.identity == "masked" and error.reason == "no_subject":
                    self.certificate.dismissed += 1
                    continue
                where = f"column {error.column}" if error.column else ""
                detail = ": ".join(part for part in (where, error.detail) if part)
                yield self._refuse(line, error.reason, detail)

    def refuse_message(self, line: int, error: EnvelopeError) -> Refusal:
        """Count a message of which nothing can be read."""
        self.certificate.messages += 1
        return self._refuse(line, error.reason, error.detail)

    def _judge(self, change: RowChange) -> None:
        certificate = self.certificate
        if change.op == "skip" and "heartbeat" in change.source:
            certificate.heartbeats += 1
        elif change.table == self.contract.coverage.table and change.op == "put":
            self._heartbeat(change)
        elif change.op in ("skip", "schema"):
            certificate.other[f"{change.op} messages"] += 1
        elif change.table != self.contract.table:
            certificate.other[f"changes of table {change.table or '(not named)'}"] += 1
        elif change.op == "truncate":
            certificate.other["truncations"] += 1
            self._rows.clear()
        elif change.op == "remove":
            certificate.removed += 1
            self._rows.pop(self._mapper.key(change.key or change.before or {}), None)
        else:
            self._put(change)

    def _heartbeat(self, change: RowChange) -> None:
        if self._until is not None:
            rule, read = self._until
            column = rule.columns[0]
            try:
                read((change.row or {})[column])
            except KeyError:
                raise RecordError("missing_column", column, "of the heartbeat") from None
            except RecordError as error:
                raise RecordError(error.reason, column, error.detail) from None
        self.certificate.heartbeats += 1

    def _put(self, change: RowChange) -> None:
        certificate = self.certificate
        certificate.rows += 1
        if change.sequence is None and not change.snapshot:
            certificate.unordered += 1
        row = dict(change.row or {})
        key = self._mapper.key(row if not change.key else {**row, **change.key})
        earlier = self._rows.get(key)
        if change.unset:
            missing = self._mapper.columns if EVERY_OTHER_COLUMN in change.unset else change.unset
            if earlier is None and any(name not in row for name in missing):
                certificate.unjudged += 1
                return
            row = {**(earlier or {}), **row}
        self._rows[key] = row
        certificate.unread.update(row.keys() - set(self._mapper.columns))
        record = self._mapper.record(row)
        certificate.taken += 1
        if self._has_party and not getattr(record, "party", ""):
            certificate.party_empty += 1

    def _refuse(self, line: int, reason: str, detail: str) -> Refusal:
        self.certificate.refused[reason] += 1
        return Refusal(line, reason, detail)
