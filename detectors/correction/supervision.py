"""While the file is open: told of a detention, proposed for revocation, closed when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from detectors import Context, Judged, Outcome, Spell
from detectors.correction.breach import (
    Breach,
    after_warnings,
    any_breach,
    out_of_contact,
    penalised,
)
from detectors.correction.duties import CloseFacts, Duty, HeldFacts, RevokeFacts
from detectors.correction.file import CorrectionFile
from detectors.correction.person import AWAITING, Person
from detectors.correction.sending import facts_of
from schemas import CorrectionEvent, CorrectionSpell, DrugOrder, Record, Restraint

TOLD = ("detention", "arrest", "administrative_detention")
PROPOSALS = ("proposal_revoke", "proposal_recall", "proposal_arrest")


def held_unknown(
    context: Context[Any], file: CorrectionFile, person: Person
) -> Iterator[tuple[Duty, HeldFacts]]:
    """Who detains a person under correction tells the office."""
    spell = file.spell
    if spell is None:
        return
    inside = Spell(spell.since, spell.until)
    rows: list[Restraint | DrugOrder] = list(person.measures(TOLD, inside))
    rows += [order for order in person.orders if order.decided_on in inside]
    for row in rows:
        day = row.since if isinstance(row, Restraint) else row.decided_on
        number = row.measure_no if isinstance(row, Restraint) else row.order_no
        told = file.first(("told_of_detention",), day)
        proposed = file.first(PROPOSALS)
        done: tuple[date, Record] | None = None
        if told is not None:
            done = told.told_on or told.on, told
        asked = isinstance(row, Restraint) and row.kind in AWAITING
        if proposed is not None and proposed.on <= day and asked:
            done = day, proposed  # the office itself had asked for it
        if spell.until is not None and spell.end_reason == "revoked" and spell.until == day:
            done = day, spell
        duty = Duty(
            "held_unknown",
            f"{spell.file_no}/held/{number}",
            day,
            context.calendar.deadline(day, context.law(day, row.source.region).held_unknown),
            done,
            (spell, row),
            row,
            ((CorrectionEvent, {"kind": "told_of_detention"}),),
        )
        facts = HeldFacts(
            **facts_of(file, duty),
            measure=row.kind if isinstance(row, Restraint) else f"drug_{row.kind}",
            measure_no=number,
            measure_on=day,
        )
        yield duty, facts


def revocation_due(
    context: Context[Any], file: CorrectionFile, person: Person, late: Spell | None
) -> Iterator[tuple[Duty, RevokeFacts]]:
    """The office proposes to revoke when a condition of the law is met."""
    spell = file.spell
    owner = file.spell or file.judgment
    if owner is None or file.kind not in ("probation", "parole"):
        return
    start = file.effective_on or (spell.since if spell else None)
    law = context.law(start or date.max, owner.source.region)
    found: list[Breach | None] = [
        out_of_contact(file, late, person.held, law.lost),
        after_warnings(file, law.warnings),
    ]
    if file.kind == "probation" and law.penalised:
        found.append(penalised(file, person.penalties))
    if file.kind == "parole" and law.breach:
        found.append(any_breach(file))
    for breach in found:
        if breach is None:
            continue
        term = context.law(breach.met_on, owner.source.region).proposal
        deadline = context.calendar.deadline(breach.met_on, term)
        proposed = file.first(("proposal_revoke",), breach.since)
        ruled = person.step("ruled_revocation", breach.since)
        done = min(
            ((row.on, row) for row in (proposed, ruled) if row is not None),
            key=lambda end: end[0],
            default=None,
        )
        excuse, why = breach.excuse, None
        if not excuse and person.died_before(done[0] if done else None):
            excuse = "died"
        if not excuse and done is None:
            why = person.new_case(Spell(start or breach.since, deadline.due))
            excuse = "new_crime" if why is not None else ""
        duty = Duty(
            "revocation_due",
            f"{file.number}/revoke/{breach.limb}",
            breach.met_on,
            deadline,
            done,
            (spell, file.judgment, *breach.rows, why, person.death if excuse == "died" else None),
            owner,
            ((CorrectionEvent, {"kind": "proposal_revoke"}),),
            parameter="proposal",
            excuse=excuse,
        )
        facts = RevokeFacts(
            **facts_of(file, duty),
            limb=breach.limb,
            breach_since=breach.since,
            breach_until=breach.until,
            met_on=breach.met_on,
            times=breach.times,
        )
        yield duty, facts


def not_closed(
    context: Context[Any], file: CorrectionFile
) -> Iterator[tuple[Duty, CloseFacts, Judged | None]]:
    """When the term is over the person leaves the list, and not before."""
    spell = file.spell
    if spell is None or spell.until is None:
        return
    closed = file.first(("closed",))
    term = context.law(spell.until, spell.source.region).close
    early = closed is not None and closed.on < spell.until and spell.end_reason in ("", "completed")
    done: tuple[date, Record] | None = (closed.on, closed) if closed is not None else None
    if done is None and spell.end_reason:
        done = spell.until, spell
    duty = Duty(
        "not_closed",
        f"{spell.file_no}/close",
        spell.until,
        context.calendar.deadline(spell.until, term),
        done,
        (spell,),
        spell,
        ((CorrectionEvent, {"kind": "closed"}), (CorrectionSpell, {})),
        parameter="close",
    )
    facts = CloseFacts(
        **facts_of(file, duty), closed_early_on=closed.on if early and closed else None
    )
    yield duty, facts, Judged(Outcome.HOLDS) if early else None
