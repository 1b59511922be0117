"""Rings: many companies that came at once, share what companies do not share, and do nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

import msgspec

from detectors import (
    DAY,
    Context,
    Dossier,
    Finding,
    Outcome,
    Spell,
    Term,
    Waiting,
    counted,
    latch,
    standing,
)
from detectors.company.terms import CompanyLaw
from schemas import Activity, RingMember
from schemas.derived import pair_of


class Member(msgspec.Struct, frozen=True):
    """A fact: one company of the ring."""

    uscc: str
    name: str
    representative: str
    registered_on: date
    idle_since: date | None


class RingFacts(msgspec.Struct, frozen=True):
    shared: tuple[str, ...]
    companies: int
    since: date
    first_on: date
    last_on: date
    idle: int
    idle_pct: int
    in_case: int | None
    members: tuple[Member, ...]


def rings(dossier: Dossier, context: Context[CompanyLaw]) -> Iterator[Finding]:
    """The whole group of a pair, and the parts that share further attributes, largest first."""
    members = dossier.of(RingMember)
    if not members:
        return
    law = context.law(members[-1].registered_on, members[-1].source.region)
    told: list[frozenset[str]] = []
    here = next(
        two for two in combinations(members[0].traits, 2) if dossier.is_subject(pair_of(*two))
    )
    for further, group in _groups(members, here, law):
        names = frozenset(member.uscc for member in group)
        if any(names <= larger for larger in told):
            continue
        finding = _ring(context, law, further, group)
        if finding is not None:
            yield finding
            if finding.outcome is Outcome.HOLDS:
                told.append(names)


def _groups(
    members: Sequence[RingMember], here: tuple[str, str], law: CompanyLaw
) -> Iterator[tuple[tuple[str, ...], tuple[RingMember, ...]]]:
    """Companies registered in one burst, by the attributes that they share besides the pair here.

    A group belongs to the first pair of all the attributes that its members share, so that it is
    told in one dossier only.
    """
    parts: dict[tuple[str, ...], list[RingMember]] = defaultdict(list)
    for member in members:
        further = [trait for trait in member.traits if trait not in here]
        for size in range(len(further) + 1):
            for chosen in combinations(further, size):
                parts[chosen].append(member)
    for chosen, part in sorted(parts.items(), key=lambda item: (-len(item[1]), item[0])):
        burst = _burst(part, law.ring_within, law.ring_enter)
        if not burst:
            continue
        shared = sorted(set.intersection(*(set(member.traits) for member in burst)))
        if tuple(shared[:2]) == here:
            yield chosen, burst


def _burst(part: Sequence[RingMember], within: Term, at_least: int) -> tuple[RingMember, ...]:
    """Those that were registered within the term of each other, so many at once."""
    ordered = sorted(part, key=lambda m: (m.registered_on, m.uscc))
    found: set[int] = set()
    start = 0
    for at, member in enumerate(ordered):
        while within.after(ordered[start].registered_on) < member.registered_on:
            start += 1
        if at - start + 1 >= at_least:
            found.update(range(start, at + 1))
    return tuple(ordered[place] for place in sorted(found))


def _ring(
    context: Context[CompanyLaw],
    law: CompanyLaw,
    further: tuple[str, ...],
    group: tuple[RingMember, ...],
) -> Finding | None:
    alive = latch(counted(Spell(m.since, m.until) for m in group), law.ring_enter, law.ring_leave)
    if not alive:
        return None
    spell = alive[-1]
    # Every member is asked, not only as many as are needed: each open question is a wake-up.
    since = [_idle_since(context, law, member) for member in group]
    idle = sum(day is not None for day in since)
    outcome, waiting = standing(context, spell), Waiting.NOT_DUE
    if outcome is Outcome.HOLDS and idle * 100 < law.ring_idle_pct * len(group):
        outcome = Outcome.LAPSED
    excuse = ""
    shared = tuple(sorted(set.intersection(*(set(m.traits) for m in group))))
    if any(context.listed("cluster_address", trait.partition("=")[2]) for trait in shared):
        excuse = "cluster_address"
    elif all([context.listed("company_group", member.uscc) for member in group]):
        excuse = "group"
    in_case = sum(member.in_case for member in group)
    return Finding(
        rule="ring",
        obligation="/".join(("ring", *further)),
        outcome=Outcome.EXEMPT if excuse else outcome,
        excuse=excuse,
        waiting=waiting,
        act=spell.since,
        basis=("ring_enter", "ring_within", "ring_idle_pct", "idle_after"),
        facts=RingFacts(
            tuple(trait.partition("=")[0] for trait in shared),
            len(group),
            spell.since,
            group[0].registered_on,
            group[-1].registered_on,
            idle,
            idle * 100 // len(group),
            in_case or None,
            tuple(
                Member(m.uscc, m.name, m.representative, m.registered_on, day)
                for m, day in zip(group, since, strict=True)
            ),
        ),
        evidence=group,
        agency=group[0].source.agency,
        region=group[0].source.region,
        severity="high" if in_case else "",
    )


def _idle_since(context: Context[CompanyLaw], law: CompanyLaw, member: RingMember) -> date | None:
    """Since when the company does nothing, by what was reported month by month, or because nothing
    ever was though the reports are complete; None while it is known to do something, or too young.
    """
    if member.idle:
        since, until = member.idle[-1]
        return since if until is None and context.reached(since) else None
    if member.reported_from is not None:
        return None
    since = law.idle_after.after(member.registered_on)
    if not context.reached(since):
        return None
    return since if context.covered(Activity, Spell(member.registered_on, since - DAY)) else None
