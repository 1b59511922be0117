"""Which term a clock has in a case, and from where it is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from detectors.deadlines.clocks import Clock
from detectors.deadlines.running import Begun
from detectors.framework.calendar import Calendar, Deadline
from detectors.framework.spell import Spell
from detectors.framework.term import Term
from schemas import Document


class Counted(NamedTuple):
    """A deadline, and the one that had to pass before its term began."""

    deadline: Deadline
    before: Deadline | None = None


def parameter_of(clock: Clock, begun: Begun, held: bool, fast: bool) -> str:
    """The parameter with the term: custody, the fast track and urgency have their own."""
    if clock.name == "arrest_review" and not held:
        return "arrest_review_free"
    if clock.name == "prosecution_review" and fast:
        return "prosecution_review_fast"
    if clock.name == "pi_reply":
        return replied_in(begun)
    return clock.name


def replied_in(begun: Begun) -> str:
    """The term in which a public-interest suggestion is answered."""
    return "pi_reply_urgent" if isinstance(begun.row, Document) and begun.row.urgent else "pi_reply"


def counted(
    clock: Clock,
    begun: Begun,
    term: Term | None,
    calendar: Calendar,
    left_out: Iterable[Spell],
    first_term: Callable[[str], Term | None],
) -> Counted:
    """The deadline before any extension. ``term`` None: the document itself states the day."""
    text, since, row = term.text if term else "", begun.since, begun.row
    if since is None:  # not served yet
        return Counted(Deadline(row.day, text, None))
    urgent = isinstance(row, Document) and row.urgent and clock.name == "suggestion_reply"
    stated = row.reply_due if isinstance(row, Document) else None
    if term is None or (urgent and stated):
        return Counted(Deadline(since, text, stated))
    if not clock.after:
        return Counted(calendar.deadline(since, term, left_out))
    first = first_term(replied_in(begun) if clock.after == "pi_reply" else clock.after)
    before = calendar.deadline(since, first) if first else None
    if before is None or before.due is None:
        return Counted(Deadline(since, text, None), before)
    return Counted(calendar.deadline(before.due, term, left_out), before)


def notice_of(deadline: Deadline, share: float) -> Term | None:
    """How long before its end a term is told to be running out: a share of its days."""
    if deadline.due is None or deadline.due == date.max:
        return None
    days = round((deadline.due - deadline.start).days * share)
    return Term(f"{max(days, 1)} d")
