"""D14: executions closed without a result though there is property; defaulters listed too long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

import msgspec

from detectors import (
    Context,
    Deadline,
    Dossier,
    Finding,
    Judged,
    Outcome,
    Spell,
    Term,
    detector,
    grouped,
    performed,
    standing,
)
from detectors.closing.listings import ListingTerms, listings
from detectors.closing.unfinished import Unfinished, owed, share_fen, unfinished
from detectors.framework.spell import DAY
from schemas import CaseStep, Dishonest, Execution, Holding, Receipt, Record


class D14Terms(ListingTerms, frozen=True):
    horizon: Term | None
    recheck: Term | None
    least: Term | None
    floor_fen: int
    floor_share: float
    unvalued: tuple[str, ...]
    living: tuple[str, ...]


#: Holdings told for one execution; the most valuable come first.
AT_MOST = 20


class PropertyFacts(msgspec.Struct, frozen=True):
    case_no: str
    court: str
    closed_on: date
    owed_fen: int | None
    kind: str
    object_no: str
    held_since: date | None
    held_until: date | None
    share_fen: int | None
    encumbered_fen: int
    net_fen: int | None
    floor_fen: int
    seen_on: date
    look_by: date
    ends_on: date
    resumed_on: date | None


class Gap(msgspec.Struct, frozen=True):
    since: date
    due: date
    done: date


class QueryFacts(msgspec.Struct, frozen=True):
    case_no: str
    court: str
    closed_on: date
    queries: int
    deadline: Deadline
    late: tuple[Gap, ...]
    resumed_on: date | None


class EarlyFacts(msgspec.Struct, frozen=True):
    case_no: str
    court: str
    filed_on: date
    closed_on: date
    not_before: date
    days: int


@detector(
    "D14",
    subject="party",
    reads=(Execution, Holding, CaseStep, Dishonest, Receipt),
    terms=D14Terms,
    needs=(Execution, Dishonest),
)
def closed_without_execution(dossier: Dossier, context: Context[D14Terms]) -> Iterator[Finding]:
    """An execution closed for want of property is looked at again, and the list is kept clean."""
    steps = grouped(dossier.of(CaseStep), "case_no")
    executions = [e for e in dossier.of(Execution) if dossier.is_subject(e.debtor)]
    holdings = _by_value(dossier.of(Holding))
    receipts = grouped(dossier.of(Receipt), "for_no")
    for closed in unfinished(executions, steps):
        law = context.law(closed.closed_on, closed.execution.source.region)
        paid = receipts.get(closed.execution.case_no, ())
        if law.horizon is not None and not closed.criminal:
            yield from _seen(context, law, closed, holdings, paid, law.horizon)
        if law.recheck is not None and law.horizon is not None:
            asked = [s for s in steps.get(closed.execution.case_no, ()) if s.step == QUERY]
            yield _asked(context, closed, asked, paid, law.recheck, law.horizon)
        # A case that was taken up again was filed long before; its number alone says so.
        if law.least is not None and "恢" not in closed.execution.case_no:
            yield _early(closed, law.least)
    yield from listings(context, dossier.of(Dishonest), executions, steps, holdings)


QUERY = "property_query"


def _by_value(holdings: Sequence[Holding]) -> list[Holding]:
    ours = {holding.source.key: holding for holding in holdings}
    return sorted(ours.values(), key=lambda h: (-(share_fen(h) or 0), h.source.key))


def _seen(
    context: Context[D14Terms],
    law: D14Terms,
    closed: Unfinished,
    holdings: Sequence[Holding],
    receipts: Sequence[Receipt],
    horizon: Term,
) -> Iterator[Finding]:
    """Property of the debtor in the five years: the execution is to be taken up again."""
    execution, lasts = closed.execution, closed.lasts(horizon)
    left = owed(execution, receipts)
    floor = law.floor_fen
    if left is not None:
        floor = min(floor, round(left * law.floor_share))
    ends = horizon.after(closed.closed_on)
    told = 0
    for holding in holdings:
        value = share_fen(holding)
        enough = holding.kind in law.unvalued if value is None else value >= floor
        if not enough and holding.share_pct != 0:
            continue
        held = Spell(holding.since or date.min, holding.until)
        both = held.overlap(Spell(closed.closed_on, ends))
        if both is None or not both.meets(lasts):
            continue
        told += 1
        if told > AT_MOST:
            return
        pledged = holding.encumbered_fen or 0
        net = None if value is None else value - pledged
        excuse = _excuse(law, holding, net, floor)
        look_by = (law.recheck or horizon).after(both.since)
        outcome = standing(context, both)
        if left == 0 or (closed.again and closed.resumed_on is None):
            outcome = Outcome.LAPSED
        elif closed.resumed_on is not None:
            # The next query of the court must have shown it.
            outcome = Outcome.CURED if closed.resumed_on > look_by else Outcome.LAPSED
        yield Finding(
            rule="property_seen",
            obligation=f"{execution.case_no}/property/{holding.source.key}",
            outcome=Outcome.EXEMPT if excuse else outcome,
            excuse=excuse,
            act=closed.closed_on,
            basis=("horizon", "recheck", "floor_fen", "floor_share"),
            facts=PropertyFacts(
                execution.case_no,
                execution.court,
                closed.closed_on,
                left,
                holding.kind,
                holding.object_no,
                holding.since,
                holding.until,
                value,
                pledged,
                net,
                floor,
                both.since,
                look_by,
                ends,
                closed.resumed_on,
            ),
            evidence=_rows(execution, holding, closed.resumed, *receipts),
            agency=execution.source.agency,
            region=execution.source.region,
            amount_fen=min(net if net is not None else 0, left if left is not None else net or 0),
        )


def _excuse(law: D14Terms, holding: Holding, net: int | None, floor: int) -> str:
    if holding.share_pct == 0:
        return "not_debtors"
    if holding.exempt or holding.kind in law.living:
        return "living_minimum"
    return "fully_mortgaged" if net is not None and net < floor else ""


def _asked(
    context: Context[D14Terms],
    closed: Unfinished,
    queries: Sequence[CaseStep],
    receipts: Sequence[Receipt],
    recheck: Term,
    horizon: Term,
) -> Finding:
    """In the five years the court asks the registers at least every six months."""
    execution, lasts = closed.execution, closed.lasts(horizon)
    end = lasts.until or date.max
    asked = [q for q in queries if q.on > closed.closed_on and q.on in lasts]
    days = [closed.closed_on, *dict.fromkeys(q.on for q in asked)]
    late = []
    for since, done in pairwise(days):
        due = context.calendar.deadline(since, recheck).due
        if due is not None and done > due and _known(context, since, due):
            late.append(Gap(since, due, done))
    deadline = context.calendar.deadline(days[-1], recheck)
    over = context.reached(horizon.after(closed.closed_on) + DAY)
    over = over or owed(execution, receipts) == 0  # there is nothing left to look for
    if over or (closed.again and closed.resumed_on is None):
        judged = Judged(Outcome.LAPSED)
    elif deadline.due is not None and deadline.due > end and closed.resumed_on is None:
        judged = Judged(Outcome.PENDING)  # the five years end first
    else:
        judged = performed(context, deadline, closed.resumed_on, refuted_by=CaseStep, step=QUERY)
    if late and not over and judged.outcome is not Outcome.HOLDS:
        judged = Judged(Outcome.CURED)
    return Finding(
        rule="no_query",
        obligation=f"{execution.case_no}/query",
        outcome=judged.outcome,
        waiting=judged.waiting,
        act=closed.closed_on,
        basis=("recheck", "horizon"),
        facts=QueryFacts(
            execution.case_no,
            execution.court,
            closed.closed_on,
            len(days) - 1,
            deadline,
            tuple(late),
            closed.resumed_on,
        ),
        evidence=_rows(execution, closed.resumed, *asked, *receipts),
        agency=execution.source.agency,
        region=execution.source.region,
    )


def _known(context: Context[D14Terms], since: date, due: date) -> bool:
    return context.covered(CaseStep, Spell(since, due), step=QUERY)


def _early(closed: Unfinished, least: Term) -> Finding:
    """It is closed for want of property only more than three months after it was filed."""
    execution = closed.execution
    last = least.after(execution.filed_on)
    return Finding(
        rule="closed_too_early",
        obligation=f"{execution.case_no}/early",
        outcome=Outcome.HOLDS if closed.closed_on <= last else Outcome.LAPSED,
        act=closed.closed_on,
        basis=("least",),
        facts=EarlyFacts(
            execution.case_no,
            execution.court,
            execution.filed_on,
            closed.closed_on,
            last + DAY,
            (closed.closed_on - execution.filed_on).days,
        ),
        evidence=(execution,),
        agency=execution.source.agency,
        region=execution.source.region,
    )


def _rows(*rows: Record | None) -> tuple[Record, ...]:
    return tuple(row for row in rows if row is not None)
