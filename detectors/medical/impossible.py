"""Two settlements of one person that cannot both be true."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from detectors import Context, Finding, Spell
from detectors.medical.patient import INPATIENT, MedicalLaw, Money, Patient, began, ends, told
from schemas import Settlement


class PairFacts(msgspec.Struct, frozen=True):
    first_no: str
    first: Spell
    second_no: str
    second_kind: str
    second_on: date
    both: Spell
    days: int
    first_fen: int
    second_fen: int
    money: Money


def impossible_pairs(context: Context[MedicalLaw], patient: Patient) -> Iterator[Finding]:
    """Nobody lies in two wards at once, or buys in another city while lying in one.

    Each is told with the stay that reaches furthest of those that began before: one pass, and
    everything that overlaps something is named.
    """
    furthest: Settlement | None = None
    for paid in sorted(patient.settlements, key=lambda s: (began(s), s.settlement_no)):
        if furthest is not None and _apart(context, furthest, paid):
            yield _pair(patient, furthest, paid)
        if paid.kind == INPATIENT and (furthest is None or ends(paid) > ends(furthest)):
            furthest = paid


def _apart(context: Context[MedicalLaw], first: Settlement, paid: Settlement) -> bool:
    """Whether one person cannot have been in both: more days in common than a transfer takes, in
    two hospitals; or in another city on a day between admission and discharge."""
    law = context.law(paid.settled_on, paid.source.region)
    if law.transfer_days is None or not first.fund_fen or not paid.fund_fen:
        return False
    if paid.kind == INPATIENT:
        days = (min(ends(first), ends(paid)) - began(paid)).days + 1
        return first.institution != paid.institution and days > law.transfer_days
    elsewhere = bool(first.place and paid.place) and first.place[:4] != paid.place[:4]
    return elsewhere and began(first) < began(paid) < ends(first)


def _pair(patient: Patient, first: Settlement, second: Settlement) -> Finding:
    lower, higher = sorted((first.settlement_no, second.settlement_no))
    both = Spell(began(second), min(ends(first), ends(second)))
    money, back = patient.money(min(first.fund_fen, second.fund_fen), first, second)
    facts = PairFacts(
        first.settlement_no,
        Spell(began(first), ends(first)),
        second.settlement_no,
        second.kind,
        began(second),
        both,
        both.days() or 0,
        first.fund_fen,
        second.fund_fen,
        money,
    )
    return told(
        "impossible_pair",
        second,
        facts,
        money,
        obligation=f"{lower}+{higher}",
        basis=("transfer_days",),
        evidence=(first, second, *back),
    )
