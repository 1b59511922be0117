"""People who work with children: the yearly query, and what a court owes when it convicts one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

import msgspec

from detectors.barred.bans import Ban, within
from detectors.barred.posts import Held
from detectors.framework.calendar import Calendar, Deadline
from detectors.framework.context import Context
from detectors.framework.duty import performed
from detectors.framework.finding import Finding, Outcome
from detectors.framework.spell import DAY, Spell
from detectors.framework.term import Term
from schemas import CaseStep, Judgment


class SchoolLaw(msgspec.Struct, frozen=True):
    """The parameters of these duties, as part of a model's own terms."""

    scope: dict[str, Ban]
    no_query: Term | None
    query_roles: tuple[str, ...]
    query_at_hire: Term
    query_before: Term
    edu_notice: Term | None
    minors_court_ban: tuple[str, ...] | None
    staff_roles: tuple[str, ...]
    staff_before: Term


class QueryFacts(msgspec.Struct, frozen=True):
    unit: str | None
    organisation: str
    role: str
    since: date
    year: int
    hired: str | None
    deadline: Deadline
    done_on: date | None


class CourtFacts(msgspec.Struct, frozen=True):
    case_no: str
    charges: tuple[str, ...]
    effective_on: date
    unit: str | None
    organisation: str
    role: str
    held: Spell


class NoticeFacts(CourtFacts, frozen=True):
    deadline: Deadline
    done_on: date | None


class Query(NamedTuple):
    """One query that is due for a post: at hiring, or in one calendar year."""

    year: int
    hired: bool
    since: date  #: from which day a query counts for it and its absence must be known
    deadline: Deadline
    done: CaseStep | None


L = TypeVar("L", bound=SchoolLaw)


def not_queried(context: Context[L], held: Held, steps: Sequence[CaseStep]) -> Iterator[Finding]:
    """An employer asks at hiring, and every year, whether the record of the staff is clean."""
    region = held.region
    first = next((s.since for s, law in context.laws(held.spell, region) if law.no_query), None)
    if first is None or held.role not in context.law(first, region).query_roles:
        return
    if held.outside(context.law(first, region).scope["minors_close_contact"]):
        return  # only units that work with children must ask
    for query in _queries(context.calendar, held, steps, first, context.law(first, region)):
        parameter = "query_at_hire" if query.hired else "no_query"
        act = held.spell.since if query.hired else max(query.since, first)
        done_on = query.done.on if query.done else None
        judged = performed(
            context,
            msgspec.structs.replace(query.deadline, start=query.since),
            done_on,
            refuted_by=CaseStep,
            legal=context.legal(parameter, act, region),
            step="query",
        )
        yield Finding(
            rule="no_query",
            obligation=f"query/{held.key}/{query.year}",
            outcome=judged.outcome,
            waiting=judged.waiting,
            act=act,
            basis=("no_query", "query_at_hire") if query.hired else ("no_query",),
            facts=QueryFacts(
                held.unit or None,
                held.organisation,
                held.role,
                held.spell.since,
                query.year,
                "hired" if query.hired else None,
                query.deadline,
                done_on,
            ),
            evidence=(*held.rows, *((query.done,) if query.done else ())),
            agency=held.agency,
            region=region,
        )
        if query.deadline.due is None or not context.reached(query.deadline.due + DAY):
            return


def convicted_staff(
    context: Context[L],
    judgment: Judgment,
    excuse: str,
    posts: Sequence[Held],
    notices: Sequence[CaseStep],
) -> Iterator[Finding]:
    """The court bars convicted staff of schools, and tells the education authority.

    It bars by the law of the day on which it pronounces; who is spared the penalty (免予刑事处罚)
    is not barred by it, but told of.
    """
    act, region = judgment.effective_on or judgment.pronounced_on, judgment.source.region
    law = context.law(act, region)
    staff = _staff_when(judgment, posts, law)
    if staff is None:
        return
    told = CourtFacts(
        judgment.case_no,
        judgment.charges,
        act,
        staff.unit or None,
        staff.organisation,
        staff.role,
        staff.spell,
    )
    sent = [step for step in notices if step.on >= judgment.pronounced_on]  # not sent before it
    agency, evidence = judgment.source.agency, (judgment, *staff.rows, *sent[:1])
    pronounced = judgment.pronounced_on
    charges = context.law(pronounced, region).minors_court_ban
    if (
        judgment.outcome == "guilty"
        and charges
        and any(within(charge, charges) for charge in judgment.charges)
    ):
        barred = Outcome.LAPSED if judgment.ban_until else Outcome.HOLDS
        yield Finding(
            rule="minors_court_ban",
            obligation=f"{judgment.case_no}/minors_court_ban",
            outcome=Outcome.EXEMPT if excuse else barred,
            excuse=excuse,
            act=pronounced,
            basis=("minors_court_ban",),
            facts=told,
            evidence=evidence,
            agency=agency,
            region=region,
        )
    if law.edu_notice is None:
        return
    deadline = context.calendar.deadline(act, law.edu_notice)
    done_on = sent[0].on if sent else None
    judged = performed(
        context,
        deadline,
        done_on,
        refuted_by=CaseStep,
        legal=context.legal("edu_notice", act, region),
        step="edu_notice",
        organ="court",
    )
    yield Finding(
        rule="edu_notice",
        obligation=f"{judgment.case_no}/edu_notice",
        outcome=Outcome.EXEMPT if excuse else judged.outcome,
        excuse=excuse,
        waiting=judged.waiting,
        act=act,
        basis=("edu_notice",),
        facts=NoticeFacts(**msgspec.structs.asdict(told), deadline=deadline, done_on=done_on),
        evidence=evidence,
        agency=agency,
        region=region,
    )


def _queries(
    calendar: Calendar, held: Held, steps: Sequence[CaseStep], first: date, law: SchoolLaw
) -> Iterator[Query]:
    """Year by year, without end: the caller stops at the first that is not due.

    Nothing is due for a year in which the post ended, and nothing of the days before ``first``.
    """
    days = [step.on for step in steps]

    def since(day: date) -> CaseStep | None:
        place = bisect_left(days, day)
        return steps[place] if place < len(steps) else None

    start, until = held.spell.since, held.spell.until or date.max
    if start >= first:
        deadline = calendar.deadline(start, law.query_at_hire)
        if deadline.due is not None and until >= deadline.due:
            asked = law.query_before.before(start)
            yield Query(start.year, True, asked, deadline, since(asked))
    year = first.year if start < first else start.year + 1
    while year < date.max.year and date(year, 12, 31) <= until:
        before, due = date(year - 1, 12, 31), date(year, 12, 31)
        begins = before + DAY
        yield Query(year, False, begins, Deadline(before, "1 y", due), since(begins))
        year += 1


def _staff_when(judgment: Judgment, posts: Iterable[Held], law: SchoolLaw) -> Held | None:
    """The post at a school that the convicted person had, or had lost shortly before."""
    last = judgment.effective_on or judgment.pronounced_on
    days = Spell(law.staff_before.before(judgment.pronounced_on), last)
    return next((p for p in posts if p.role in law.staff_roles and p.spell.meets(days)), None)
