"""A chain of duties: the step that performs one begins the term of the next."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from detectors.framework.calendar import Calendar, Deadline
from detectors.framework.spell import Spell
from detectors.framework.term import Term
from schemas import CaseStep

#: Steps by their code, in order of their days.
Steps = Mapping[str, Sequence[CaseStep]]


@dataclass(frozen=True, slots=True)
class Link:
    """One duty: ``done_by`` are the steps that end it, and only the first leads on to the next.

    ``left_out`` are the steps between whose pairs the term does not run.
    """

    rule: str
    done_by: tuple[str, ...]
    left_out: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """A link with its term: what began it (None: what began the chain), and what ended it."""

    link: Link
    since: date
    begun: CaseStep | None
    deadline: Deadline
    done: CaseStep | None


def followed(
    calendar: Calendar,
    since: date,
    links: Sequence[Link],
    law_of: Callable[[date], object],
    steps: Steps,
) -> Iterator[Followed]:
    """The links of a chain as far as it was begun, each with its deadline and its end.

    ``law_of`` gives the terms of a day; that of a link is named as its rule.
    """
    begun: CaseStep | None = None
    for link in links:
        term: Term | None = getattr(law_of(since), link.rule)
        if term is None:
            return
        pauses = list(_between(link.left_out, since, steps)) if link.left_out else []
        found = [first_since(steps.get(code, ()), since) for code in link.done_by]
        done = min((s for s in found if s is not None), key=lambda s: s.on, default=None)
        yield Followed(link, since, begun, calendar.deadline(since, term, pauses), done)
        if done is None or done.step != link.done_by[0]:
            return
        since, begun = done.on, done


def first_since(steps: Sequence[CaseStep], day: date) -> CaseStep | None:
    """The first of them on or after a day."""
    place = bisect_left(steps, day, key=lambda step: step.on)
    return steps[place] if place < len(steps) else None


def _between(codes: tuple[str, str], since: date, steps: Steps) -> Iterator[Spell]:
    out, back = codes
    at: date | None = since
    while at is not None and (left := first_since(steps.get(out, ()), at)) is not None:
        again = first_since(steps.get(back, ()), left.on)
        yield Spell(left.on, again.on if again else None)
        at = again.on if again and again.on > left.on else None
