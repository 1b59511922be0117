"""D20: people whom the law means to help and who were not: positive clues, against nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from detectors import (
    DAY,
    Context,
    Deadline,
    Dossier,
    Finding,
    Judged,
    Outcome,
    Spell,
    Term,
    accepted_death,
    by_number,
    common,
    detector,
    grouped,
    performed,
)
from schemas import (
    Benefit,
    CaseStep,
    CivilCase,
    Death,
    Execution,
    Incident,
    Listing,
    ParentState,
    Receipt,
    Resident,
)


class Entitlement(msgspec.Struct, frozen=True):
    """Who may draw a benefit: everyone of an age, or everyone on all of some lists."""

    scheme: str
    age: Term | None = None
    lists: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()  #: of the first list; empty: any


class D20Terms(msgspec.Struct, frozen=True):
    harms: tuple[str, ...]
    hardship: tuple[str, ...]
    aid: Term
    maintenance: tuple[str, ...]
    entitlements: tuple[Entitlement, ...]
    granted: Term
    child_age: Term
    child_lists: tuple[str, ...]
    child_listed: Term


class VictimFacts(msgspec.Struct, frozen=True):
    incident_no: str
    kind: str
    harm: str
    on: date
    lists: tuple[str, ...]
    deadline: Deadline


class CreditorFacts(msgspec.Struct, frozen=True):
    case_no: str
    cause: str
    closed_on: date
    outstanding_fen: int
    lists: tuple[str, ...]
    deadline: Deadline


class UnpaidFacts(msgspec.Struct, frozen=True):
    scheme: str
    since: date
    lists: tuple[str, ...]
    age: str | None
    stopped_on: date | None
    deadline: Deadline


class ChildFacts(msgspec.Struct, frozen=True):
    states: tuple[str, ...]
    since: date
    deadline: Deadline


Law = Context[D20Terms]


@detector(
    "D20",
    subject="person",
    reads=(
        Incident,
        Listing,
        Execution,
        CivilCase,
        CaseStep,
        Receipt,
        Resident,
        Benefit,
        Death,
        ParentState,
    ),
    terms=D20Terms,
    needs=(Incident, Execution, Resident, ParentState),
)
def aid_not_given(dossier: Dossier, context: Context[D20Terms]) -> Iterator[Finding]:
    """Those in hardship get aid, the entitled their benefit, children without care a list."""
    yield from _victims(dossier, context)
    yield from _creditors(dossier, context)
    home = next((r for r in dossier.of(Resident) if dossier.is_subject(r.person)), None)
    if home is not None:
        yield from _entitled(dossier, context, home)
        yield from _child(dossier, context, home)


# ---- aid to victims and creditors in hardship


def _victims(dossier: Dossier, context: Law) -> Iterator[Finding]:
    for incident in by_number(dossier.of(Incident, role=("victim", "both")), "incident_no"):
        law = context.law(incident.on, incident.source.region)
        if incident.harm not in law.harms:
            continue
        deadline = context.calendar.deadline(incident.on, law.aid)
        numbers = frozenset((incident.case_no, incident.incident_no))
        lists, judged, excuse, rows = _aid(dossier, context, deadline, numbers)
        if not lists:
            continue
        if incident.compensated_fen:
            excuse = "compensated"
        yield Finding(
            rule="victim_aid",
            obligation=f"{incident.incident_no}/aid",
            outcome=Outcome.EXEMPT if excuse else judged.outcome,
            excuse=excuse,
            waiting=judged.waiting,
            act=incident.on,
            basis=("harms", "hardship", "aid"),
            facts=VictimFacts(
                incident.incident_no,
                incident.kind,
                incident.harm,
                incident.on,
                tuple(dict.fromkeys(row.list for row in lists)),
                deadline,
            ),
            evidence=(incident, *lists, *rows),
            agency=incident.source.agency,
            region=incident.source.region,
        )


def _creditors(dossier: Dossier, context: Law) -> Iterator[Finding]:
    causes = {suit.case_no: suit.cause for suit in dossier.of(CivilCase)}
    for case in by_number(dossier.of(Execution, closing="终本"), "case_no"):
        cause = case.cause or causes.get(case.base_no, "")
        if case.closed_on is None or not dossier.is_subject(case.creditor):
            continue
        law = context.law(case.closed_on, case.source.region)
        if cause not in law.maintenance:
            continue
        deadline = context.calendar.deadline(case.closed_on, law.aid)
        numbers = frozenset((case.case_no, case.base_no))
        lists, judged, excuse, rows = _aid(dossier, context, deadline, numbers)
        if not lists:
            continue
        suits = tuple(s for s in dossier.of(CivilCase, case_no=case.base_no) if not case.cause)
        yield Finding(
            rule="creditor_aid",
            obligation=f"{case.case_no}/aid",
            outcome=Outcome.EXEMPT if excuse else judged.outcome,
            excuse=excuse,
            waiting=judged.waiting,
            act=case.closed_on,
            basis=("maintenance", "hardship", "aid"),
            facts=CreditorFacts(
                case.case_no,
                cause,
                case.closed_on,
                case.outstanding_fen or 0,
                tuple(dict.fromkeys(row.list for row in lists)),
                deadline,
            ),
            evidence=(case, *suits, *lists, *rows),
            agency=case.source.agency,
            region=case.source.region,
            amount_fen=case.outstanding_fen or 0,
        )


def _aid(
    dossier: Dossier, context: Law, deadline: Deadline, numbers: frozenset[str]
) -> tuple[tuple[Listing, ...], Judged, str, tuple[CaseStep | Receipt, ...]]:
    """Hardship within the term, how the aid stands, the excuse, and what was paid."""
    due = deadline.due or deadline.start
    law = context.law(deadline.start)
    time = Spell(deadline.start, due)
    lists = tuple(
        row
        for row in dossier.of(Listing, list=law.hardship)
        if Spell(row.since, row.until).meets(time)
    )
    rows: tuple[CaseStep | Receipt, ...] = (
        *dossier.of(CaseStep, step="aid_paid"),
        *dossier.of(Receipt, kind=("aid", "compensation")),
    )
    # A paper of another case is of another matter; one without a number helps all the same.
    rows = tuple(
        row
        for row in rows
        if row.on >= deadline.start and (_number(row) in numbers or not _number(row))
    )
    judged = performed(
        context,
        deadline,
        min((row.on for row in rows), default=None),
        refuted_by=CaseStep,
        also=((Receipt, {"kind": ("aid",)}),),
        legal=False,
        step="aid_paid",
    )
    paid = any(isinstance(row, Receipt) and row.kind == "compensation" for row in rows)
    left = bool(lists) and all(row.until is not None and row.until < due for row in lists)
    return lists, judged, "compensated" if paid else "income_corrected" if left else "", rows


def _number(row: CaseStep | Receipt) -> str:
    return row.case_no if isinstance(row, CaseStep) else row.for_no


# ---- benefits that nobody drew


def _entitled(dossier: Dossier, context: Law, home: Resident) -> Iterator[Finding]:
    """Who has the age and is on the lists draws the benefit, some time after that became so."""
    region = home.region or home.source.region
    law = context.law(home.day, region)
    death = accepted_death(dossier)
    lives_here = Spell(home.hukou_since or home.born, death.died_on if death else None)
    drawn = grouped(dossier.of(Benefit), "scheme")
    for what in law.entitlements:
        of_age = Spell(what.age.after(home.born) if what.age else home.born)
        lists = [
            _on_list(dossier, name, what.grades if i == 0 else ())
            for i, name in enumerate(what.lists)
        ]
        eligible = common([lives_here], [of_age], *(map(_spell, rows) for rows in lists))
        if not eligible:
            continue
        spell, benefits = eligible[-1], drawn.get(what.scheme, ())
        granted = next((b for b in benefits if b.stopped_on is None), None)
        stops = [b.stopped_on for b in benefits if b.stopped_on and b.stopped_on in spell]
        stopped_on = max(stops) if stops and granted is None else None
        deadline = context.calendar.deadline(stopped_on or spell.since, law.granted)
        judged = performed(
            context,
            deadline,
            granted.since if granted else None,
            refuted_by=Benefit,
            legal=False,
            scheme=what.scheme,
        )
        over = spell.until is not None and context.reached(spell.until + DAY)
        yield Finding(
            rule="entitled_unpaid",
            obligation=what.scheme,
            outcome=Outcome.LAPSED if over else judged.outcome,
            waiting=judged.waiting,
            act=deadline.start,
            basis=("entitlements", "granted"),
            facts=UnpaidFacts(
                what.scheme,
                spell.since,
                what.lists,
                what.age.text if what.age else None,
                stopped_on,
                deadline,
            ),
            evidence=(home, *(row for rows in lists for row in rows), *benefits),
            agency=home.source.agency,
            region=region,
        )


def _on_list(dossier: Dossier, name: str, grades: tuple[str, ...]) -> tuple[Listing, ...]:
    rows = dossier.of(Listing, list=name)
    return tuple(row for row in rows if not grades or row.grade in grades)


def _spell(row: Listing | ParentState) -> Spell:
    return Spell(row.since, row.until)


# ---- children both of whose parents are away


def _child(dossier: Dossier, context: Law, home: Resident) -> Iterator[Finding]:
    """A child whose parents are both dead, held, in treatment or gravely disabled is on a list."""
    by_parent = grouped(dossier.of(ParentState), "parent")
    if len(by_parent) < 2:
        return
    without = common(*(map(_spell, rows) for rows in by_parent.values()))
    if not without:
        return
    spell, region = without[-1], home.region or home.source.region
    law = context.law(spell.since, region)
    grown = law.child_age.after(home.born)
    if grown < spell.since:  # on the birthday itself still a child
        return
    listed = dossier.of(Listing, list=law.child_lists)
    known = next((row for row in listed if _spell(row).meets(spell)), None)
    deadline = context.calendar.deadline(spell.since, law.child_listed)
    judged = performed(
        context,
        deadline,
        known.since if known else None,
        refuted_by=Listing,
        legal=False,
        list=law.child_lists,
    )
    ends = min(day for day in (spell.until, grown) if day)
    states = tuple(row for rows in by_parent.values() for row in rows if _spell(row).meets(spell))
    yield Finding(
        rule="child_without_care",
        obligation="child",
        outcome=Outcome.LAPSED if context.reached(ends + DAY) else judged.outcome,
        waiting=judged.waiting,
        act=spell.since,
        basis=("child_lists", "child_age", "child_listed"),
        facts=ChildFacts(tuple(row.state for row in states), spell.since, deadline),
        evidence=(home, *states, *listed),
        agency=home.source.agency,
        region=region,
        severity="high",
    )
