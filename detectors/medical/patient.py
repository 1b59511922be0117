"""One insured person: what the fund paid, what came back, and what else is known of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from detectors import (
    Dossier,
    Finding,
    Meeting,
    Outcome,
    Spell,
    Spells,
    Term,
    accepted_death,
    by_number,
    grouped,
)
from schemas import (
    CaseStep,
    CivilCase,
    CorrectionSpell,
    Incident,
    Refund,
    Restraint,
    Settlement,
)
from schemas.numbers import printed

INPATIENT = "住院"
HURT = ("victim", "both")


class MedicalLaw(msgspec.Struct, frozen=True):
    injuries: tuple[str, ...]
    injured_within: int
    liable: tuple[str, ...] | None
    recourse: Term
    awarded: tuple[str, ...] | None
    after_death: bool | None
    held: tuple[str, ...] | None
    transfer_days: int | None
    cards: int
    cards_leave: int
    card_counts: Term


class Money(msgspec.Struct, frozen=True):
    """A fact: what the fund is owed, what came back, and what is left of it, in fen."""

    owed_fen: int
    back_fen: int
    left_fen: int


class Patient:
    """What one dossier says of one insured person."""

    def __init__(self, dossier: Dossier) -> None:
        self.settlements = by_number(dossier.of(Settlement), "settlement_no")
        self.refunds = grouped(dossier.of(Refund), "for_no")
        self._incidents = Meeting(
            by_number(dossier.of(Incident, role=HURT), "incident_no"), lambda i: Spell(i.on, i.on)
        )
        self._recourses: dict[str, dict[str, CaseStep]] = {}
        for step in dossier.of(CaseStep, step="recourse"):
            # Papers quote a number under the organ that they take it to be of: plain ones compare.
            for number in {printed(step.case_no), printed(step.other_no)}:
                self._recourses.setdefault(number, {})[step.source.key] = step
        self.awards = Meeting(
            (
                suit
                for suit in dossier.of(CivilCase)
                if suit.medical_fen and any(map(dossier.is_subject, suit.plaintiffs))
            ),
            lambda suit: Spell(suit.medical_since or date.max, suit.medical_until),
        )
        self.restraints = Meeting(dossier.of(Restraint), lambda row: Spell(row.since, row.until))
        # Whoever is out on bail is not held, whatever the row before it still says.
        self.freed = dossier.of(Restraint, kind=("bail", "residence"))
        self.released = Spells(
            Spell(row.since, row.until)
            for row in dossier.of(CorrectionSpell, kind="temporary_release")
        )
        self.death = accepted_death(dossier)

    def hurt_near(self, day: date, days: int) -> list[Incident]:
        """What happened to the person so many days before or after, or fewer."""
        return self._incidents.of(Spell(day - timedelta(days), day + timedelta(days)))

    def recourse(self, *numbers: str) -> tuple[CaseStep, ...]:
        """The steps of recourse that quote one of these plain numbers."""
        known = (self._recourses.get(number, {}) for number in numbers if number)
        found = {key: step for steps in known for key, step in steps.items()}
        return tuple(sorted(found.values(), key=lambda step: (step.on, step.source.key)))

    def money(self, owed_fen: int, *paid: Settlement) -> tuple[Money, tuple[Refund, ...]]:
        """What the fund is owed of some settlements, with the refunds that came for them."""
        back = tuple(r for s in paid for r in self.refunds.get(s.settlement_no, ()))
        back_fen = sum(refund.amount_fen for refund in back)
        return Money(owed_fen, back_fen, max(owed_fen - back_fen, 0)), back


def began(settlement: Settlement) -> date:
    """The day of admission, of the visit, of the purchase."""
    return settlement.in_on or settlement.settled_on


def stay(settlement: Settlement) -> Spell:
    """From admission to discharge; a visit to a doctor or a shop is one day."""
    since = began(settlement)
    return Spell(since, settlement.out_on if settlement.kind == INPATIENT else since)


def told(rule: str, paid: Settlement, facts: msgspec.Struct, money: Money, **other: Any) -> Finding:
    """What all rules about one settlement have in common: it holds until all is given back."""
    return Finding(
        rule=rule,
        **{"outcome": Outcome.HOLDS if money.left_fen else Outcome.CURED, **other},
        act=paid.settled_on,
        facts=facts,
        agency=paid.source.agency,
        region=paid.source.region,
        amount_fen=money.left_fen,
    )


def ends(inpatient: Settlement) -> date:
    """The last day in the ward; a stay without a discharge lasted until it was settled."""
    return inpatient.out_on or inpatient.settled_on
