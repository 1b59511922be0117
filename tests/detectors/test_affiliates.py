"""Affiliates: whose suits reach whose dossier, through households, numbers and posts."""

from __future__ import annotations

from datetime import date
from typing import Any

from detectors import discover
from detectors.framework.batch import dossiers_of
from detectors.framework.ruleset import RuleSet
from schemas import Affiliate, Record, Tokens
from schemas.change import Rules
from tests.factories import appointment, civil_case, company, organisation, person, resident

TOKENS = Tokens("a secret of this test")
LENDER, SPOUSE, STRANGER = person(1), person(2), person(3)
FIRM, SISTER = organisation(1), organisation(2)


def told(*rows: Record) -> set[tuple[str, str, str, tuple[str, ...]]]:
    """Who is told of whom, through what, with which suits."""
    dossiers = dossiers_of(rows, RuleSet(discover(packs=False), Rules(1, "")), TOKENS)
    return {
        (a.party, a.related, a.link, tuple(suit.case_no for suit in a.suits))
        for dossier in dossiers.values()
        for a in dossier.all()
        if isinstance(a, Affiliate)
    }


def suit(number: int, plaintiff: str, **fields: Any) -> Record:
    return civil_case(
        case_no=f"借{number}", plaintiffs=(plaintiff,), cause="民间借贷纠纷", **fields
    )


def test_who_sues_in_one_household_is_told_of_the_other() -> None:
    homes = [
        resident(person=LENDER, household_no="H1"),
        resident(person=SPOUSE, household_no="H1"),
        resident(person=STRANGER, household_no="H2"),
    ]
    suits = [suit(1, LENDER), suit(2, SPOUSE), suit(3, STRANGER)]
    assert told(*homes, *suits) == {
        (LENDER, SPOUSE, "household", ("借2",)),
        (SPOUSE, LENDER, "household", ("借1",)),
    }
    assert not told(*homes, suit(1, LENDER), civil_case(cause="买卖合同纠纷", plaintiffs=(SPOUSE,)))


def test_companies_are_tied_by_number_and_representative_and_to_their_officers() -> None:
    rows = [
        company(uscc=FIRM, phone="0633-1", representative="甲"),
        company(uscc=SISTER, phone="0633-1", representative="乙"),
        appointment(
            organisation=FIRM, person=LENDER, role="director", since=date(2020, 1, 1), until=None
        ),
        suit(1, FIRM),
        suit(2, SISTER),
        suit(3, LENDER),
    ]
    assert told(*rows) >= {
        (FIRM, SISTER, "phone", ("借2",)),
        (SISTER, FIRM, "phone", ("借1",)),
        (LENDER, FIRM, "company", ("借1",)),
    }


def test_only_the_latest_suits_are_told_so_that_a_row_stays_small() -> None:
    homes = [
        resident(person=LENDER, household_no="H1"),
        resident(person=SPOUSE, household_no="H1"),
    ]
    many = [suit(n, SPOUSE, filed_on=date(2020, 1, 1 + n % 28)) for n in range(200)]
    (found,) = (t for t in told(*homes, suit(999, LENDER), *many) if t[0] == LENDER)
    assert len(found[3]) == 60
