"""The case of a penalty or judgment is told that its party died or was dissolved, and no other."""

from __future__ import annotations

from datetime import date

from detectors.derived.party_ended import organisation_ended, person_ended
from detectors.framework.dossier import Dossier
from schemas import PartyEnded, Record
from tests import factories as make

PERSON, FIRM = make.person(), make.organisation()


def of_a_person(*rows: Record) -> set[tuple[str, date, str]]:
    dossier = Dossier(f"person:{PERSON}", rows, token=str)
    return _told(list(person_ended.derive(dossier)))


def of_a_company(*rows: Record) -> set[tuple[str, date, str]]:
    return _told(list(organisation_ended.derive(Dossier(f"organisation:{FIRM}", rows))))


def _told(made: list[Record]) -> set[tuple[str, date, str]]:
    found = [row for row in made if isinstance(row, PartyEnded)]
    assert len(found) == len(made) == len({row.source.key for row in found})
    return {(row.case_no, row.ended_on, row.how) for row in found}


def test_a_death_is_told_to_each_case_of_the_person_once() -> None:
    rows = (
        make.death(person=PERSON, died_on=date(2025, 3, 1)),
        make.penalty(key="1", party=PERSON, decision_no="F1"),
        make.penalty(key="2", party=PERSON, decision_no="F1"),
        make.judgment(party=PERSON, case_no="J1"),
    )
    died = date(2025, 3, 1)
    assert of_a_person(*rows) == {("F1", died, "died"), ("J1", died, "died")}


def test_a_cancelled_death_is_told_to_nobody_and_the_most_reliable_register_counts() -> None:
    fine = make.penalty(party=PERSON, decision_no="F1")
    gone = make.death(person=PERSON, authority="police", died_on=date(2025, 3, 1), cancelled=True)
    assert of_a_person(fine, gone) == set()
    other = make.death(person=PERSON, authority="health", died_on=date(2025, 3, 5))
    assert of_a_person(fine, gone, other) == {("F1", date(2025, 3, 5), "died")}


def test_a_company_ends_when_it_is_struck_off_and_not_when_its_licence_is_revoked() -> None:
    fine = make.penalty(party=FIRM, decision_no="F1")
    revoked = make.company_event(uscc=FIRM, kind="revoked", on=date(2025, 1, 5))
    assert of_a_company(fine, revoked) == set()
    struck = make.company_event(uscc=FIRM, kind="cancelled", on=date(2025, 6, 5))
    assert of_a_company(fine, revoked, struck) == {("F1", date(2025, 6, 5), "cancelled")}


def test_a_unit_that_a_judgment_only_names_is_no_party_of_it() -> None:
    struck = make.company_event(uscc=FIRM, kind="cancelled", on=date(2025, 6, 5))
    named = make.judgment(party=PERSON, case_no="J1", organisations=(FIRM,))
    convicted = make.judgment(party=FIRM, case_no="J2", organisations=())
    assert of_a_company(struck, named, convicted) == {("J2", date(2025, 6, 5), "cancelled")}
