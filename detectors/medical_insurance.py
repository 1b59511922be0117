"""D16: medical insurance that pays what others owe, for the dead or held, or on borrowed cards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from detectors import Context, Deadline, Dossier, Finding, Outcome, Spell, detector, performed
from detectors.medical.harvested import harvested
from detectors.medical.impossible import impossible_pairs
from detectors.medical.patient import INPATIENT, MedicalLaw, Money, Patient, began, stay, told
from schemas import (
    CaseStep,
    CivilCase,
    CorrectionSpell,
    Death,
    HarvestedUse,
    Incident,
    Refund,
    Restraint,
    Settlement,
)
from schemas.numbers import printed


class ThirdPartyFacts(msgspec.Struct, frozen=True):
    settlement_no: str
    kind: str
    treated: Spell
    diagnoses: tuple[str, ...]
    settled_on: date
    incident_no: str
    incident: str
    happened_on: date
    own_pct: int
    compensated_fen: int | None
    promised: bool | None  #: that no third party was involved
    deadline: Deadline
    sought_on: date | None
    fund_fen: int
    money: Money


class AwardedFacts(msgspec.Struct, frozen=True):
    settlement_no: str
    treated: Spell
    case_no: str
    closed_on: date
    period: Spell
    awarded_fen: int
    fund_fen: int
    money: Money


class AfterDeathFacts(msgspec.Struct, frozen=True):
    settlement_no: str
    kind: str
    in_on: date
    died_on: date
    authority: str
    days_after: int
    money: Money


class InCustodyFacts(msgspec.Struct, frozen=True):
    settlement_no: str
    treated: Spell
    held: str
    spell: Spell
    place: str | None
    money: Money


@detector(
    "D16",
    subject=("person", "organisation"),
    reads=(
        Settlement,
        Incident,
        CivilCase,
        CaseStep,
        CorrectionSpell,
        Refund,
        Death,
        Restraint,
        HarvestedUse,
    ),
    terms=MedicalLaw,
    needs=(Settlement, HarvestedUse),
    on_tick=("organisation",),
)
def medical_insurance(dossier: Dossier, context: Context[MedicalLaw]) -> Iterator[Finding]:
    """The fund pays for the living and free insured, once, and not for what another must bear."""
    if dossier.kind == "organisation":
        yield from harvested(dossier, context)
        return
    patient = Patient(dossier)
    for settlement in patient.settlements:
        yield from _third_party(context, patient, settlement)
        yield from _awarded_twice(context, patient, settlement)
        yield from _after_death(context, patient, settlement)
        yield from _in_custody(context, patient, settlement)
    yield from impossible_pairs(context, patient)


def _third_party(
    context: Context[MedicalLaw], patient: Patient, paid: Settlement
) -> Iterator[Finding]:
    """The fund may advance what the one who is liable does not pay, and then takes recourse."""
    law = context.law(paid.settled_on, paid.source.region)
    liable, codes = law.liable, (*paid.diagnoses, paid.external_cause)
    if liable is None or not paid.fund_fen or not any(c.startswith(law.injuries) for c in codes):
        return
    near = patient.hurt_near(began(paid), law.injured_within)
    if not near:
        return
    # A fall on the day after an assault excuses nothing: first what another may answer for.
    incident = min(near, key=lambda i: (i.kind not in liable, abs((i.on - began(paid)).days)))
    own_pct = incident.liability_pct or 0
    money, back = patient.money(paid.fund_fen * (100 - own_pct) // 100, paid)
    recourses = patient.recourse(
        paid.settlement_no, incident.incident_no, printed(incident.case_no)
    )
    sought_on = min((step.on for step in recourses), default=None)
    deadline = context.calendar.deadline(paid.settled_on, law.recourse)
    settled = max((r.refunded_on for r in back), default=None) if not money.left_fen else None
    judged = performed(
        context,
        deadline,
        min((day for day in (sought_on, settled) if day), default=None),
        refuted_by=CaseStep,
        legal=context.legal("recourse", paid.settled_on, paid.source.region),
        step="recourse",
    )
    excuse, outcome = "", judged.outcome
    if own_pct >= 100:
        excuse = "sole_liability"
    elif incident.kind not in liable:
        excuse = "self_fall"
    elif (sought_on and deadline.due and sought_on <= deadline.due) or _nobody_to_ask(incident):
        excuse = "lawful_advance"
    elif incident.compensated_fen:  # who was paid by the one liable keeps the fund's money too
        outcome = Outcome.HOLDS if money.left_fen else Outcome.CURED
    facts = ThirdPartyFacts(
        paid.settlement_no,
        paid.kind,
        stay(paid),
        paid.diagnoses,
        paid.settled_on,
        incident.incident_no,
        incident.kind,
        incident.on,
        own_pct,
        incident.compensated_fen or None,
        paid.promise_no_third_party or None,
        deadline,
        sought_on,
        paid.fund_fen,
        money,
    )
    yield told(
        "third_party",
        paid,
        facts,
        money,
        obligation=f"{paid.settlement_no}/third_party",
        outcome=Outcome.EXEMPT if excuse else outcome,
        excuse=excuse,
        waiting=judged.waiting,
        basis=("liable", "recourse", "injured_within"),
        evidence=(paid, incident, *recourses, *back),
        severity="high" if paid.promise_no_third_party else "",
    )


def _nobody_to_ask(incident: Incident) -> bool:
    """Whoever is liable fled or is not known, and nobody has paid since: the fund pays first."""
    return incident.payer_unknown and not incident.compensated_fen


def _awarded_twice(
    context: Context[MedicalLaw], patient: Patient, paid: Settlement
) -> Iterator[Finding]:
    """A judgment awarded the cost of the same treatment: what the fund paid of it is due back."""
    law = context.law(paid.settled_on, paid.source.region)
    if law.awarded is None or not paid.fund_fen:
        return
    for suit in patient.awards.of(stay(paid)):
        since, closed_on = suit.medical_since, suit.closed_on
        awarded_fen = suit.medical_fen or 0
        if since is None or closed_on is None or suit.close_mode not in law.awarded:
            continue
        period = Spell(since, suit.medical_until)
        money, back = patient.money(min(paid.fund_fen, awarded_fen), paid)
        facts = AwardedFacts(
            paid.settlement_no,
            stay(paid),
            suit.case_no,
            closed_on,
            period,
            awarded_fen,
            paid.fund_fen,
            money,
        )
        yield told(
            "awarded_twice",
            paid,
            facts,
            money,
            obligation=f"{paid.settlement_no}/awarded",
            basis=("awarded",),
            evidence=(paid, suit, *back),
        )
        return


def _after_death(
    context: Context[MedicalLaw], patient: Patient, paid: Settlement
) -> Iterator[Finding]:
    """Nobody is treated after death; the bill of a patient who died in hospital may come later."""
    death, law = patient.death, context.law(paid.settled_on, paid.source.region)
    if (
        law.after_death is None
        or death is None
        or began(paid) <= death.died_on
        or not paid.fund_fen
    ):
        return
    money, back = patient.money(paid.fund_fen, paid)
    facts = AfterDeathFacts(
        paid.settlement_no,
        paid.kind,
        began(paid),
        death.died_on,
        death.authority,
        (began(paid) - death.died_on).days,
        money,
    )
    yield told(
        "after_death",
        paid,
        facts,
        money,
        obligation=f"{paid.settlement_no}/after_death",
        basis=("after_death",),
        evidence=(paid, death, *back),
    )


def _in_custody(
    context: Context[MedicalLaw], patient: Patient, paid: Settlement
) -> Iterator[Finding]:
    """Who is held is in no ward but that of a hospital for the held."""
    law = context.law(paid.settled_on, paid.source.region)
    if law.held is None or paid.kind != INPATIENT or not paid.fund_fen:
        return
    # Taken from a hospital bed is no fault: admitted after the first day of custody is.
    held = next(
        (
            r
            for r in patient.restraints.of(Spell(began(paid), began(paid)))
            if r.kind in law.held
            and r.since < began(paid)
            and not any(r.since < free.since <= began(paid) for free in patient.freed)
        ),
        None,
    )
    if held is None or patient.released.at(began(paid)):
        return
    money, back = patient.money(paid.fund_fen, paid)
    facts = InCustodyFacts(
        paid.settlement_no,
        stay(paid),
        held.kind,
        Spell(held.since, held.until),
        held.place or None,
        money,
    )
    excused = context.listed("custody_hospitals", paid.institution)
    yield told(
        "in_custody",
        paid,
        facts,
        money,
        obligation=f"{paid.settlement_no}/in_custody",
        outcome=Outcome.EXEMPT if excused else Outcome.HOLDS if money.left_fen else Outcome.CURED,
        excuse="custody_hospital" if excused else "",
        basis=("held",),
        evidence=(paid, held, *back),
    )
