"""D06: who sues on loans so often that courts list them as lending for a living."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec
from msgspec.structs import replace

from detectors import (
    Context,
    Deadline,
    Dossier,
    Finding,
    Outcome,
    Spell,
    Term,
    detector,
    grouped,
    latch,
    performed,
    standing,
)
from detectors.lending.suits import (
    Claim,
    Related,
    SuitWindow,
    claims_of,
    loan_suits,
    related_in,
)
from schemas import Affiliate, CivilCase, Receipt

#: Suits printed in an alert; their number is told whatever it is.
SHOWN = 40


class Limit(msgspec.Struct, frozen=True):
    within: str  #: court or city
    term: Term
    suits: int
    amount_fen: int = 0


class D06Terms(msgspec.Struct, frozen=True):
    court_3y: Limit | None
    city_3y: Limit | None
    court_1y: Limit | None
    city_1y: Limit | None
    city_1y_1m: Limit | None
    city_1y_10m: Limit | None
    signs: int  #: so many of the signs make half the suits enough
    linger: Term  #: below half for so long: no longer listed
    own_suits: int
    tax: Term | None


LIMITS = ("court_3y", "city_3y", "court_1y", "city_1y", "city_1y_1m", "city_1y_10m")
BY_SIGNS = ("court_3y", "city_3y", "court_1y", "city_1y")


class SuitFact(msgspec.Struct, frozen=True):
    case_no: str
    filed_on: date
    amount_fen: int
    related: bool


class ListedFacts(msgspec.Struct, frozen=True):
    limit: str
    place: str
    term: str
    at_least: int
    floor_fen: int | None
    reached_on: date
    suits: int
    own: int
    related: int
    amount_fen: int
    signs: tuple[str, ...]
    by_signs: bool | None  #: half the suits, and signs enough
    peak: int
    peak_on: date
    total: int
    total_fen: int
    last_on: date
    ends_on: date | None
    affiliates: tuple[Related, ...]
    cases: tuple[SuitFact, ...]


class TaxFacts(msgspec.Struct, frozen=True):
    case_no: str
    closed_on: date
    interest_fen: int
    paid_on: date
    deadline: Deadline
    taxed_on: date | None
    limit: str


@detector(
    "D06",
    subject="party",
    reads=(CivilCase, Receipt, Affiliate),
    terms=D06Terms,
    needs=(CivilCase,),
    on_tick=True,
)
def professional_lender(dossier: Dossier, context: Context[D06Terms]) -> Iterator[Finding]:
    """Suits on loans within a year or three, at one court or in one city, against the limits."""
    own = loan_suits(dossier)
    if not own:
        return
    claims = claims_of(own, dossier.of(Affiliate))
    listed = _listed(context, claims)
    if context.listed("licensed_lender", dossier.key):
        unlicensed = [
            c for c in claims if not context.listed("licensed_lender", dossier.key, on=c.filed_on)
        ]
        without = _listed(context, unlicensed)
        listed = {key: without.get(key) or _excused(found) for key, found in listed.items()}
    yield from listed.values()
    if any(found.outcome is not Outcome.EXEMPT for found in listed.values()):
        yield from _untaxed(dossier, context, own, listed.values())


def _listed(context: Context[D06Terms], claims: Sequence[Claim]) -> dict[str, Finding]:
    """One finding for each place and limit that was ever reached there, by obligation."""
    found: dict[str, Finding] = {}
    for within in ("court", "city"):
        places: dict[str, list[Claim]] = {}
        for claim in claims:
            places.setdefault(getattr(claim, within), []).append(claim)
        for place, here in places.items():
            if not place:
                continue
            law = context.law(here[-1].filed_on, here[-1].row.source.region)
            windows: dict[str, SuitWindow] = {}
            for name in LIMITS:
                limit: Limit | None = getattr(law, name)
                if limit is None or limit.within != within or 2 * len(here) < limit.suits:
                    continue
                if limit.term not in windows:
                    windows[limit.term] = SuitWindow(here, limit.term)
                finding = _reached(context, law, name, limit, place, windows[limit.term])
                if finding is not None:
                    found[finding.obligation] = finding
    return found


def _level(
    law: D06Terms, limit: Limit, signs: bool, window: SuitWindow, first: int, last: int
) -> int:
    """The number of suits, cut below the limit where its other conditions are not met."""
    suits = last - first
    if window.own[last] - window.own[first] < law.own_suits:
        return min(suits, limit.suits - 1)
    if limit.amount_fen and window.amounts[last] - window.amounts[first] < limit.amount_fen:
        return min(suits, limit.suits - 1)
    if signs and suits < limit.suits <= 2 * suits:
        return limit.suits if len(window.signs_of(first, last)) >= law.signs else suits
    return suits


def _reached(
    context: Context[D06Terms],
    law: D06Terms,
    name: str,
    limit: Limit,
    place: str,
    window: SuitWindow,
) -> Finding | None:
    signs = name in BY_SIGNS and len(window.signs) >= law.signs
    levels = [
        (day, _level(law, limit, signs, window, first, last)) for day, first, last in window.steps
    ]
    spells = latch(levels, limit.suits, limit.suits / 2, law.linger)
    if not spells:
        return None
    spell = spells[-1]
    until = spell.until or date.max
    inside = [step for step in window.steps if spell.since <= step[0] <= until]
    _, first, last = inside[0]
    peak_on, peak = max(
        ((day, last - first) for day, first, last in inside),
        key=lambda p: (p[1], -p[0].toordinal()),
    )
    then = window.claims[first:last]
    episode = [c for c in window.claims[first:] if c.filed_on <= until]
    then_own = sum(not c.related for c in then)
    shown = window.signs_of(first, last) if name in BY_SIGNS else ()
    facts = ListedFacts(
        limit=name,
        place=place,
        term=limit.term.text,
        at_least=limit.suits,
        floor_fen=limit.amount_fen or None,
        reached_on=spell.since,
        suits=len(then),
        own=then_own,
        related=len(then) - then_own,
        amount_fen=sum(c.amount_fen for c in then),
        signs=shown,
        by_signs=True if len(then) < limit.suits else None,
        peak=peak,
        peak_on=peak_on,
        total=len(episode),
        total_fen=sum(c.amount_fen for c in episode),
        last_on=episode[-1].filed_on,
        ends_on=spell.until,
        affiliates=related_in(episode),
        cases=tuple(
            SuitFact(c.case_no, c.filed_on, c.amount_fen, c.related) for c in then[-SHOWN:]
        ),
    )
    source = episode[-1].row.source
    return Finding(
        rule="listed",
        obligation=f"{place}/{name}",
        outcome=standing(context, spell),
        act=spell.since,
        basis=(name, "signs", "linger") if facts.by_signs else (name, "linger"),
        facts=facts,
        evidence=tuple({id(c.row): c.row for c in episode}.values()),
        agency=source.agency,
        region=source.region,
        amount_fen=facts.total_fen,
    )


def _excused(finding: Finding) -> Finding:
    return replace(finding, outcome=Outcome.EXEMPT, excuse="licensed_lender")


def _untaxed(
    dossier: Dossier,
    context: Context[D06Terms],
    own: Iterable[CivilCase],
    listed: Iterable[Finding],
) -> Iterator[Finding]:
    """The interest that was awarded to a listed lender, and received, is taxed."""
    spells = [
        (Spell(found.facts.reached_on, found.facts.ends_on), found.facts.limit)
        for found in listed
        if found.outcome is not Outcome.EXEMPT and isinstance(found.facts, ListedFacts)
    ]
    receipts = grouped(dossier.of(Receipt), "for_no")
    for case in {case.case_no: case for case in own if case.case_no in receipts}.values():
        if not case.interest_fen or case.closed_on is None:
            continue
        law = context.law(case.closed_on, case.source.region)
        limit = next((name for spell, name in spells if case.closed_on in spell), None)
        if law.tax is None or limit is None:
            continue
        vouchers = receipts[case.case_no]
        # What was paid before the award is not what was awarded.
        paid = next((r for r in vouchers if r.kind == "paid" and r.on >= case.closed_on), None)
        if paid is None:
            continue  # income is taxed when it comes in
        taxed = next((r for r in vouchers if r.kind == "tax"), None)
        deadline = context.calendar.deadline(paid.on, law.tax)
        judged = performed(
            context,
            deadline,
            taxed.on if taxed else None,
            refuted_by=Receipt,
            legal=False,
            kind="tax",
        )
        yield Finding(
            rule="interest_tax",
            obligation=f"tax/{case.case_no}",
            outcome=judged.outcome,
            waiting=judged.waiting,
            act=case.closed_on,
            basis=("tax",),
            facts=TaxFacts(
                case.case_no,
                case.closed_on,
                case.interest_fen,
                paid.on,
                deadline,
                taxed.on if taxed else None,
                limit,
            ),
            evidence=(case, paid, *((taxed,) if taxed else ())),
            agency=case.source.agency,
            region=case.source.region,
            amount_fen=case.interest_fen,
        )
