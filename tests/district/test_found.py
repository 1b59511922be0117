"""The truth is what the models find: planted alerts stand, look-alikes and the rest are silent."""

from __future__ import annotations

from datetime import date

import pytest

from detectors.framework.finding import Finding
from detectors.framework.ruleset import RuleSet
from schemas.subject import Tokens
from streams.district import District, Score
from streams.district import rules as activated
from tests.catalogue.chosen import with_lives
from tests.catalogue.final import Name, standing, statuses

TOKENS = Tokens("a secret of the tests")
LAST = date(2025, 12, 31)


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return RuleSet(with_lives(), activated())


@pytest.mark.parametrize(
    "day", [LAST, date(2025, 5, 9), date(2025, 2, 11), date(2024, 9, 20)], ids=str
)
def test_all_that_is_planted_is_found_and_nothing_else(
    district: District, rules: RuleSet, day: date
) -> None:
    found = standing(district, day, rules, TOKENS)
    for score in district.truth.score(statuses(found), TOKENS.subject, day):
        assert score.false == (), _written_by(district, score, found)
        assert score.missed == ()
        assert score.wrong_status == ()
        assert (score.precision, score.recall) == (1.0, 1.0)


def test_every_model_with_lives_has_alerts_that_stand_at_the_end(district: District) -> None:
    found = {alert.model for alert in district.truth.standing(LAST) if alert.settled(LAST)}
    assert found == {model.id for model in with_lives().models}


def _written_by(district: District, score: Score, found: dict[Name, Finding]) -> set[str]:
    """Whose rows the false alerts of a model rest on, for whoever reads a failure of this test."""
    authors = district.authors(TOKENS.subject)
    return {
        f"{name}: {author.model} {author.name}" if author else f"{name}: nobody's life"
        for name in score.false
        for row in found[score.model, *name].evidence
        for author in [authors.get((row.source.feed, row.source.key))]
    }


def test_the_score_sees_what_is_missing_false_and_of_another_status(
    district: District, rules: RuleSet
) -> None:
    found = statuses(standing(district, LAST, rules, TOKENS))
    held = sorted(name for name, status in found.items() if name[0] == "D01" and status == "holds")
    del found[held[0]]
    found[held[1]] = "cured"
    found["D01", "stop_overdue", "person:nobody", "P1/stop"] = "holds"
    found["D99", "any", "person:nobody", "P1"] = "holds"
    score, *_, unknown = district.truth.score(found, TOKENS.subject, LAST)
    assert len(score.missed) == len(score.wrong_status) == 1
    assert score.false == (("stop_overdue", "person:nobody", "P1/stop"),)
    assert unknown.false == (("any", "person:nobody", "P1"),)
    assert score.recall < 1
    assert score.precision < 1
