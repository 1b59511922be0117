"""D11: driving licences kept, or got back too soon, after drink-driving or a drug order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import compress

import msgspec

from detectors import (
    DAY,
    Context,
    Deadline,
    Dossier,
    Driver,
    DrivingLaw,
    Finding,
    Outcome,
    Term,
    by_number,
    detector,
    ended_on,
    in_force_until,
    performed,
    validity,
)
from schemas import DrugOrder, Judgment, Licence, Penalty, TrafficCheck


class D11Terms(DrivingLaw, frozen=True):
    decision_limit: Term | None
    after_judgment: Term
    revoke_tolerance: Term
    drug_cancel: tuple[str, ...] | None
    drug_order_needs_driving: bool
    cancel_tolerance: Term
    order_community: Term | None
    order_compulsory: Term | None
    order_recovery: Term | None
    clean: Term | None
    occupation: Term | None
    drove: bool | None


class RevokeFacts(msgspec.Struct, frozen=True):
    on: date
    bac_mg: int
    commercial: bool
    ground: str  #: the parameter that demands the revocation
    licences: tuple[str, ...]
    handled_on: date | None
    judged_on: date | None
    limit: Deadline | None  #: of the decision; none in days after a crash that is a crime
    deadline: Deadline
    done_on: date | None


class CancelFacts(msgspec.Struct, frozen=True):
    kind: str
    decided_on: date
    in_force_until: date | None
    licences: tuple[str, ...]
    deadline: Deadline


class ReissueFacts(msgspec.Struct, frozen=True):
    issued_on: date
    licence_no: str
    ground: str
    barred_from: date
    barred_until: date | None
    ended_on: date | None


class OccupationFacts(msgspec.Struct, frozen=True):
    licence_no: str
    driving_no: str
    ended_on: date
    end_kind: str
    deadline: Deadline


class DroveFacts(msgspec.Struct, frozen=True):
    on: date
    revoked_on: date
    licence_no: str


Law = Context[D11Terms]


@detector(
    "D11",
    subject="person",
    reads=(TrafficCheck, DrugOrder, Licence, Penalty, Judgment),
    terms=D11Terms,
    needs=(TrafficCheck, DrugOrder, Licence),
)
def licence_after_drink_or_drugs(dossier: Dossier, context: Context[D11Terms]) -> Iterator[Finding]:
    """Who drove drunk or is under a drug order loses the licence, and gets none before the time."""
    driver = Driver(dossier, context.law)
    for check in driver.checks:
        yield from _drunk_not_revoked(context, driver, check)
        yield from _drove_revoked(context, driver, check)
    for order in driver.orders:
        yield from _drug_not_cancelled(context, driver, order)
    yield from _reissued_too_soon(context, driver)
    for certificate in by_number(dossier.of(Licence, kind="occupation"), "licence_no"):
        yield from _occupation(context, driver, certificate)


def _drunk_not_revoked(context: Law, driver: Driver, check: TrafficCheck) -> Iterator[Finding]:
    ground, region = driver.ground(check), check.source.region
    law = context.law(check.on, region)
    if not ground or getattr(law, ground) is None or law.decision_limit is None:
        return
    held, last = driver.standing(check.on)
    judged = driver.crash_judgment(check) if check.accident_crime else None
    judged_on = judged.effective_on if judged else None
    start, limit = check.handled_on or check.on, None
    if not check.accident_crime:
        limit = context.calendar.deadline(start, law.decision_limit)
        deadline = context.calendar.deadline(limit.due or start, law.revoke_tolerance)
    elif judged_on:  # a crash that is a crime: after the judgment, without a number of days
        deadline = context.calendar.deadline(judged_on, law.after_judgment)
    else:
        deadline = Deadline(check.on, law.after_judgment.text, None)
    done_on = ended_on(last, deadline.due)
    revoked = all(licence.end_kind == "revoked" for licence in last)
    terms = ("after_judgment",) if check.accident_crime else ("decision_limit", "revoke_tolerance")
    judged_as = performed(
        context,
        msgspec.structs.replace(deadline, start=start),
        done_on,
        refuted_by=Licence,
        legal=revoked and context.legal(terms[0], check.on, region),
        kind="driving",
    )
    excuses = ("bac_annulled", "not_motor_vehicle", "no_licence_held")
    so = (check.annulled_on is not None, check.vehicle == "non_motor", not held)
    excuse = next(compress(excuses, so), "")
    before = driver.punished_before(check) if ground == "drink_again" else None
    measured = "drunk_mg" if ground.startswith("drunk") else "drink_mg"
    yield Finding(
        rule="drunk_not_revoked",
        obligation=f"{check.check_no}/revoke",
        outcome=Outcome.EXEMPT if excuse else judged_as.outcome,
        excuse=excuse,
        waiting=judged_as.waiting,
        act=check.on,
        basis=(measured, ground, *terms),
        facts=RevokeFacts(
            on=check.on,
            bac_mg=check.bac_mg or 0,
            commercial=check.commercial,
            ground=ground,
            licences=tuple(licence.licence_no for licence in held),
            handled_on=check.handled_on,
            judged_on=judged_on,
            limit=limit,
            deadline=deadline,
            done_on=done_on,
        ),
        evidence=tuple(filter(None, (check, *held, before, judged))),
        agency=check.source.agency,
        region=region,
        severity="high" if check.commercial else "",
    )


def _drug_not_cancelled(context: Law, driver: Driver, order: DrugOrder) -> Iterator[Finding]:
    region = order.source.region
    law = context.law(order.decided_on, region)
    held, last = driver.standing(order.decided_on)
    if order.kind not in (law.drug_cancel or ()) or not held:
        return
    driving = [c for c in driver.checks if c.vehicle == "motor" and c.on <= order.decided_on]
    if law.drug_order_needs_driving and not driving:
        return
    until = in_force_until(order, law.order_community, law.order_compulsory, law.order_recovery)
    deadline = context.calendar.deadline(order.decided_on, law.cancel_tolerance)
    done_on = ended_on(last, deadline.due)
    judged = performed(
        context,
        deadline,
        done_on,
        refuted_by=Licence,
        legal=context.legal("cancel_tolerance", order.decided_on, region),
        kind="driving",
    )
    outcome = judged.outcome
    if until is not None and context.reached(until + DAY) and outcome is Outcome.HOLDS:
        outcome = Outcome.LAPSED
    excuse = "order_annulled" if order.annulled_on else ""
    if not excuse and until is None and law.clean and order is driver.orders[-1]:
        clean_on = law.clean.after(order.decided_on) + DAY
        excuse = "clean_three_years" if context.reached(clean_on) else ""
    yield Finding(
        rule="drug_not_cancelled",
        obligation=f"{order.order_no}/cancel",
        outcome=Outcome.EXEMPT if excuse else outcome,
        excuse=excuse,
        waiting=judged.waiting,
        act=order.decided_on,
        basis=("drug_cancel", "drug_order_needs_driving", "cancel_tolerance"),
        facts=CancelFacts(
            order.kind, order.decided_on, until, tuple(x.licence_no for x in held), deadline
        ),
        evidence=(order, *held, *(driving if law.drug_order_needs_driving else ())),
        agency=held[-1].source.agency,
        region=region,
    )


def _reissued_too_soon(context: Law, driver: Driver) -> Iterator[Finding]:
    """No licence is obtained while an earlier one bars it, or soon after drugs."""
    for licence in driver.licences:
        day = licence.issued_on
        bar = driver.barred(day, licence.source.region)
        if bar is None or driver.renewed(day):  # a renewal is no new licence
            continue
        over = Outcome.LAPSED if licence.end_kind == "expired" else Outcome.CURED
        yield Finding(
            rule="reissued_too_soon",
            obligation=f"{licence.source.key}/reissue",
            outcome=over if licence.ended_on else Outcome.HOLDS,
            act=day,
            basis=(bar.ground,),
            facts=ReissueFacts(
                day,
                licence.licence_no,
                bar.ground,
                bar.since,
                bar.until if bar.until < date.max else None,
                licence.ended_on,
            ),
            evidence=(licence, *bar.rows),
            agency=licence.source.agency,
            region=licence.source.region,
        )


def _occupation(context: Law, driver: Driver, certificate: Licence) -> Iterator[Finding]:
    """Who may not drive any more may not drive for a living."""
    region, held = certificate.source.region, validity(certificate)
    losses = (pair for pair in driver.lost_from(certificate.issued_on) if pair[0] in held)
    found = next((pair for pair in losses if context.law(pair[0], region).occupation), None)
    term = context.law(found[0], region).occupation if found else None
    if found is None or term is None:
        return
    lost, driving = found
    deadline = context.calendar.deadline(lost, term)
    done_on = ended_on([certificate], deadline.due)
    judged = performed(
        context,
        deadline,
        done_on,
        refuted_by=Licence,
        legal=context.legal("occupation", lost, region),
        kind="occupation",
    )
    yield Finding(
        rule="occupation",
        obligation=f"{certificate.source.key}/licence",
        outcome=judged.outcome,
        waiting=judged.waiting,
        act=lost,
        basis=("occupation",),
        facts=OccupationFacts(
            certificate.licence_no, driving.licence_no, lost, driving.end_kind, deadline
        ),
        evidence=(certificate, driving),
        agency=certificate.source.agency,
        region=region,
        severity="high",
    )


def _drove_revoked(context: Law, driver: Driver, check: TrafficCheck) -> Iterator[Finding]:
    """Driving after a revocation and before a new licence."""
    found = driver.revoked_before(check.on)
    driving = check.vehicle == "motor" and driver.valid.at(check.on) is None
    if found is None or not driving or not context.law(check.on, check.source.region).drove:
        return
    revoked_on, revoked = found
    yield Finding(
        rule="drove_revoked",
        obligation=f"{check.check_no}/drove",
        outcome=Outcome.HOLDS,
        act=check.on,
        basis=("drove",),
        facts=DroveFacts(check.on, revoked_on, revoked.licence_no),
        evidence=(check, revoked),
        agency=check.source.agency,
        region=check.source.region,
        severity="high",
    )
