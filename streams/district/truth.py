"""What is planted: for any day the alerts that a correct monitor has, known from the plan.

Nothing here looks at what detectors say. Each planted life states its alert as steps: the local day
on which the last row or statement needed reaches the topics, and the status from then on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

SubjectOf: TypeAlias = Callable[[str, str], str]

_PERSON = re.compile(r"\{([0-9]{17}[0-9X])\}")

Found: TypeAlias = Mapping[tuple[str, str, str, str], str]
"""``(model, rule, subject, obligation): status`` of the alerts that stand."""

SLACK = timedelta(days=10)
"""Around a step the clock of a run may be on either side of it: such alerts are not scored."""


def in_tokens(text: str, subject_of: SubjectOf) -> str:
    """The text with tokens where numbers of persons stand in braces."""
    return _PERSON.sub(lambda found: subject_of("person", found[1]).removeprefix("person:"), text)


@dataclass(frozen=True, slots=True)
class Expected:
    """One alert of the plan over time. ``steps``: days in order, each with the status from then."""

    model: str
    rule: str
    number: str  #: the subject in clear: identity number, credit code, case, project …
    obligation: str  #: as the model writes it; empty: any, where the life cannot know it
    life: str  #: name of the planted life
    steps: tuple[tuple[date, str], ...]  #: status "holds", "cured", or "" (ended or withdrawn)
    kind: str = "party"  #: of the subject: party (person or organisation), case, project …
    play: int = 0  #: which play of a life planted it

    def status(self, day: date) -> str:
        """``holds``, ``cured`` or empty on that day."""
        return next((status for since, status in reversed(self.steps) if since <= day), "")

    def settled(self, day: date) -> bool:
        """Whether no step is near the day."""
        return all(abs(since - day) > SLACK for since, _ in self.steps)

    def subject(self, subject_of: SubjectOf) -> str:
        """The subject's token, made as the run makes it: ``Tokens(secret).subject``."""
        return subject_of(self.kind, self.number)

    def obligation_in(self, subject_of: SubjectOf) -> str:
        """The obligation with tokens where numbers of persons stand in braces."""
        return in_tokens(self.obligation, subject_of)


@dataclass(frozen=True, slots=True)
class Score:
    """Planted against found for one model, alert by alert; unsettled alerts do not count."""

    model: str
    planted: int
    found: int  #: planted alerts that stand, with the right status
    missed: tuple[Expected, ...]
    wrong_status: tuple[tuple[Expected, str], ...]
    false: tuple[tuple[str, str, str], ...]  #: (rule, subject, obligation), stand unplanted

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

    def of(self, model: str, rule: str = "") -> Truth:
        """What is planned of one model, or of one of its rules."""
        return Truth(
            alert for alert in self._expected if alert.model == model and rule in ("", alert.rule)
        )

    def models(self) -> tuple[str, ...]:
        return tuple(sorted({alert.model for alert in self._expected}))

    def score(self, found: Found, subject_of: SubjectOf, day: date) -> list[Score]:
        """Compare with the standing alerts, model by model, those too that nothing was planted for.

        An alert is found where model, rule, subject and obligation agree; where the plan names no
        obligation, any of the rule and subject that no other plan names will do, one for each.
        """
        models = sorted({*self.models(), *(model for model, *_ in found)})
        return [self._score(model, found, subject_of, day) for model in models]

    def _score(self, model: str, found: Found, subject_of: SubjectOf, day: date) -> Score:
        left = {name: status for name, status in found.items() if name[0] == model}
        right = 0
        missed: list[Expected] = []
        wrong: list[tuple[Expected, str]] = []
        planned = [alert for alert in self._expected if alert.model == model]
        # Those that name their obligation take theirs first, then those that must stand.
        for alert in sorted(
            planned, key=lambda one: (not one.obligation, not one.settled(day), not one.status(day))
        ):
            status = alert.status(day)
            name = _taken(left, alert, subject_of, status)
            if not alert.settled(day):
                left.pop(name, None)
            elif status:
                said = left.pop(name, None)
                if said is None:
                    missed.append(alert)
                elif said == status:
                    right += 1
                else:
                    wrong.append((alert, said))
        planted = right + len(missed) + len(wrong)
        false = tuple(sorted(name[1:] for name in left))
        return Score(model, planted, right, tuple(missed), tuple(wrong), false)


def _taken(
    left: Found, alert: Expected, subject_of: SubjectOf, status: str
) -> tuple[str, str, str, str]:
    """The name of the alert that this plan is about; of several the one with the right status."""
    subject = alert.subject(subject_of)
    name = (alert.model, alert.rule, subject, alert.obligation_in(subject_of))
    if alert.obligation:
        return name
    fit = [one for one in left if one[:3] == name[:3]]
    return min(fit, key=lambda one: (left[one] != status, one), default=name)
