"""What is planted: for any day the alerts that a correct monitor has, known from the plan.

Nothing here looks at what detectors say. Each planted life states its alert as steps: the local day
on which the last row or statement needed reaches the topics, and the status from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from schemas.identifiers import party_kind

SubjectOf: TypeAlias = Callable[[str, str], str]

SLACK = timedelta(days=10)
"""Around a step the clock of a run may be on either side of it: such alerts are not scored."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One alert of the plan over time. ``steps``: days in order, each with the status from then."""

    model: str
    rule: str
    number: str  #: identity number or credit code of the subject, in clear
    obligation: str
    life: str  #: name of the planted life
    steps: tuple[tuple[date, str], ...]  #: status "holds", "cured", or "" (ended or withdrawn)

    def status(self, day: date) -> str:
        """``holds``, ``cured`` or empty on that day."""
        return next((status for since, status in reversed(self.steps) if since <= day), "")

    def settled(self, day: date) -> bool:
        """Whether no step is near the day."""
        return all(abs(since - day) > SLACK for since, _ in self.steps)

    @property
    def subject_kind(self) -> str:
        return party_kind(self.number)


@dataclass(frozen=True, slots=True)
class Score:
    """Planted against found for one model, by rule and subject; unsettled alerts do not count."""

    model: str
    planted: int
    found: int  #: planted alerts that stand, with the right status
    missed: tuple[Expected, ...]
    wrong_status: tuple[tuple[Expected, str], ...]
    false: tuple[tuple[str, str], ...]  #: (rule, subject) that stand and were never planted

    @property
    def recall(self) -> float:
        return self.found / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        standing = self.found + len(self.wrong_status) + len(self.false)
        return (standing - len(self.false)) / standing if standing else 1.0


class Truth:
    """All planted alerts of a district."""

    def __init__(self, expected: Iterable[Expected]) -> None:
        self._expected = tuple(expected)

    def __iter__(self) -> Iterator[Expected]:
        return iter(self._expected)

    def __len__(self) -> int:
        return len(self._expected)

    def standing(self, day: date) -> list[Expected]:
        """The alerts that hold or are cured on the day."""
        return [alert for alert in self._expected if alert.status(day)]

    def models(self) -> tuple[str, ...]:
        return tuple(sorted({alert.model for alert in self._expected}))

    def score(
        self,
        found: Mapping[tuple[str, str, str], str],
        subject: SubjectOf,
        day: date,
    ) -> list[Score]:
        """Compare with ``(model, rule, subject): status`` of the standing alerts, model by model.

        ``subject`` makes the subject's token as the run does: ``Tokens(secret).subject``.
        """
        return [self._score(model, found, subject, day) for model in self.models()]

    def _score(
        self, model: str, found: Mapping[tuple[str, str, str], str], subject: SubjectOf, day: date
    ) -> Score:
        known: set[tuple[str, str, str]] = set()
        planted = right = 0
        missed: list[Expected] = []
        wrong: list[tuple[Expected, str]] = []
        for alert in self._expected:
            if alert.model != model:
                continue
            name = (model, alert.rule, subject("party", alert.number))
            status = alert.status(day)
            if not alert.settled(day):
                known.add(name)
            elif status:
                known.add(name)
                planted += 1
                if found.get(name) == status:
                    right += 1
                elif name in found:
                    wrong.append((alert, found[name]))
                else:
                    missed.append(alert)
        false = tuple(
            sorted(
                (rule, who) for m, rule, who in found if m == model and (m, rule, who) not in known
            )
        )
        return Score(model, planted, right, tuple(missed), tuple(wrong), false)
