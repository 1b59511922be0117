"""Children both of whose parents are dead, held, in treatment or gravely disabled."""

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
    Outcome,
    Spell,
    accepted_death,
    common,
    grouped,
    performed,
)
from detectors.aid.terms import AidLaw
from schemas import Listing, ParentState, Resident


class ChildFacts(msgspec.Struct, frozen=True):
    states: tuple[str, ...]
    since: date
    deadline: Deadline


def without_care(dossier: Dossier, context: Context[AidLaw], home: Resident) -> Iterator[Finding]:
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
    death = accepted_death(dossier)
    ends = min(day for day in (spell.until, grown, death and death.died_on) if day)
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


def _spell(row: Listing | ParentState) -> Spell:
    return Spell(row.since, row.until)
