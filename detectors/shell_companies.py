"""D13: companies that are registered and are none: used for crime, in rings, dormant, left over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from detectors import (
    Context,
    Deadline,
    Dossier,
    Finding,
    Outcome,
    Spell,
    detector,
    performed,
    replaced,
)
from detectors.company.dormant import dormant
from detectors.company.register import CLOSED, ENDS, Register
from detectors.company.ring import rings
from detectors.company.terms import CompanyLaw
from schemas import Activity, Company, CompanyEvent, Convict, Execution, Judgment, RingMember


class AliveFacts(msgspec.Struct, frozen=True):
    case_no: str
    charges: tuple[str, ...]
    effective_on: date
    how: str  #: named in the judgment, or led by the convict
    status: str
    deadline: Deadline


class RevokedFacts(msgspec.Struct, frozen=True):
    revoked_on: date
    kind: str
    deadline: Deadline


class DissolutionFacts(msgspec.Struct, frozen=True):
    resolved_on: date
    step: str
    deadline: Deadline
    done_on: date | None


Law = Context[CompanyLaw]


@detector(
    "D13",
    subject=("organisation", "pair"),
    reads=(Company, CompanyEvent, Activity, Judgment, Execution, Convict, RingMember),
    terms=CompanyLaw,
    needs=(Company, RingMember),
    on_tick=("pair",),
    at_most=2000,  # a default such as "无" is no telephone that companies share
)
def shell_companies(dossier: Dossier, context: Context[CompanyLaw]) -> Iterator[Finding]:
    """A company does business, and is struck off when it does not or was made for a crime."""
    if dossier.kind == "pair":
        yield from rings(dossier, context)
        return
    company = next(reversed(dossier.of(Company)), None)
    if company is None:
        return
    register = Register(company, dossier.of(CompanyEvent))
    yield from _convicted_alive(dossier, context, register)
    law = context.law(company.registered_on, company.source.region)
    if any(word in company.kind for word in law.other_kinds):
        return  # the law on companies is not about them
    yield from dormant(dossier, context, register)
    yield from _revoked_and_left(context, register)
    yield from _dissolution(context, register)


def _convicted_alive(dossier: Dossier, context: Law, register: Register) -> Iterator[Finding]:
    """Named in a judgment on frauds with companies, or led by who was convicted of one."""
    company, judgments = register.company, dossier.of(Judgment)
    overturned = replaced(judgments)
    named: dict[str, tuple[Judgment | Convict, str]] = {}
    for convict in dossier.of(Convict):
        named[convict.judgment] = (convict, "led")
    for judgment in judgments:
        if judgment.outcome == "guilty" and company.uscc in judgment.organisations:
            named[judgment.case_no] = (judgment, "named")
    for case_no, (row, how) in named.items():
        effective_on = row.effective_on
        if effective_on is None or case_no in overturned:
            continue
        law = context.law(effective_on, company.source.region)
        if not set(row.charges) & set(law.shell_charges):
            continue
        deadline = context.calendar.deadline(effective_on, law.alive)
        ended_on = register.ended(ENDS)
        judged = performed(
            context,
            deadline,
            ended_on,
            refuted_by=CompanyEvent,
            legal=False,
            kind=ENDS,
        )
        restructured = register.first("restructured", effective_on)
        yield Finding(
            rule="convicted_alive",
            obligation=f"{case_no}/alive",
            outcome=Outcome.EXEMPT if restructured else judged.outcome,
            excuse="restructured" if restructured else "",
            waiting=judged.waiting,
            act=effective_on,
            basis=("shell_charges", "alive"),
            facts=AliveFacts(case_no, row.charges, effective_on, how, company.status, deadline),
            evidence=(company, row, *((restructured,) if restructured else ())),
            agency=company.source.agency,
            region=company.source.region,
            severity="high" if how == "named" else "",
        )


def _revoked_and_left(context: Law, register: Register) -> Iterator[Finding]:
    """Three years after the licence was revoked the register may strike the company off."""
    company, region = register.company, register.company.source.region
    for kind, on, row in register.revocations():
        found = next(
            ((s, law.revoked) for s, law in context.laws(Spell(on), region) if law.revoked),
            None,
        )
        if found is None:
            continue
        spell, term = found
        due = max(term.after(on), spell.since)
        deadline = Deadline(on, term.text, due)
        # The entry itself shows that it was not struck off: the register must be complete on the
        # day, and need not go back to the revocation.
        judged = performed(
            context,
            msgspec.structs.replace(deadline, start=due),
            register.ended(CLOSED, on),
            refuted_by=(Company, CompanyEvent),
            legal=False,
        )
        yield Finding(
            rule="revoked_3y",
            obligation=f"{row.source.key}/deregister",
            outcome=judged.outcome,
            waiting=judged.waiting,
            act=due,
            basis=("revoked",),
            facts=RevokedFacts(on, kind, deadline),
            evidence=(company,) if row is company else (company, row),
            agency=company.source.agency,
            region=region,
        )


def _dissolution(context: Law, register: Register) -> Iterator[Finding]:
    """Once there is a ground of dissolution, liquidators are set and creditors are told."""
    company, region = register.company, register.company.source.region
    for resolution in register.of("dissolution"):
        law = context.law(resolution.on, region)
        for key, step, done_by, term in (
            ("publish", "publish", "published", law.publish),
            ("group", "liquidation_group", "group_set", law.liquidation_group),
        ):
            if term is None:
                continue
            deadline = context.calendar.deadline(resolution.on, term)
            done = register.first(done_by, resolution.on)
            closed_on = register.ended(CLOSED)  # also before: then nobody is left to do it
            judged = performed(
                context,
                deadline,
                done.on if done else closed_on,
                refuted_by=CompanyEvent,
                kind=(done_by,),
            )
            # Without debts it is struck off in the simple way, which needs neither.
            simply = done is None and closed_on is not None
            yield Finding(
                rule="dissolution",
                obligation=f"{resolution.source.key}/{key}",
                outcome=Outcome.LAPSED if simply else judged.outcome,
                waiting=judged.waiting,
                act=resolution.on,
                basis=(step,),
                facts=DissolutionFacts(resolution.on, done_by, deadline, done.on if done else None),
                evidence=(company, resolution, *((done,) if done else ())),
                agency=company.source.agency,
                region=region,
            )
