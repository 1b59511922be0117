"""From a deadline and what was done to an outcome: the one place that says what is late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple, Protocol

from detectors.framework.calendar import Calendar, Deadline
from detectors.framework.finding import Outcome, Stage, Waiting
from detectors.framework.spell import DAY, Spell
from detectors.framework.term import Term
from schemas.record import Record


class Questions(Protocol):
    """The only questions about time and knowledge; a context answers and remembers them."""

    @property
    def calendar(self) -> Calendar: ...

    def reached(self, day: date) -> bool: ...

    def covered(self, kind: type[Record], spell: Spell, /, **which: object) -> bool: ...


class Judged(NamedTuple):
    """How a duty stands; the names are those of the fields of a finding."""

    outcome: Outcome
    stage: Stage = Stage.BREACH
    waiting: Waiting = Waiting.NOT_DUE


def performed(
    context: Questions,
    deadline: Deadline,
    done: date | None,
    *,
    refuted_by: type[Record] | tuple[type[Record], ...],
    notice: Term | None = None,
    legal: bool = True,
    also: tuple[tuple[type[Record], Mapping[str, object]], ...] = (),
    **which: object,
) -> Judged:
    """Judge one duty; it is always reported, so that an alert whose deadline moved ends truthfully.

    Late performance is a lasting fault only under a legal term; after a product tolerance
    (``legal=False``) it is LAPSED. That nothing was done is said only when every record type of
    ``refuted_by`` is complete, under ``which``, from the start of the term to its due day;
    ``also`` names types that are asked in words of their own.
    """
    due = deadline.due
    if done is not None:
        late = due is not None and done > due
        return Judged(Outcome.CURED if late and legal else Outcome.LAPSED)
    if due is None:
        return Judged(Outcome.PENDING)
    if notice is not None and not context.reached(context.calendar.before(due, notice)):
        return Judged(Outcome.PENDING)
    if due == date.max or not context.reached(due + DAY):
        return Judged(Outcome.HOLDS, Stage.NOTICE) if notice else Judged(Outcome.PENDING)
    kinds = refuted_by if isinstance(refuted_by, tuple) else (refuted_by,)
    asked = Spell(deadline.start, due)
    # Every type is asked, not only the first that fails: each open question is a wake-up.
    questions = [*((kind, which) for kind in kinds), *also]
    if all([context.covered(kind, asked, **words) for kind, words in questions]):
        return Judged(Outcome.HOLDS)
    return Judged(Outcome.PENDING, waiting=Waiting.NOT_COVERED)


def nearest_notice(context: Questions, deadline: Deadline, notices: Iterable[Term]) -> Term | None:
    """The last of the notices of a running term whose day has come.

    A notice that would fall on the first day of the term or before it is none: a term of three days
    is not told seven days before.
    """
    if deadline.due is None:
        return None
    days = {context.calendar.before(deadline.due, notice): notice for notice in notices}
    come = [day for day in sorted(days) if day > deadline.start and context.reached(day)]
    return days[come[-1]] if come else None


def standing(context: Questions, spell: Spell) -> Outcome:
    """PENDING before the spell, HOLDS inside, LAPSED after."""
    if not context.reached(spell.since):
        return Outcome.PENDING
    over = spell.until is not None and spell.until < date.max and context.reached(spell.until + DAY)
    return Outcome.LAPSED if over or spell.empty else Outcome.HOLDS
