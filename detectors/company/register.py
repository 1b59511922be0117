"""What the register of companies says of one company, and what ended it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date

from detectors import grouped
from schemas import Company, CompanyEvent

#: struck off; and: still there, but without its licence
CLOSED, REVOKED = ("cancelled", "annulled"), ("revoked", "closed_by_order")
ENDS = (*CLOSED, *REVOKED)
_STATUSES = {"注销": "cancelled", "撤销": "annulled", "吊销": "revoked"}


class Register:
    """The company's entry and its events, by kind and day."""

    def __init__(self, company: Company, events: tuple[CompanyEvent, ...]) -> None:
        self.company, self.events = company, events
        self._by_kind = grouped(events, "kind")
        self._days = {kind: [e.on for e in rows] for kind, rows in self._by_kind.items()}

    def of(self, kind: str) -> tuple[CompanyEvent, ...]:
        return self._by_kind.get(kind, ())

    def first(self, kind: str, since: date) -> CompanyEvent | None:
        """The first event of a kind on or after a day."""
        days = self._days.get(kind, [])
        place = bisect_left(days, since)
        return self._by_kind[kind][place] if place < len(days) else None

    def revocations(self) -> Iterator[tuple[str, date, CompanyEvent | Company]]:
        """How, when and by which row it lost its licence; the entry tells of it where no event
        does, which may be older than what the register has sent."""
        events = [event for kind in REVOKED for event in self.of(kind)]
        for event in events:
            yield event.kind, event.on, event
        company = self.company
        if not events and _STATUSES.get(company.status) in REVOKED and company.status_on:
            yield _STATUSES[company.status], company.status_on, company

    def ended(self, kinds: tuple[str, ...], since: date = date.min) -> date | None:
        """The first day on which it ended in one of these ways, by an event or by its status."""
        found = [event.on for kind in kinds if (event := self.first(kind, since))]
        status_on = self.company.status_on
        if _STATUSES.get(self.company.status) in kinds and status_on and status_on >= since:
            found.append(status_on)
        return min(found, default=None)
