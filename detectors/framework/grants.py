"""A term of custody or procedure with the extensions that were granted while it still ran."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from detectors.framework.calendar import Calendar, Deadline
from detectors.framework.spell import Spell, merged
from detectors.framework.term import Term
from schemas import CaseStep


class Granted(msgspec.Struct, frozen=True):
    """A fact: one extension. ``due``: the last day with it; None: the term is suspended."""

    step: str
    granted_on: date
    due: date | None


class Extension(NamedTuple):
    """What one approval allows: ``terms`` one after the other, from the former last day or, where
    the law extends *to* a length (``anew``), from the start of the term."""

    paper: CaseStep
    parameter: str  #: of the card, in which the term stands
    terms: Sequence[Term]
    anew: bool = False


class Prolonged(NamedTuple):
    """A deadline with what moved it, and the approvals that came too late to move it."""

    deadline: Deadline
    granted: tuple[Granted, ...]
    late: tuple[Granted, ...]
    used: tuple[Extension, ...]  #: of those granted
    plain: Deadline  #: before any of them


def prolonged(
    calendar: Calendar,
    start: date,
    terms: Sequence[Term],
    extensions: Iterable[Extension],
    pauses: Sequence[Spell] = (),
    roll: bool = False,
) -> Prolonged:
    """The last day of a term whose extensions follow each other.

    An approval counts when it is dated on or before the last day that it extends; a later one
    extends nothing, because the custody had already become unlawful. The last day that an approval
    names itself is never later than the law allows, and may be earlier.
    """
    deadline = plain = _run(calendar, start, terms, pauses, roll)
    granted: list[Granted] = []
    late: list[Granted] = []
    used: list[Extension] = []
    for each in sorted(extensions, key=lambda e: (e.paper.on, e.paper.step)):
        paper, due = each.paper, deadline.due
        if due is not None and paper.on > due:
            late.append(Granted(paper.step, paper.on, due))
            continue
        if due is not None:
            longer = _run(calendar, start if each.anew else due, each.terms, pauses, roll)
            last = longer.due
            if last is not None and paper.until is not None:
                last = min(last, max(paper.until, due))
            if last is not None and last <= due:
                continue
            deadline = Deadline(
                start,
                deadline.term,
                last,
                merged((*deadline.paused, *longer.paused)),
                deadline.provisional or longer.provisional,
            )
        granted.append(Granted(paper.step, paper.on, deadline.due))
        used.append(each)
    return Prolonged(deadline, tuple(granted), tuple(late), tuple(used), plain)


def _run(
    calendar: Calendar, start: date, terms: Sequence[Term], pauses: Sequence[Spell], roll: bool
) -> Deadline:
    if len({(term.unit, term.exact) for term in terms}) == 1:
        terms = (_whole(terms),)
    deadline = calendar.deadline(start, terms[0], pauses, roll)
    for term in terms[1:]:
        if deadline.due is None:
            break
        longer = calendar.deadline(deadline.due, term, pauses, roll)
        deadline = Deadline(
            start,
            deadline.term,
            longer.due,
            merged((*deadline.paused, *longer.paused)),
            deadline.provisional or longer.provisional,
            longer.last,
        )
    return deadline


def _whole(terms: Sequence[Term]) -> Term:
    """Terms of one unit as one: two months, at the latest three, are a term of three."""
    number = sum(term.number for term in terms)
    return Term(f"{number} {terms[0].unit}" + (" exact" if terms[0].exact else ""))
