"""Benefits that nobody drew, though age and lists entitle to them."""

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
from schemas import Benefit, Listing, Resident


class UnpaidFacts(msgspec.Struct, frozen=True):
    scheme: str
    since: date
    lists: tuple[str, ...]
    age: str | None
    stopped_on: date | None
    deadline: Deadline


def entitled(dossier: Dossier, context: Context[AidLaw], home: Resident) -> Iterator[Finding]:
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
        eligible = common(
            [lives_here],
            [of_age],
            *([Spell(row.since, row.until) for row in rows] for rows in lists),
        )
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
