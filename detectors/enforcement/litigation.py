"""When a penalty can no longer be contested, and until when its enforcement may be applied for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple, Protocol

from detectors.enforcement.penalty_case import PenaltyCase
from detectors.framework.calendar import Calendar, Deadline
from detectors.framework.term import Term


class LitigationLaw(Protocol):
    """The terms of the law of a day."""

    @property
    def suit(self) -> Term: ...
    @property
    def suit_after_review(self) -> Term: ...
    @property
    def suit_not_informed(self) -> Term: ...
    @property
    def suit_demolition(self) -> Term | None: ...
    @property
    def instalments(self) -> bool | None: ...


class Window(NamedTuple):
    """The end of the litigation period, and of the term for applying that follows it."""

    basis: str  #: the term that made the litigation period
    litigation: Deadline
    deadline: Deadline
    put_off_until: date | None  #: end of the instalments or of the delay from which it runs


def window_of(
    case: PenaltyCase, calendar: Calendar, term: Term, law: Callable[[date], LitigationLaw]
) -> Window:
    """The window of a case. Instalments and delays count by the law of the day of their grant."""

    def following(litigation: Deadline) -> Deadline:
        if litigation.due is None:
            return Deadline(litigation.start, term.text, None, litigation.paused)
        return calendar.deadline(litigation.due, term, case.contested)

    basis, litigation = _litigation(case, calendar, law(case.act))
    deadline, until = following(litigation), None
    pulled_down = case.complied and case.complied <= (deadline.due or date.max)
    if basis == "suit_demolition" and pulled_down and case.due_fen:  # a fine like others is left
        suit = law(case.act).suit
        basis, litigation = "suit", calendar.deadline(litigation.start, suit, case.contested)
        deadline = following(litigation)
    for grant in case.of("agency", "instalments_granted"):
        if deadline.due is None or grant.on > deadline.due or not law(grant.on).instalments:
            continue
        if grant.until is None:
            deadline = Deadline(grant.on, term.text, None)
        elif grant.until > deadline.start:
            until = grant.until
            deadline = calendar.deadline(until, term, case.contested)
    return Window(basis, litigation, deadline, until)


def _litigation(case: PenaltyCase, calendar: Calendar, law: LitigationLaw) -> tuple[str, Deadline]:
    review = next(reversed(case.of("agency", "review_decision_served")), None)
    basis, length = "suit", law.suit
    if review:
        basis, length = "suit_after_review", law.suit_after_review
    elif not case.informed:
        basis, length = "suit_not_informed", law.suit_not_informed
    elif case.demolition and law.suit_demolition:
        basis, length = "suit_demolition", law.suit_demolition
    start = review.on if review else case.served_on
    if start is None:  # nothing runs before the service
        return basis, Deadline(case.decided_on, length.text, None)
    return basis, calendar.deadline(start, length, case.contested)
