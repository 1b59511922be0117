"""Claimants: what the registers know of a person who sues for wages, told to the defendant."""

from __future__ import annotations

from collections.abc import Iterator

from detectors.framework.age import under_age
from detectors.framework.dossier import Dossier
from detectors.framework.registry import derivation
from detectors.framework.spell import Spell
from detectors.framework.term import Term
from detectors.sham.cluster import WAGE_CAUSES
from schemas import CivilCase, Claimant, Enrolment, Listing, Source

#: Below it nobody may be employed (劳动法 15).
WORKING_AGE = Term("16 y")

#: Degrees of a disability with which work is unlikely: 一级, 二级.
GRAVE = ("1", "2", "一级", "二级")

#: So long before the suit, an insurance shows for whom somebody worked.
YEAR = Term("1 y")

_WORK = ("pension", "work_injury")


@derivation(subject="person", reads=(CivilCase, Enrolment, Listing), yields=(Claimant,))
def claimants(dossier: Dossier) -> Iterator[Claimant]:
    """Tell each defendant who it is that sues for wages: age, disability, insurance."""
    suits = [case for case in dossier.of(CivilCase) if case.cause in WAGE_CAUSES]
    if not suits:
        return
    insured = [
        (e.organisation, Spell(e.since, e.until))
        for e in dossier.of(Enrolment, kind=_WORK)
        if not e.back_paid
    ]
    disabled = [
        Spell(entry.since, entry.until)
        for entry in dossier.of(Listing, list="残疾")
        if entry.grade in GRAVE
    ]
    for case in suits:
        person = next(filter(dossier.is_subject, case.plaintiffs), "")
        worked = Spell(YEAR.before(case.filed_on), case.filed_on)
        employers = {employer for employer, spell in insured if spell.meets(worked)}
        for defendant in case.defendants if person else ():
            yield Claimant(
                source=Source(
                    "",
                    f"{case.source.feed}/{case.source.key}/{defendant_key(case, defendant)}",
                    case.source.agency,
                    case.source.region,
                ),
                case_no=case.case_no,
                person=person,
                defendant=defendant,
                filed_on=case.filed_on,
                minor=under_age(person, WORKING_AGE, case.filed_on),
                disabled=any(case.filed_on in spell for spell in disabled),
                insured_elsewhere=bool(employers - {defendant}),
                employed_here=defendant in employers,
                person_name=case.called(person),
            )


def defendant_key(case: CivilCase, defendant: str) -> int:
    """The place of the defendant: a key never holds a number."""
    return case.defendants.index(defendant)
