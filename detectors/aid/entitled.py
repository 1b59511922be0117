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
    Judged,
    Outcome,
    Spell,
    Waiting,
    accepted_death,
    common,
    grouped,
    merged,
    performed,
)
from detectors.aid.terms import AidLaw, Entitlement
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
    death = accepted_death(dossier)
    lives_here = Spell(home.hukou_since or home.born, death.died_on if death else None)
    drawn = grouped(dossier.of(Benefit), "scheme")
    listings = grouped(dossier.of(Listing), "list")
    for scheme, claims in _claims(context, home, region).items():
        spells: list[Spell] = []
        rows: dict[str, Listing] = {}
        for piece, what in claims:
            if not all(map(listings.get, what.lists)):
                continue
            of_age = Spell(what.age.after(home.born) if what.age else home.born)
            here = lives_here.overlap(piece)
            time = here and here.overlap(of_age)
            if time is None:
                continue
            lists = [
                _graded(listings[name], what.grades if i == 0 else ())
                for i, name in enumerate(what.lists)
            ]
            listed = ([Spell(row.since, row.until) for row in found] for found in lists)
            spells += common([time], *listed)
            rows.update((row.source.key, row) for found in lists for row in found)
        if not spells:
            continue
        spell, benefits, what = merged(spells)[-1], drawn.get(scheme, ()), claims[-1][1]
        if not context.reached(spell.since):
            continue  # everybody grows old: till then there is nothing to say
        law = context.law(spell.since, region)
        granted = next((b for b in benefits if b.stopped_on is None), None)
        stops = [b.stopped_on for b in benefits if b.stopped_on and b.stopped_on in spell]
        stopped_on = max(stops) if stops and granted is None else None
        deadline, judged = _judged(
            context, law, stopped_on or spell.since, granted.since if granted else None, scheme
        )
        over = spell.until is not None and context.reached(spell.until + DAY)
        yield Finding(
            rule="entitled_unpaid",
            obligation=scheme,
            outcome=Outcome.LAPSED if over else judged.outcome,
            waiting=judged.waiting,
            act=deadline.start,
            basis=("entitlements", "granted"),
            facts=UnpaidFacts(
                scheme,
                spell.since,
                what.lists,
                what.age.text if what.age else None,
                stopped_on,
                deadline,
            ),
            evidence=(home, *rows.values(), *benefits),
            agency=home.source.agency,
            region=region,
        )


def _claims(
    context: Context[AidLaw], home: Resident, region: str
) -> dict[str, list[tuple[Spell, Entitlement]]]:
    """Each benefit with the rules that gave it, and when: as far as they have come into force."""
    claims: dict[str, list[tuple[Spell, Entitlement]]] = {}
    for piece, law in context.laws(Spell(home.born), region):
        if piece.since > home.born and not context.reached(piece.since):
            break
        for what in law.entitlements or ():
            claims.setdefault(what.scheme, []).append((piece, what))
    return claims


def _judged(
    context: Context[AidLaw], law: AidLaw, start: date, granted_on: date | None, scheme: str
) -> tuple[Deadline, Judged]:
    """The first term whose end the register of benefits knows: from the start, or from a later
    first of January, for who had it long ago is entitled still, and a benefit that runs is there
    whenever it began."""
    while True:
        deadline = context.calendar.deadline(start, law.granted)
        judged = performed(
            context, deadline, granted_on, refuted_by=Benefit, legal=False, scheme=scheme
        )
        if judged.outcome is not Outcome.PENDING or judged.waiting is Waiting.NOT_DUE:
            return deadline, judged
        start = date(start.year + 1, 1, 1)


def _graded(rows: tuple[Listing, ...], grades: tuple[str, ...]) -> tuple[Listing, ...]:
    return tuple(row for row in rows if not grades or row.grade in grades)
