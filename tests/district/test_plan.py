"""What is planned: every rule broken, cured and withdrawn, look-alikes beside it, nobody real."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from schemas.identifiers import resident_id
from streams.district import District
from streams.district.lives import load
from streams.district.places import REGION

RULES = {
    "D01": ("paid_after_death", "stop_overdue"),
    "D02": ("paid_while_held", "adjusted_under_supervision", "not_resumed"),
    "D03": ("transfer", "review", "reply", "penalty"),
    "D11": (
        "drunk_not_revoked",
        "drug_not_cancelled",
        "reissued_too_soon",
        "occupation",
        "drove_revoked",
    ),
}
FOR_GOOD = ("drove_revoked",)  # a fact: it neither ends nor is cured


def test_every_rule_holds_at_the_end_and_has_an_alert_that_was_cured_or_ended(
    district: District,
) -> None:
    last: dict[tuple[str, str], set[str]] = defaultdict(set)
    for alert in district.truth:
        assert alert.steps[0][1] == "holds"
        last[alert.model, alert.rule].add(alert.status(district.window.until))
    assert set(last) == {(model, rule) for model, rules in RULES.items() for rule in rules}
    for (model, rule), statuses in last.items():
        assert "holds" in statuses, (model, rule)
        assert rule in FOR_GOOD or statuses & {"cured", ""}, (model, rule)


def test_every_life_is_played(district: District) -> None:
    assert district.skipped == {}
    assert {name for _, _, name in district.played} == {life.name for life in load()}


@pytest.mark.parametrize("model", RULES)
def test_every_model_has_look_alikes_of_several_kinds(district: District, model: str) -> None:
    kinds = [n for (sort, m, n) in district.played if sort == "look_alike" and m == model]
    assert len(kinds) >= 5


def test_only_planted_lives_expect_alerts(district: District) -> None:
    planted = {name for sort, _, name in district.played if sort == "planted"}
    assert {alert.life for alert in district.truth} == planted


def test_alerts_have_room_to_settle_before_the_last_day(district: District) -> None:
    assert all(alert.settled(district.window.until) for alert in district.truth)
    assert all(alert.steps[-1][0] <= district.window.until for alert in district.truth)


def test_nobody_is_in_two_planted_lives(district: District) -> None:
    numbers = [(alert.number, alert.model) for alert in district.truth]
    assert len(set(numbers)) == len(numbers)


def test_everyone_has_a_valid_number_of_a_region_that_does_not_exist(district: District) -> None:
    numbers = [person.number for person in district.people]
    assert len(set(numbers)) == len(numbers)
    for person in district.people:
        assert resident_id(person.number).born == person.born
        assert resident_id(person.number).male == person.male
        assert person.number.startswith(REGION)


def test_a_window_too_short_for_a_life_leaves_it_out_and_says_so() -> None:
    short = District(1, 300, date(2025, 1, 1), date(2025, 4, 30))
    assert "promised_penalty_missing" in short.skipped
    assert len(short.truth) > 0
