"""D02: pension paid while held, raised under supervision, or kept back after an acquittal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from detectors import (
    DAY,
    Context,
    Custody,
    CustodyLaw,
    Deadline,
    Dossier,
    Finding,
    Outcome,
    PaidMonth,
    Spell,
    Spells,
    Term,
    Time,
    detector,
    final_on,
    grouped,
    month_of,
    months_between,
    performed,
    serves_all,
    time_of,
)
from schemas import BenefitAdjustment, BenefitPayment, CorrectionSpell, Judgment, Refund, Restraint

Payments = tuple[BenefitPayment, ...]
Refunds = tuple[Refund, ...]


class D02Terms(CustodyLaw, frozen=True):
    schemes: tuple[str, ...] | None
    supervised: tuple[str, ...] | None
    probation_of_detention: bool | None  #: whether a probation of 拘役 is treated alike
    resume: Term | None


class HeldMonth(msgspec.Struct, frozen=True):
    month: date
    standing: str  #: awaiting, serving or mixed
    amount_fen: int


class HeldFacts(msgspec.Struct, frozen=True):
    scheme: str
    benefit_no: str
    spells: tuple[Time, ...]
    months: tuple[HeldMonth, ...]
    paid_fen: int
    refunded_fen: int
    left_fen: int


class RaisedFacts(msgspec.Struct, frozen=True):
    scheme: str
    benefit_no: str
    effective_on: date
    delta_fen: int
    spells: tuple[Time, ...]
    months: tuple[PaidMonth, ...]
    paid_fen: int
    refunded_fen: int
    left_fen: int


class ResumeFacts(msgspec.Struct, frozen=True):
    scheme: str
    benefit_no: str
    case_no: str
    acquitted_on: date
    spells: tuple[Time, ...]
    months: tuple[PaidMonth, ...]  #: at the monthly sum last paid before
    unpaid_fen: int
    deadline: Deadline


@detector(
    "D02",
    subject="person",
    reads=(BenefitPayment, BenefitAdjustment, Refund, Restraint, CorrectionSpell, Judgment),
    terms=D02Terms,
    needs=(Restraint, CorrectionSpell),
)
def pension_in_custody(dossier: Dossier, context: Context[D02Terms]) -> Iterator[Finding]:
    """No pension while held or serving, no rise under supervision, all of it after an acquittal."""
    payments = grouped(dossier.of(BenefitPayment), "benefit_no")
    refunds = grouped(dossier.of(Refund), "for_no")
    custody = Custody(dossier)
    for benefit_no, paid in payments.items():
        yield from _paid_while_held(context, custody, paid, refunds.get(benefit_no, ()))
        yield from _not_resumed(context, custody, paid)
    for rise in dossier.of(BenefitAdjustment):
        paid = payments.get(rise.benefit_no, ())
        yield from _adjusted(context, custody, rise, paid, refunds.get(rise.source.key, ()))


def _paid_while_held(
    context: Context[D02Terms], custody: Custody, payments: Payments, refunds: Refunds
) -> Iterator[Finding]:
    wrong: list[BenefitPayment] = []
    owed: list[BenefitPayment] = []
    for payment in payments:
        law = context.law(payment.month, payment.source.region)
        held, month = custody.under(law), month_of(payment.month)
        wrongly = payment.amount_fen and payment.scheme in (law.schemes or ())
        if wrongly and held.holds(month) and _is_over(context, law, month):
            (wrong if held.keeps(month) else owed).append(payment)
    told = wrong or owed
    if not told:
        return
    act, last = told[0].month, told[-1]
    held = custody.under(context.law(last.month, last.source.region))
    months = Spells(month_of(p.month) for p in told)
    rows = [(spell, row) for spell, row in held.rows if months.meets(spell)]
    rows.sort(key=lambda pair: (pair[0].since, pair[1].source.key))
    outside = {row.kind for _, row in rows if isinstance(row, CorrectionSpell)}
    back = tuple(r for r in refunds if _gives_back(r, months, act))
    paid_fen = sum(p.amount_fen for p in told)
    back_fen = sum(r.amount_fen for r in back) + sum(p.amount_fen for p in told if p.returned_on)
    left_fen = max(paid_fen - back_fen, 0)
    yield Finding(
        rule="paid_while_held",
        obligation=f"{last.benefit_no}/held",
        outcome=(Outcome.HOLDS if left_fen else Outcome.CURED) if wrong else Outcome.EXEMPT,
        excuse="" if wrong else held.excuse(months),
        act=act,
        basis=(
            *("suspended", "stopped", "partial_months"),
            *(("not_served",) if "temporary_release" in outside else ()),
            *(("parole_revoked",) if "parole" in outside else ()),
        ),
        facts=HeldFacts(
            last.scheme,
            last.benefit_no,
            tuple(Time.of(row, spell) for spell, row in rows),
            tuple(HeldMonth(p.month, held.standing(month_of(p.month)), p.amount_fen) for p in told),
            paid_fen,
            back_fen,
            left_fen,
        ),
        evidence=(*(row for _, row in rows), *told, *back),
        agency=last.source.agency,
        region=last.source.region,
        amount_fen=left_fen,
    )


def _adjusted(
    context: Context[D02Terms],
    custody: Custody,
    rise: BenefitAdjustment,
    payments: Payments,
    refunds: Refunds,
) -> Iterator[Finding]:
    law = context.law(rise.effective_on, rise.source.region)
    if rise.scheme not in (law.schemes or ()) or rise.delta_fen <= 0:
        return
    supervised = [
        row
        for row in custody.corrections
        if row.kind in (law.supervised or ())
        and not serves_all(row, law)
        and (law.probation_of_detention or not _of_detention(custody, row))
    ]
    inside = [row for row in supervised if rise.effective_on in time_of(row)]
    after = [row for row in supervised if row.until and row.until < rise.effective_on]
    if not inside and not after:
        return
    time = Spells(map(time_of, inside))
    whole = law.partial_months == "exclude"
    # A month in which the rise began is no whole month of it.
    first = rise.effective_on if whole else rise.effective_on.replace(day=1)
    months = sorted(
        {
            p.month
            for p in payments
            if p.month.replace(day=1) >= first
            and not p.returned_on
            and (time.holds_month(p.month) if whole else time.meets(month_of(p.month)))
            and _is_over(context, law, month_of(p.month))
        }
    )
    paid_fen = rise.delta_fen * len(months)
    back_fen = sum(refund.amount_fen for refund in refunds)
    left_fen = max(paid_fen - back_fen, 0)
    cured = bool(months) and not left_fen
    inferred = any(_of_detention(custody, row) for row in inside)
    told = set(months)
    yield Finding(
        rule="adjusted_under_supervision",
        obligation=f"{rise.benefit_no}/adjusted/{rise.source.key}",
        outcome=(Outcome.CURED if cured else Outcome.HOLDS) if inside else Outcome.EXEMPT,
        excuse="" if inside else "effective_after_supervision",
        act=rise.effective_on,
        basis=("supervised", *(("probation_of_detention",) if inferred else ()), "partial_months"),
        facts=RaisedFacts(
            rise.scheme,
            rise.benefit_no,
            rise.effective_on,
            rise.delta_fen,
            tuple(map(Time.of, inside)),
            tuple(PaidMonth(month, rise.delta_fen) for month in months),
            paid_fen,
            back_fen,
            left_fen,
        ),
        evidence=(rise, *(inside or after), *(p for p in payments if p.month in told), *refunds),
        agency=rise.source.agency,
        region=rise.source.region,
        amount_fen=left_fen,
    )


def _not_resumed(
    context: Context[D02Terms], custody: Custody, payments: Payments
) -> Iterator[Finding]:
    """What was suspended while the person waited for a verdict is paid after the acquittal."""
    last = payments[-1]
    for acquittal in custody.acquittals:
        final = final_on(acquittal)
        law = context.law(final, last.source.region)
        if law.resume is None or last.scheme not in (law.schemes or ()):
            continue
        held = custody.under(law)
        rows = [
            r
            for r in custody.restraints
            if custody.favour(r, law) and custody.acquittal_of(r) is acquittal
        ]
        time = Spells(s for r in rows if (s := time_of(r).overlap(Spell(date.min, final))))
        begun = payments[0].month
        months = [
            month
            for spell in time
            for month in months_between(max(spell.since, begun), spell.until or final)
            if spell.holds_month(month) and month > begun and not held.kept.meets(month_of(month))
        ]
        suspended = set(months)
        kept = [p for p in payments if not p.returned_on]
        paid = {day: p for p in kept if (day := p.month.replace(day=1)) in suspended}
        late = [p for p in paid.values() if p.paid_on and p.paid_on >= final]
        missing = [month for month in months if month not in paid]
        if not missing and not late:
            continue
        before = [p for p in payments if p.month < months[0]]
        monthly_fen = sum(p.amount_fen for p in before if p.month == before[-1].month)
        deadline = context.calendar.deadline(final, law.resume)
        judged = performed(
            context,
            msgspec.structs.replace(deadline, start=months[0]),  # no month was paid at any time
            None if missing else max(p.paid_on for p in late if p.paid_on),
            refuted_by=BenefitPayment,
            legal=context.legal("resume", final, last.source.region),
            scheme=last.scheme,
        )
        unpaid_fen = monthly_fen * len(missing)
        yield Finding(
            rule="not_resumed",
            obligation=f"{last.benefit_no}/resume/{acquittal.source.key}",
            outcome=judged.outcome,
            waiting=judged.waiting,
            act=final,
            basis=("acquittal_restores", "resume", "partial_months"),
            facts=ResumeFacts(
                last.scheme,
                last.benefit_no,
                acquittal.case_no,
                final,
                tuple(map(Time.of, rows)),
                tuple(PaidMonth(month, monthly_fen) for month in missing),
                unpaid_fen,
                deadline,
            ),
            evidence=(acquittal, *rows, *(p for p in before if p.month == before[-1].month), *late),
            agency=last.source.agency,
            region=last.source.region,
            amount_fen=unpaid_fen,
        )


def _is_over(context: Context[D02Terms], law: D02Terms, month: Spell) -> bool:
    """Whether a month can count as held: the whole of it can only when it is over."""
    return law.partial_months != "exclude" or context.reached((month.until or month.since) + DAY)


def _of_detention(custody: Custody, row: CorrectionSpell) -> bool:
    return row.kind == "probation" and custody.penalty(row.case_no) == "拘役"


def _gives_back(refund: Refund, months: Spells, since: date) -> bool:
    return months.at(refund.month) is not None if refund.month else refund.refunded_on >= since
