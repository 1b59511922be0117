"""D12: a post or a certificate held in a trade from which the law bars the person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

import msgspec

from detectors import (
    DAY,
    Context,
    Dossier,
    Finding,
    Outcome,
    Spell,
    Term,
    detector,
    grouped,
)
from detectors.barred.bans import Ban, Ground
from detectors.barred.grounds import final_judgments, grounds_of
from detectors.barred.posts import Held, held_licences, held_posts
from detectors.barred.school_staff import SchoolLaw, convicted_staff, not_queried
from schemas import (
    CaseStep,
    Decision,
    Dishonest,
    DrugOrder,
    Judgment,
    Licence,
    Penalty,
    Post,
    TrafficCheck,
)

TRADES = ("food", "teacher", "guard", "ride_hailing")  #: whose licences matter here


class D12Terms(SchoolLaw, frozen=True):
    """One parameter for each ban, so that each has its own article, period and ``verified``: how
    long it lasts, or that it has no end. ``scope`` says of each whom and what it concerns."""

    food_licence_revoked: Term | None
    food_crime: bool | None
    food_inspector: bool | None
    minors_close_contact: bool | None
    teacher: bool | None
    director_crime: Term | None
    director_rights: Term | None
    director_probation: Term | None
    director_licence: Term | None
    director_debt: bool | None
    legal_rep_probation: Term | None
    guard_crime: bool | None
    guard_detained: int | None  #: so many detentions
    guard_drugs: bool | None
    guard_revoked: Term | None
    ride_hailing_crime: bool | None
    ride_hailing_drugs: bool | None
    ride_hailing_drink: int | None  #: from so many mg of alcohol on
    court_ban: tuple[Term, Term] | None
    probation_order: bool | None
    legal_rep_other: Term | None  #: the shorter reading for legal representatives
    leave: Term
    sealed_months: int


class BanFacts(msgspec.Struct, frozen=True):
    ban: str
    ground: str
    ground_no: str | None
    ground_unit: str | None
    ground_on: date
    charges: tuple[str, ...]
    penalty: str | None
    cause: str | None
    role: str
    unit: str | None
    organisation: str | None
    held: Spell
    inside: str | None  #: taken while the ban ran
    counted_from: date | None
    lasts: str | None
    barred: Spell
    endless: str | None
    other_until: date | None
    both: Spell


class Meeting(NamedTuple):
    """Days on which a post and a ban meet, under one law."""

    both: Spell
    barred: Spell
    ban: Ban


Law = Context[D12Terms]


@detector(
    "D12",
    subject="person",
    reads=(
        Judgment,
        Penalty,
        Decision,
        DrugOrder,
        Licence,
        Dishonest,
        TrafficCheck,
        CaseStep,
        Post,
    ),
    terms=D12Terms,
    needs=(Post, Licence),
)
def banned_from_the_trade(dossier: Dossier, context: Context[D12Terms]) -> Iterator[Finding]:
    """Who is barred from a trade holds no post and no certificate in it while the ban runs."""
    posts = tuple(held_posts(dossier.of(Post)))
    licences = tuple(held_licences(dossier.of(Licence, kind=TRADES)))
    if not posts and not licences:
        return
    juvenile = context.granted("juvenile")

    def hidden(row: Judgment | Decision) -> bool:
        """What must not be used without a permission, whether or not the row says so: a sentence
        that must be sealed (刑诉法 286), and a decision not to prosecute."""
        if isinstance(row, Decision):
            return not context.granted("sexual_non_prosecution")
        if not row.minor_at_act or juvenile or row.penalty in ("无期", "死缓"):
            return False
        return (row.months or 0) <= context.law(row.pronounced_on).sealed_months

    grounds = grounds_of(dossier, hidden)
    for held in (*posts, *licences) if grounds else ():
        yield from _barred(context, held, grounds)
    query_steps = dossier.of(CaseStep, step="query")
    for held in posts:
        yield from not_queried(context, held, query_steps)
    notices = grouped(dossier.of(CaseStep, organ="court", step="edu_notice"), "case_no")
    for judgment, _, excuse in final_judgments(dossier, hidden):
        sent = notices.get(judgment.case_no, ())
        yield from convicted_staff(context, judgment, excuse, posts, sent)


def _barred(context: Law, held: Held, grounds: Sequence[Ground]) -> Iterator[Finding]:
    """Each ground that bars from this post, under the law of the days on which both are true."""
    pieces = list(context.laws(held.spell, held.region))
    for name, scope in pieces[0][1].scope.items() if pieces else ():
        rows = list(_in_force(name, scope, pieces)) if held.concerned(scope) else []
        for ground in grounds if rows else ():
            meetings = [
                Meeting(both, barred, ban)
                for piece, ban in rows
                if ban.catches(ground)
                and (days := held.under(ban, ground)) is not None
                and (inside := days.overlap(piece)) is not None
                and (both := inside.overlap(barred := ban.spell(ground))) is not None
            ]
            if meetings:
                yield _told(context, name, held, ground, meetings)


def _in_force(
    name: str, scope: Ban, pieces: Sequence[tuple[Spell, D12Terms]]
) -> Iterator[tuple[Spell, Ban]]:
    """The ban on the days on which it is the law, apart where its own length changes."""
    for value, alike in groupby(pieces, key=lambda piece: getattr(piece[1], name)):
        spells = [spell for spell, _ in alike]
        if value:
            yield Spell(spells[0].since, spells[-1].until), scope.under(value)


def _told(
    context: Law, name: str, held: Held, ground: Ground, meetings: Sequence[Meeting]
) -> Finding:
    first = meetings[0].both.since
    begun = [meeting for meeting in meetings if context.reached(meeting.both.since)]
    now = begun[-1] if begun else meetings[0]
    act, ends = now.both.since, now.both.until
    law = context.law(act, held.region)
    inside = first == held.spell.since and ground.on <= first
    over = ends is not None and ends < date.max and context.reached(ends + DAY)
    tolerated = context.calendar.deadline(first, law.leave).due or first
    excuse = ground.excuse or ("shareholder_only" if held.shareholder else "")
    if excuse:
        outcome = Outcome.EXEMPT
    elif not begun:
        outcome = Outcome.PENDING
    elif over:
        left = ends == held.spell.until and not held.expired
        outcome = Outcome.CURED if left and inside else Outcome.LAPSED
    elif inside or context.reached(tolerated + DAY):
        outcome = Outcome.HOLDS
    else:
        outcome = Outcome.PENDING
    probation_ends = ground.judgment.probation_until if ground.judgment else None
    other = law.legal_rep_other if name == "legal_rep_probation" else None
    other_until = other.after(probation_ends) if other and probation_ends else None
    agreed = other_until is None or held.spell.since <= other_until
    endless = now.barred.until is None and ground.by != "listing"
    penal = now.ban.lasts is not None and not endless and now.ban.counts != "stated"
    return Finding(
        rule="licence_kept" if held.certificate else name,
        obligation="/".join(filter(None, (name, ground.no, held.key))),
        outcome=outcome,
        excuse=excuse,
        act=act,
        basis=(
            name,
            "scope",
            *(("legal_rep_other",) if other else ()),
            *(() if inside else ("leave",)),
        ),
        facts=BanFacts(
            ban=f"ban_{name}",
            ground=ground.by,
            ground_no=None if ground.by == "company" else ground.no or None,
            ground_unit=ground.organisation or None,
            ground_on=ground.on,
            charges=ground.charges,
            penalty=ground.judgment.penalty or None if ground.judgment else None,
            cause=ground.cause or None,
            role=f"{held.role}_licence" if held.certificate else held.role,
            unit=held.unit or None,
            organisation=held.organisation or None,
            held=held.spell,
            inside="taken_inside" if inside else None,
            counted_from=now.ban.counted_from(ground) if penal else None,
            lasts=now.ban.lasts.text if penal and now.ban.lasts else None,
            barred=now.barred,
            endless="endless" if endless else None,
            other_until=other_until,
            both=Spell(first, ends),
        ),
        evidence=(*ground.rows, *held.rows),
        agency=held.agency,
        region=held.region,
        severity=now.ban.grade(ground) if agreed else "",
    )
