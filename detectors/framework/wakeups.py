"""Who is to be looked at again, and when: indexes over what models were answered "not yet"."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from datetime import date

from detectors.framework.context import Wait
from detectors.framework.coverage import Knowledge, Which
from detectors.framework.evaluate import NOTHING_ASKED, Asked
from detectors.framework.remembered import Subject

Due = tuple[str, str]
"""A subject and the id of a model that asked about it."""


class WakeUps:
    """A heap of days and, per question about completeness, a heap of the last day asked.

    Entries are checked against what is asked now when they come up, so nothing is ever removed from
    the middle.
    """

    def __init__(self, subjects: Mapping[str, Subject]) -> None:
        self._days: list[tuple[date, str, str]] = []
        self._waits: dict[tuple[str, Which], list[tuple[date, str, str, Wait]]] = {}
        for name, subject in subjects.items():
            for model, asked in subject.asked.items():
                self.add(name, model, asked)

    def add(self, subject: str, model: str, asked: Asked) -> None:
        """Remember what one model was answered "not yet"."""
        if asked.wake is not None:
            heapq.heappush(self._days, (asked.wake, subject, model))
        for wait in asked.waits:
            heap = self._waits.setdefault((wait.kind, wait.which), [])
            heapq.heappush(heap, (wait.until, subject, model, wait))

    def reached(self, as_of: date, subjects: dict[str, Subject]) -> Iterator[Due]:
        """Take out whom a day was promised that has come."""
        while self._days and self._days[0][0] <= as_of:
            day, subject, model = heapq.heappop(self._days)
            if _asked(subjects, subject, model).wake == day:
                yield subject, model

    def answered(self, knowledge: Knowledge, subjects: dict[str, Subject]) -> Iterator[Due]:
        """Take out whose question is answered by now.

        A question about days before a source began is set aside: only a new beginning could answer
        it, which takes knowledge back, and then all indexes are made anew.
        """
        for (kind, which), heap in self._waits.items():
            known = knowledge.complete(kind, which)
            while known is not None and heap and heap[0][0] <= known.until:
                _, subject, model, wait = heapq.heappop(heap)
                if wait.since >= known.since and wait in _asked(subjects, subject, model).waits:
                    yield subject, model

    def __len__(self) -> int:
        return len(self._days) + sum(map(len, self._waits.values()))


def _asked(subjects: dict[str, Subject], subject: str, model: str) -> Asked:
    known = subjects.get(subject)
    return known.asked.get(model, NOTHING_ASKED) if known else NOTHING_ASKED
