"""Deadlines moved by extensions that name a new last day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from detectors.framework.calendar import Calendar, Deadline
from detectors.framework.spell import DAY, Spell, merged
from detectors.framework.term import Term


def extended(
    calendar: Calendar,
    deadline: Deadline,
    grants: Iterable[tuple[date, date | None]],
    pauses: Sequence[Spell] = (),
) -> Deadline:
    """The deadline after extensions: the day of each, and the last day that it names.

    An extension counts when it was granted while the term still ran; one that names no last day
    leaves the due date open. A pause after the former due date moves the new one too.
    """
    for granted_on, until in sorted(grants, key=lambda grant: grant[0]):
        due = deadline.due
        if due is None or granted_on > due:
            break
        if until is None:
            return msgspec.structs.replace(deadline, due=None)
        if until <= due:
            continue
        days = Term(f"{calendar.working_days(due + DAY, until)} wd")
        longer = calendar.deadline(due, days, pauses)
        deadline = msgspec.structs.replace(
            deadline,
            due=longer.due and max(longer.due, until),
            paused=merged((*deadline.paused, *longer.paused)),
            provisional=deadline.provisional or longer.provisional,
        )
    return deadline
