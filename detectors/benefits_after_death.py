"""D01: benefits paid for months after the recipient's death, and benefits not stopped by it."""

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
    PaidMonth,
    Term,
    accepted_death,
    detector,
    grouped,
    performed,
)
from schemas import Benefit, BenefitPayment, Death, Refund, Resident


class D01Terms(msgspec.Struct, frozen=True):
    last_payable_month: dict[str, Term]  #: by scheme, counted from the month of death
    heirs_items: tuple[str, ...]
    grave_months: int
    notice: Term | None
    notice_schemes: tuple[str, ...]
    stop: Term


class PaidFacts(msgspec.Struct, frozen=True):
    scheme: str
    benefit_no: str
    died_on: date
    authority: str
    last_month: date
    proofs: tuple[date, ...]  #: of being alive, dated after the death
    months: tuple[PaidMonth, ...]
    paid_fen: int
    back_fen: int
    left_fen: int


class StopFacts(msgspec.Struct, frozen=True):
    scheme: str
    benefit_no: str
    died_on: date
    authority: str
    notice: Deadline
    deadline: Deadline


@detector(
    "D01",
    subject="person",
    reads=(Death, Benefit, BenefitPayment, Refund, Resident),
    terms=D01Terms,
    needs=(Death,),
)
def benefits_after_death(dossier: Dossier, context: Context[D01Terms]) -> Iterator[Finding]:
    """Nobody is paid for a month after the last payable one, and the benefit is stopped."""
    deaths = tuple(death for death in dossier.of(Death) if not death.cancelled)
    death = accepted_death(dossier)
    if death is None:
        return
    benefits = {benefit.benefit_no: benefit for benefit in dossier.of(Benefit)}
    refunds = grouped(dossier.of(Refund), "for_no")
    home = next((resident.region for resident in dossier.of(Resident)), "")
    overpaid = set()
    for benefit_no, payments in grouped(dossier.of(BenefitPayment), "benefit_no").items():
        region = payments[-1].source.region or home
        law = context.law(death.died_on, region)
        # A funeral grant is often booked under the number of the pension: each payment has its own
        # scheme.
        wrong = tuple(
            p
            for p in payments
            if p.scheme not in law.heirs_items
            and p.amount_fen
            and p.month.replace(day=1) > _last_payable(law, p.scheme, death.died_on)
        )
        if not wrong:
            continue
        scheme = wrong[-1].scheme
        last = _last_payable(law, scheme, death.died_on)
        overpaid.add(benefit_no)
        months = {payment.month.replace(day=1) for payment in wrong}
        back = tuple(
            r
            for r in refunds.get(benefit_no, ())
            if (r.month.replace(day=1) in months if r.month else r.refunded_on >= death.died_on)
        )
        benefit = benefits.get(benefit_no)
        proof = benefit.last_proof_on if benefit else None
        proofs = (proof,) if proof and proof > death.died_on else ()
        paid_fen = sum(p.amount_fen for p in wrong)
        back_fen = sum(r.amount_fen for r in back) + sum(
            p.amount_fen for p in wrong if p.returned_on
        )
        left_fen = max(paid_fen - back_fen, 0)
        yield Finding(
            rule="paid_after_death",
            obligation=benefit_no,
            outcome=Outcome.HOLDS if left_fen else Outcome.CURED,
            act=death.died_on,
            basis=("last_payable_month", "heirs_items"),
            facts=PaidFacts(
                scheme,
                benefit_no,
                death.died_on,
                death.authority,
                last,
                proofs,
                tuple(PaidMonth(p.month, p.amount_fen) for p in wrong),
                paid_fen,
                back_fen,
                left_fen,
            ),
            evidence=(*deaths, *((benefit,) if benefit else ()), *wrong, *back),
            agency=payments[-1].source.agency,
            region=region,
            amount_fen=left_fen,
            severity="high" if proofs or len(months) >= law.grave_months else "",
        )
    taken_over = any(b.scheme == "survivor" and b.since >= death.died_on for b in benefits.values())
    for benefit in benefits.values():
        if benefit.benefit_no not in overpaid:
            yield from _stopped(context, deaths, death, benefit, home, taken_over)


def _last_payable(law: D01Terms, scheme: str, died_on: date) -> date:
    months = law.last_payable_month
    return (months.get(scheme) or months["other"]).after(died_on.replace(day=1))


def _stopped(
    context: Context[D01Terms],
    deaths: tuple[Death, ...],
    death: Death,
    benefit: Benefit,
    home: str,
    taken_over: bool,
) -> Iterator[Finding]:
    """The family gives notice in its term, and the agency stops the benefit within tolerance."""
    region = benefit.source.region or home
    law = context.law(death.died_on, region)
    ended_before = benefit.stopped_on is not None and benefit.stopped_on < death.died_on
    began_after = benefit.since > death.died_on
    if (
        law.notice is None
        or benefit.scheme not in law.notice_schemes
        or ended_before
        or began_after
    ):
        return
    notice = context.calendar.deadline(death.died_on, law.notice)
    deadline = context.calendar.deadline(notice.due or notice.start, law.stop)
    judged = performed(
        context,
        msgspec.structs.replace(deadline, start=death.died_on),  # complete since the death
        benefit.stopped_on,
        refuted_by=Benefit,
        legal=context.legal("stop", death.died_on, region),
        scheme=benefit.scheme,
    )
    yield Finding(
        rule="stop_overdue",
        obligation=f"{benefit.benefit_no}/stop",
        outcome=Outcome.EXEMPT if taken_over else judged.outcome,
        excuse="survivor_took_over" if taken_over else "",
        waiting=judged.waiting,
        act=death.died_on,
        basis=("notice", "stop"),
        facts=StopFacts(
            benefit.scheme,
            benefit.benefit_no,
            death.died_on,
            death.authority,
            notice,
            deadline,
        ),
        evidence=(*deaths, benefit),
        agency=benefit.source.agency,
        region=region,
    )
