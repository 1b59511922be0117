"""D05: suits against one defendant that look made up. A score: it says where to look, no more."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date

import msgspec
from msgspec.structs import replace

from detectors import (
    Context,
    Dossier,
    Finding,
    Outcome,
    Spell,
    Term,
    by_number,
    detector,
    grouped,
    latch,
    merged,
    rolling,
    standing,
)
from detectors.sham.arrears import Arrears
from detectors.sham.cluster import WAGE_CAUSES, Cluster, Known, distress_of, insured_with
from detectors.sham.score import Scored, scored
from detectors.sham.signals import Signal, SignalTerms
from schemas import (
    CaseStep,
    CivilCase,
    Claimant,
    CompanyEvent,
    Enrolment,
    Execution,
    Receipt,
    Record,
)


class D05Terms(SignalTerms, frozen=True):
    causes: tuple[str, ...]
    window: Term
    smallest: int
    enter: int
    leave: int
    quick: Term
    worked: Term
    genuine: Term
    large_claim_fen: int
    before_bankruptcy: Term
    wages_first: bool | None


#: Suits printed in an alert; their number is told whatever it is.
SHOWN = 40


class CaseFact(msgspec.Struct, frozen=True):
    case_no: str
    filed_on: date
    closed_on: date | None
    close_mode: str
    amount_fen: int | None


class BatchFacts(msgspec.Struct, frozen=True):
    score: int
    enter: int
    peak_on: date
    suits: int
    window: str
    signals: tuple[Signal, ...]
    agent: str | None
    reached_on: date
    ends_on: date | None
    first_on: date
    last_on: date
    total: int
    total_fen: int
    insurance_unknown: bool | None
    cases: tuple[CaseFact, ...]


class ClaimFacts(msgspec.Struct, frozen=True):
    case_no: str
    filed_on: date
    amount_fen: int
    floor_fen: int
    applied_on: date
    before: str
    close_mode: str | None


@detector(
    "D05",
    subject="party",
    reads=(CivilCase, Execution, Enrolment, CompanyEvent, CaseStep, Receipt, Claimant),
    terms=D05Terms,
    needs=(CivilCase,),
    on_tick=True,
)
def sham_lawsuits(dossier: Dossier, context: Context[D05Terms]) -> Iterator[Finding]:
    """Suits in a batch are scored on each day on which one enters or leaves the window."""
    cases = by_number(dossier.of(CivilCase), "case_no")
    against = [c for c in cases if any(map(dossier.is_subject, c.defendants))]
    if not against:
        return
    against.sort(key=lambda case: (case.filed_on, case.case_no))
    law = context.law(against[-1].filed_on, against[-1].source.region)
    suits = [
        case
        for case in against
        # Who withdraws makes no claim; a case that moved is counted where it went.
        if case.cause in law.causes and case.close_mode not in ("withdrawal", "transfer")
    ]
    arrears = Arrears(dossier, context)
    if len(suits) >= law.smallest:
        yield from _batches(dossier, context, law, suits, arrears)
    if dossier.kind == "organisation":
        yield from _before_bankruptcy(dossier, context, against, arrears)


def _batches(
    dossier: Dossier,
    context: Context[D05Terms],
    law: D05Terms,
    suits: Sequence[CivilCase],
    arrears: Arrears,
) -> Iterator[Finding]:
    steps = list(rolling([suit.filed_on for suit in suits], law.window))
    busy = merged(
        Spell(suits[first].filed_on, suits[last - 1].filed_on)
        for _, first, last in steps
        if last - first >= law.smallest
    )
    if not busy:
        return
    trouble = distress_of(dossier, {suit.case_no for suit in suits})
    claimants = grouped(dossier.of(Claimant), "case_no")
    enrolments = grouped(dossier.of(Enrolment), "person")
    # Only an employer insures; and all must be known, from before the work to the last suit.
    insurance = [
        run
        for run in (busy if dossier.kind == "organisation" else ())
        if context.covered(Enrolment, Spell(law.worked.before(run.since), run.until))
    ]
    known = Known(
        claimants,
        insured_with(dossier.of(Enrolment)),
        insurance,
        [row.day for row in trouble],
        frozenset(
            agent
            for suit in suits
            for agent in suit.agents
            if context.listed("blacklisted_agent", agent)
        ),
        law.quick,
        law.worked,
    )
    found: dict[str, Finding] = {}
    scores = list(scored(Cluster(suits, known), law, law.smallest, steps))
    days, filed = [s.day for s in scores], [suit.filed_on for suit in suits]
    for spell in latch(((s.day, s.score) for s in scores), law.enter, law.leave):
        until = spell.until or date.max
        inside = scores[bisect_left(days, spell.since) : bisect_right(days, until)]
        peak = max(inside, key=lambda s: (s.score, -s.day.toordinal()))
        episode = suits[inside[0].first : bisect_right(filed, until)]
        finding = _batch(context, law, spell, peak, suits, episode)
        near = Spell(
            law.distress.before(episode[0].filed_on), law.distress.after(episode[-1].filed_on)
        )
        rows: list[Record] = [c for suit in episode for c in claimants.get(suit.case_no, ())]
        for person in dict.fromkeys(p for suit in episode for p in suit.plaintiffs):
            rows += enrolments.get(person, ())
        rows += [row for row in trouble if row.day in near]
        finding = replace(finding, evidence=(*finding.evidence, *rows))
        banks = sum(
            any(context.listed("batch_institution", p, on=suit.filed_on) for p in suit.plaintiffs)
            for suit in episode
        )
        if banks >= law.most * len(episode):
            finding = msgspec.structs.replace(
                finding, outcome=Outcome.EXEMPT, excuse="batch_institution"
            )
        found[finding.obligation] = _unless_owed(law, finding, episode, arrears)
    yield from found.values()


def _batch(
    context: Context[D05Terms],
    law: D05Terms,
    spell: Spell,
    peak: Scored,
    suits: Sequence[CivilCase],
    episode: Sequence[CivilCase],
) -> Finding:
    facts = BatchFacts(
        score=peak.score,
        enter=law.enter,
        peak_on=peak.day,
        suits=peak.last - peak.first,
        window=law.window.text,
        signals=peak.signals,
        agent=peak.agent or None,
        reached_on=spell.since,
        ends_on=spell.until,
        first_on=episode[0].filed_on,
        last_on=episode[-1].filed_on,
        total=len(episode),
        total_fen=sum(suit.amount_fen or 0 for suit in episode),
        insurance_unknown=None if peak.insurance_known else True,
        cases=tuple(
            CaseFact(s.case_no, s.filed_on, s.closed_on, s.close_mode, s.amount_fen)
            for s in suits[peak.first : peak.last][-SHOWN:]
        ),
    )
    grave = any(signal.signal == "insolvent" for signal in peak.signals)
    return Finding(
        rule="batch",
        obligation=f"{peak.agent or 'none'}/{episode[0].filed_on.year}",
        outcome=standing(context, spell),
        act=spell.since,
        basis=("window", "points", "enter"),
        facts=facts,
        evidence=tuple(episode),
        agency=episode[-1].source.agency,
        region=episode[-1].source.region,
        amount_fen=facts.total_fen,
        severity="high" if grave else "",
    )


def _before_bankruptcy(
    dossier: Dossier,
    context: Context[D05Terms],
    cases: Sequence[CivilCase],
    arrears: Arrears,
) -> Iterator[Finding]:
    """One wage claim of a great sum, brought in the months before the petition (破产法113)."""
    petitions = dossier.of(CompanyEvent, kind="bankruptcy_applied")
    days = [petition.on for petition in petitions]
    for case in cases if petitions else ():
        law = context.law(case.filed_on, case.source.region)
        following = petitions[bisect_left(days, case.filed_on) :][:1]
        amount = case.amount_fen or 0
        if (
            not following
            or law.wages_first is None
            or case.cause not in WAGE_CAUSES
            or len(case.plaintiffs) != 1
            or amount <= law.large_claim_fen
            or case.filed_on < law.before_bankruptcy.before(following[0].on)
        ):
            continue
        given_up = case.close_mode in ("withdrawal", "dismissal", "transfer")
        finding = Finding(
            rule="before_bankruptcy",
            obligation=f"{case.case_no}/bankruptcy",
            outcome=Outcome.LAPSED if given_up else Outcome.HOLDS,
            act=case.filed_on,
            basis=("wages_first", "large_claim_fen", "before_bankruptcy"),
            facts=ClaimFacts(
                case.case_no,
                case.filed_on,
                amount,
                law.large_claim_fen,
                following[0].on,
                law.before_bankruptcy.text,
                case.close_mode or None,
            ),
            evidence=(case, *following),
            agency=case.source.agency,
            region=case.source.region,
            amount_fen=amount,
        )
        yield _unless_owed(law, finding, [case], arrears)


def _unless_owed(
    law: D05Terms, finding: Finding, suits: Sequence[CivilCase], arrears: Arrears
) -> Finding:
    rows = arrears.within(
        law.genuine.before(suits[0].filed_on), law.genuine.after(suits[-1].filed_on)
    )
    if not rows:
        return finding
    evidence = (*finding.evidence, *rows)
    return msgspec.structs.replace(
        finding, outcome=Outcome.EXEMPT, excuse="genuine_arrears", evidence=evidence
    )
