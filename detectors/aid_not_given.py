"""D20: people whom the law means to help and who were not: positive clues, against nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from detectors import (
    Context,
    Deadline,
    Dossier,
    Finding,
    Judged,
    Meeting,
    Outcome,
    Spell,
    by_number,
    detector,
    grouped,
    performed,
)
from detectors.aid.children import without_care
from detectors.aid.entitled import entitled
from detectors.aid.terms import AidLaw
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
from schemas.numbers import printed


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


Law = Context[AidLaw]


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
    terms=AidLaw,
    needs=(Incident, Execution, Resident, ParentState),
)
def aid_not_given(dossier: Dossier, context: Context[AidLaw]) -> Iterator[Finding]:
    """Those in hardship get aid, the entitled their benefit, children without care a list."""
    yield from _victims(dossier, context)
    yield from _creditors(dossier, context)
    home = next((r for r in dossier.of(Resident) if dossier.is_subject(r.person)), None)
    if home is not None:
        yield from entitled(dossier, context, home)
        yield from without_care(dossier, context, home)


# ---- aid to victims and creditors in hardship


def _victims(dossier: Dossier, context: Law) -> Iterator[Finding]:
    incidents = by_number(dossier.of(Incident, role=("victim", "both")), "incident_no")
    if not incidents:
        return
    aid = _Aid(dossier)
    for incident in incidents:
        law = context.law(incident.on, incident.source.region)
        if incident.harm not in law.harms:
            continue
        deadline = context.calendar.deadline(incident.on, law.aid)
        numbers = (incident.case_no, incident.incident_no)
        lists, judged, excuse, rows = _aid(aid, context, deadline, numbers)
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
    closed = by_number(dossier.of(Execution, closing="终本"), "case_no")
    if not closed:
        return
    aid = _Aid(dossier)
    suits_of = grouped(dossier.of(CivilCase), "case_no")
    causes = {case_no: suits[-1].cause for case_no, suits in suits_of.items()}
    for case in closed:
        cause = case.cause or causes.get(case.base_no, "")
        if case.closed_on is None or not dossier.is_subject(case.creditor):
            continue
        law = context.law(case.closed_on, case.source.region)
        if cause not in law.maintenance:
            continue
        deadline = context.calendar.deadline(case.closed_on, law.aid)
        numbers = (case.case_no, case.base_no)
        lists, judged, excuse, rows = _aid(aid, context, deadline, numbers)
        if not lists:
            continue
        suits = () if case.cause else suits_of.get(case.base_no, ())
        yield Finding(
            rule="creditor_aid",
            obligation=f"{case.case_no}/aid",
            outcome=Outcome.EXEMPT
            if excuse
            else Outcome.LAPSED  # closed with nothing left to pay
            if case.outstanding_fen == 0
            else judged.outcome,
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


class _Aid:
    """What one dossier says of hardship, and of aid by the plain number that a paper quotes."""

    def __init__(self, dossier: Dossier) -> None:
        self.lists = Meeting(dossier.of(Listing), lambda row: Spell(row.since, row.until))
        self._papers: dict[str, list[CaseStep | Receipt]] = {}
        papers: tuple[CaseStep | Receipt, ...] = (
            *dossier.of(CaseStep, step="aid_paid"),
            *dossier.of(Receipt, kind=("aid", "compensation")),
        )
        for row in papers:
            self._papers.setdefault(_number(row), []).append(row)

    def quoting(self, numbers: Iterable[str], since: date) -> tuple[CaseStep | Receipt, ...]:
        """Papers quote a number under the organ that they take it to be of, so plain ones compare.
        One of another case is of another matter; one without a number helps all the same."""
        plain = dict.fromkeys(("", *map(printed, filter(None, numbers))))
        rows = [row for number in plain for row in self._papers.get(number, ())]
        return tuple(row for row in rows if row.on >= since)


def _aid(
    aid: _Aid, context: Law, deadline: Deadline, numbers: Iterable[str]
) -> tuple[tuple[Listing, ...], Judged, str, tuple[CaseStep | Receipt, ...]]:
    """Hardship within the term, how the aid stands, the excuse, and what was paid."""
    due = deadline.due or deadline.start
    law = context.law(deadline.start)
    time = Spell(deadline.start, due)
    lists = tuple(row for row in aid.lists.of(time) if row.list in law.hardship)
    rows = aid.quoting(numbers, deadline.start)
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
    return printed(row.case_no if isinstance(row, CaseStep) else row.for_no)
