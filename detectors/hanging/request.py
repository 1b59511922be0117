"""How many days after detention arrest was requested, and how many the approvals allowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from detectors import (
    Context,
    Deadline,
    Extension,
    Judged,
    Outcome,
    Spell,
    Term,
    Waiting,
    case_of,
    prolonged,
)
from detectors.hanging.case import HangingCase
from detectors.hanging.facts import RequestFacts
from schemas import CaseStep, Record, Restraint


class RequestLaw(msgspec.Struct, frozen=True):
    """The days from detention to the request; the terms of the model extend it."""

    request: Term
    request_grave: Term  #: of those who act from place to place, repeatedly or in a gang


class Request(NamedTuple):
    """One request for arrest, judged."""

    detention: Restraint
    judged: Judged
    deadline: Deadline
    facts: RequestFacts
    rows: tuple[Record | None, ...]
    basis: tuple[str, ...]


def late_requests(context: Context[Any], case: HangingCase) -> Iterator[Request]:
    """Every request for the arrest of a person whom the police detained; a late one stays late.

    A detention in which nothing was requested is judged where custody is counted.
    """
    excluded = [Spell(p.since, p.until) for p in case.pauses if p.ground == "psychiatric_appraisal"]
    for row in case.measures:
        if row.kind != "detention" or row.organ not in ("", "police"):
            continue
        asked = case.step(("arrest_requested",), row.since)
        end = case.replaced.get(row.measure_no)
        if asked is None or (end is not None and asked.on > end[0]):
            continue
        law: RequestLaw = context.law(row.since, row.source.region)
        article = context.in_force("request", row.since, row.source.region)
        longer = article.extensions if article else ()
        grants = [
            Extension(paper, "request_grave", (law.request_grave,), anew=True)
            if paper.ground
            else Extension(paper, "request", longer)
            for paper in case.extensions(row.since, asked.on)
        ]
        calendar = context.calendar
        chain = prolonged(calendar, row.since, (law.request,), grants, excluded)
        due = chain.deadline.due
        judged = Judged(Outcome.LAPSED)
        if due is not None and asked.on > due:
            judged = Judged(Outcome.HOLDS)
            known = context.covered(
                CaseStep, Spell(row.since, asked.on), step="extended", organ="police"
            )
            if not known and asked.on <= law.request_grave.after(row.since):
                # Within thirty days only a missing approval makes it late.
                judged = Judged(Outcome.PENDING, waiting=Waiting.NOT_COVERED)
        facts = RequestFacts(
            case_no=case_of(row),
            measure_no=row.measure_no,
            deadline=calendar.deadline(row.since, law.request, excluded, roll=False),
            granted=chain.granted,
            grounds=tuple(e.paper.ground for e in chain.used if e.paper.ground),
            requested_on=asked.on,
            days=(asked.on - row.since).days,
        )
        papers = tuple(e.paper for e in chain.used)
        basis = ("request", *(e.parameter for e in chain.used))
        yield Request(
            row, judged, chain.deadline, facts, (row, asked, *papers), tuple(dict.fromkeys(basis))
        )
