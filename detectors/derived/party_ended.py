"""Tells the case of each penalty and judgment that a party of it died or was dissolved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from detectors.framework.deaths import accepted_death
from detectors.framework.dossier import Dossier
from detectors.framework.registry import derivation
from schemas import CompanyEvent, Death, Judgment, PartyEnded, Penalty, Record

#: A revoked licence (吊销) ends no company: it still owes and may be enforced against.
COMPANY_ENDS = {"cancelled": "cancelled", "bankruptcy_ended": "bankrupt"}


@derivation(subject="person", reads=(Death, Penalty, Judgment), yields=(PartyEnded,))
def person_ended(dossier: Dossier) -> Iterator[Record]:
    """The cases of a person who died."""
    death = accepted_death(dossier)
    if death is not None:
        yield from _told(dossier, death, death.died_on, "died")


@derivation(subject="organisation", reads=(CompanyEvent, Penalty, Judgment), yields=(PartyEnded,))
def organisation_ended(dossier: Dossier) -> Iterator[Record]:
    """The cases of a company that was struck off or whose bankruptcy ended."""
    ended = next((e for e in dossier.of(CompanyEvent) if e.kind in COMPANY_ENDS), None)
    if ended is not None:
        yield from _told(dossier, ended, ended.on, COMPANY_ENDS[ended.kind])


def _told(dossier: Dossier, end: Record, ended_on: date, how: str) -> Iterator[PartyEnded]:
    cases: dict[str, Penalty | Judgment] = {p.decision_no: p for p in dossier.of(Penalty)}
    for judgment in dossier.of(Judgment):
        # A unit that a judgment only names is no party of it.
        if dossier.kind == "person" or dossier.is_subject(judgment.party):
            cases[judgment.case_no] = judgment
    for case_no, row in cases.items():
        key = f"{case_no}/{end.source.key}"
        yield PartyEnded(
            source=msgspec.structs.replace(end.source, key=key),
            case_no=case_no,
            party=row.party,
            ended_on=ended_on,
            how=how,
        )
