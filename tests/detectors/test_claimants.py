"""Claimants: what the registers know of a person who sues for wages reaches the defendant."""

from __future__ import annotations

from datetime import date
from typing import Any

from detectors import discover
from detectors.framework.batch import dossiers_of
from detectors.framework.ruleset import RuleSet
from schemas import Claimant, Record, Tokens
from schemas.change import Rules
from tests.factories import civil_case, enrolment, listing, organisation, person

TOKENS = Tokens("a secret of this test")
WORKER, EMPLOYER, OTHER = person(1), organisation(1), organisation(2)
FILED = date(2025, 3, 3)


def told(*rows: Record, **fields: Any) -> list[tuple[str, bool, bool, bool]]:
    """Of each defendant: disabled, insured elsewhere, employed here."""
    own: dict[str, Any] = {"cause": "追索劳动报酬纠纷", "filed_on": FILED, "plaintiffs": (WORKER,)}
    suit = civil_case(**{**own, "defendants": (EMPLOYER,), **fields})
    dossiers = dossiers_of((suit, *rows), RuleSet(discover(packs=False), Rules(1, "")), TOKENS)
    return [
        (row.defendant, row.disabled, row.insured_elsewhere, row.employed_here)
        for dossier in dossiers.values()
        for row in dossier.all()
        if isinstance(row, Claimant)
    ]


def insured(employer: str, **fields: Any) -> Record:
    return enrolment(
        **{
            "person": WORKER,
            "organisation": employer,
            "kind": "pension",
            "since": date(2024, 1, 1),
            "until": None,
            **fields,
        }
    )


def test_every_defendant_of_a_wage_suit_is_told_and_nobody_of_another_suit() -> None:
    assert told(defendants=(EMPLOYER, OTHER)) == [
        (EMPLOYER, False, False, False),
        (OTHER, False, False, False),
    ]
    assert told(cause="民间借贷纠纷") == []


def test_an_insurance_in_the_year_before_the_suit_says_for_whom_somebody_worked() -> None:
    assert told(insured(EMPLOYER)) == [(EMPLOYER, False, False, True)]
    assert told(insured(OTHER)) == [(EMPLOYER, False, True, False)]
    assert told(insured(OTHER, until=date(2024, 3, 2))) == [(EMPLOYER, False, False, False)]
    assert told(insured(OTHER, until=date(2024, 3, 3))) == [(EMPLOYER, False, True, False)]
    assert told(insured(EMPLOYER, back_paid=True)) == [(EMPLOYER, False, False, False)]
    assert told(insured(OTHER, kind="medical")) == [(EMPLOYER, False, False, False)]


def test_only_a_grave_disability_that_stands_on_the_day_is_told() -> None:
    entry = {"person": WORKER, "list": "残疾", "since": date(2020, 1, 1), "until": None}
    assert told(listing(**entry, grade="1")) == [(EMPLOYER, True, False, False)]
    assert told(listing(**entry, grade="3")) == [(EMPLOYER, False, False, False)]
    ended = {**entry, "until": date(2025, 3, 2)}
    assert told(listing(**ended, grade="1")) == [(EMPLOYER, False, False, False)]
