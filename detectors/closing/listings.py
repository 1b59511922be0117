"""The list of dishonest debtors (失信被执行人): when an entry has to go."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from detectors.framework.age import under_age
from detectors.framework.calendar import Deadline
from detectors.framework.context import Context
from detectors.framework.duty import Judged, performed
from detectors.framework.finding import Finding, Outcome, Waiting
from detectors.framework.grouped import by_number
from detectors.framework.spell import Spell, merged
from detectors.framework.term import Term
from schemas import CaseStep, Dishonest, Execution, Holding, Record


class ListingTerms(msgspec.Struct, frozen=True):
    """What a card says of the list; a model that judges it has these among its parameters."""

    delete: Term | None
    grounds: tuple[str, ...] | None  #: closings after which an entry without a term goes
    empty_queries: int | None
    fixed_term: Term | None
    fixed_limbs: tuple[str, ...] | None
    delete_after_term: Term | None
    limb_order: tuple[str, ...]  #: limbs of today, in the order in which the text counted them
    minors: bool | None
    adult: Term


class DeleteFacts(msgspec.Struct, frozen=True):
    case_no: str
    court: str
    listed_on: date
    limb: str
    ground: str
    ground_on: date
    deadline: Deadline
    delisted_on: date | None


class TermFacts(msgspec.Struct, frozen=True):
    case_no: str
    court: str
    listed_on: date
    limb: str
    term_ends: date
    extended_until: date | None
    deadline: Deadline
    delisted_on: date | None


class MinorFacts(msgspec.Struct, frozen=True):
    case_no: str
    court: str
    listed_on: date
    delisted_on: date | None


class Ground(NamedTuple):
    """Why an entry has to go: since when, and what shows it."""

    code: str
    on: date
    rows: tuple[Record, ...]
    known: bool = True  #: that no property was found is known to be complete


def listings(
    context: Context[Any],
    entries: Iterable[Dishonest],
    executions: Sequence[Execution],
    steps: Mapping[str, Sequence[CaseStep]],
    holdings: Sequence[Holding],
) -> Iterator[Finding]:
    """What the list has to say of each entry: the ground, the term, the age on entry."""
    entries = by_number(entries, "case_no")
    if not entries:
        return
    ours = by_number(executions, "case_no")
    of_case = {execution.case_no: execution for execution in ours}
    later = _Later(ours)
    held = merged(Spell(h.since or date.min, h.until) for h in holdings)
    for entry in entries:
        law: ListingTerms = context.law(entry.listed_on, entry.source.region)
        limb = law.limb_order[int(entry.limb) - 1] if entry.limb else ""
        if limb in (law.fixed_limbs or ()) and law.fixed_term and law.delete_after_term:
            yield _term_over(context, entry, limb, law.fixed_term, law.delete_after_term)
        elif limb:
            execution = of_case.get(entry.case_no)
            if execution is not None:
                asked = steps.get(entry.case_no, ())
                ground = _ground(context, execution, later.than(execution), asked, held)
                if ground is not None:
                    yield from _still_listed(context, entry, limb, ground)
        if law.minors and under_age(entry.party, law.adult, entry.listed_on):
            yield _of(
                entry,
                "minor",
                "minor_listed",
                Judged(Outcome.CURED if entry.delisted_on else Outcome.HOLDS),
                ("minors", "adult"),
                MinorFacts(entry.case_no, entry.court, entry.listed_on, entry.delisted_on),
            )


def _term_over(
    context: Context[Any], entry: Dishonest, limb: str, term: Term, delete: Term
) -> Finding:
    """An entry with a term goes three working days after it; no earlier ground applies to it."""
    ends = max(term.after(entry.listed_on), entry.extended_until or date.min)
    deadline = context.calendar.deadline(ends, delete)
    judged = performed(context, deadline, entry.delisted_on, refuted_by=Dishonest)
    facts = TermFacts(
        entry.case_no,
        entry.court,
        entry.listed_on,
        limb,
        ends,
        entry.extended_until,
        deadline,
        entry.delisted_on,
    )
    basis = ("fixed_term", "delete_after_term")
    return _of(entry, "term", "term_over", judged, basis, facts)


class _Later:
    """Executions by the paper and the creditor that they are for, to find those that follow one."""

    def __init__(self, executions: Iterable[Execution]) -> None:
        self._same: dict[tuple[str, str], list[Execution]] = {}
        for execution in sorted(executions, key=lambda e: (e.filed_on, e.case_no)):
            if execution.base_no:
                key = execution.base_no, execution.creditor
                self._same.setdefault(key, []).append(execution)
        self._filed = {key: [e.filed_on for e in same] for key, same in self._same.items()}

    def than(self, execution: Execution) -> Sequence[Execution]:
        """The next ones under which the same creditor enforces the same paper again."""
        key = execution.base_no, execution.creditor
        at = bisect_right(self._filed.get(key, ()), execution.filed_on)
        return self._same.get(key, ())[at : at + 10]


def _ground(
    context: Context[Any],
    execution: Execution,
    later: Sequence[Execution],
    steps: Sequence[CaseStep],
    held: Sequence[Spell],
) -> Ground | None:
    """The first ground for which an entry without a term has to go."""
    found = []
    for done in (execution, *later):
        if done.closed_on is not None:
            law: ListingTerms = context.law(done.closed_on, done.source.region)
            if done.closing in (law.grounds or ()):
                found.append(Ground(done.closing, done.closed_on, (done,)))
    if execution.closing == "终本" and execution.closed_on is not None and not found:
        since = execution.closed_on
        asked = [step for step in steps if step.step == "property_query" and step.on > since]
        law = context.law(asked[-1].on if asked else since, execution.source.region)
        number = law.empty_queries
        if number is not None and len(asked) >= number:
            until = asked[number - 1].on
            at = bisect_right(held, until, key=lambda spell: spell.since) - 1
            if at < 0 or not held[at].meets(Spell(since, until)):
                known = context.covered(Holding, Spell(since, until))
                rows = (execution, *asked[:number])
                found.append(Ground("empty_queries", until, rows, known))
    return min(found, key=lambda ground: ground.on, default=None)


def _still_listed(
    context: Context[Any], entry: Dishonest, limb: str, ground: Ground
) -> Iterator[Finding]:
    """An entry without a term goes three working days after the ground arose."""
    start = max(ground.on, entry.listed_on)
    law: ListingTerms = context.law(start, entry.source.region)
    if law.delete is None:
        return
    deadline = context.calendar.deadline(start, law.delete)
    judged = performed(context, deadline, entry.delisted_on, refuted_by=Dishonest)
    if not ground.known:
        judged = Judged(Outcome.PENDING, waiting=Waiting.NOT_COVERED)
    facts = DeleteFacts(
        entry.case_no,
        entry.court,
        entry.listed_on,
        limb,
        ground.code,
        ground.on,
        deadline,
        entry.delisted_on,
    )
    basis = ("delete", "empty_queries") if ground.code == "empty_queries" else ("delete", "grounds")
    yield _of(entry, "delete", "still_listed", judged, basis, facts, *ground.rows, act=start)


def _of(
    entry: Dishonest,
    key: str,
    rule: str,
    judged: Judged,
    basis: tuple[str, ...],
    facts: msgspec.Struct,
    *rows: Record,
    act: date | None = None,
) -> Finding:
    return Finding(
        rule=rule,
        obligation=f"{entry.case_no}/{key}",
        outcome=judged.outcome,
        waiting=judged.waiting,
        act=act or entry.listed_on,
        basis=basis,
        facts=facts,
        evidence=(entry, *rows),
        agency=entry.source.agency,
        region=entry.source.region,
    )
