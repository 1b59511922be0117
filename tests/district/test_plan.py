"""What is planned: every rule broken, cured and withdrawn, look-alikes beside it, nobody real."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pytest

from detectors.framework.registry import discover
from schemas.identifiers import credit_code, resident_id
from streams.district import TABLES, District
from streams.district.lives import UNPLANTED, load
from streams.district.people import ADULT
from streams.district.places import REGION

CATALOGUE = discover(packs=False)
PLANTED = sorted({life.model for life in load() if life.sort == "planted"})


@pytest.mark.parametrize("model", PLANTED)
def test_every_rule_is_planted_or_said_not_to_be(district: District, model: str) -> None:
    planted = {alert.rule for alert in district.truth if alert.model == model}
    left_out = {rule for (name, rule) in UNPLANTED if name == model}
    assert planted | left_out == set(CATALOGUE.model(model).card.rules)
    assert not planted & left_out


@pytest.mark.parametrize("model", PLANTED)
def test_every_rule_holds_at_the_end_and_some_alert_was_cured_or_ended(
    district: District, model: str
) -> None:
    last: dict[str, set[str]] = defaultdict(set)
    for alert in district.truth:
        if alert.model == model:
            assert alert.steps[0][1] in ("holds", "cured")
            last[alert.rule].add(alert.status(district.window.until))
    assert all("holds" in statuses for statuses in last.values()), last
    assert any(statuses & {"cured", ""} for statuses in last.values())


def test_every_life_is_played(district: District) -> None:
    days = (district.window.until - district.window.since).days
    assert set(district.skipped) == {life.name for life in load() if life.days > days}
    assert set(district.played) == {
        (life.sort, life.model, life.name) for life in load() if life.days <= days
    }


def test_what_takes_more_than_two_years_is_planted_in_a_longer_district() -> None:
    assert {model for model, _ in UNPLANTED} == {"D07"}
    three = District(1, 400, date(2023, 1, 1), date(2025, 12, 31), models=("D07",))
    assert three.skipped == {}
    planted = {alert.rule for alert in three.truth if alert.model == "D07"}
    assert planted == set(CATALOGUE.model("D07").card.rules)
    assert all(alert.settled(three.window.until) for alert in three.truth)


@pytest.mark.parametrize("model", PLANTED)
def test_every_model_has_look_alikes_of_several_kinds(district: District, model: str) -> None:
    kinds = [n for (sort, m, n) in district.played if sort == "look_alike" and m == model]
    assert len(kinds) >= 3


def test_only_planted_lives_expect_alerts(district: District) -> None:
    planted = {(model, name) for sort, model, name in district.played if sort == "planted"}
    assert {(alert.model, alert.life) for alert in district.truth} >= planted
    assert {alert.life for alert in district.truth} == {name for _, name in planted}


def test_alerts_have_room_to_settle_before_the_last_day(district: District) -> None:
    assert all(alert.settled(district.window.until) for alert in district.truth)
    assert all(alert.steps[-1][0] <= district.window.until for alert in district.truth)


def test_nobody_is_in_two_planted_lives(district: District) -> None:
    lives: dict[str, set[int]] = defaultdict(set)
    for alert in district.truth:
        if alert.kind != "agency":  # against an agency the alerts of many lives add up
            lives[alert.number].add(alert.play)
    assert all(len(plays) == 1 for plays in lives.values())


def test_everyone_has_a_valid_number_of_a_region_that_does_not_exist(district: District) -> None:
    numbers = [person.number for person in district.people]
    assert len(set(numbers)) == len(numbers)
    for person in district.people:
        assert resident_id(person.number).born == person.born
        assert resident_id(person.number).male == person.male
        assert person.number.startswith(REGION)


def test_organisations_have_valid_codes_and_share_no_address_phone_or_third_representative(
    district: District,
) -> None:
    organisations = district.organisations
    assert len(organisations) == len(district.people) // 10
    for one in organisations:
        assert credit_code(one.number) == one.number
        assert one.number[2:8] == REGION
    for names in ("number", "name", "unit", "phone"):
        assert len({getattr(one, names) for one in organisations}) == len(organisations)
    leads = Counter(one.representative.number for one in organisations)
    assert max(leads.values()) <= 8


def test_there_are_children_and_they_draw_and_hold_nothing(district: District) -> None:
    children = [person for person in district.people if person.age < ADULT]
    assert 0.1 < len(children) / len(district.people) < 0.2
    assert {person.age for person in children} == set(range(ADULT))
    assert not any(p.pension or p.allowance or p.licence or p.certificate for p in children)


def test_a_district_of_one_model_has_its_lives_and_the_feeds_that_they_need() -> None:
    small = District(1, 400, models=("D02",))
    assert small.truth.models() == ("D02",)
    assert {model for _, model, _ in small.played} == {"", "D02"}
    assert {event.feed for event in small.events()} == set(small.feeds)
    assert "hrss-payment" in small.feeds
    assert len(small.feeds) < len(TABLES)


def test_a_life_more_changes_no_other_but_for_whom_it_casts() -> None:
    whole, part = District(1, 2_000), District(1, 2_000, models=("D01",))
    steps = {one.life: [day for day, _ in one.steps] for one in part.truth}
    same = [one for one in whole.truth if one.model == "D01" and one.play < 20]
    assert sum(steps[one.life] == [day for day, _ in one.steps] for one in same) > len(same) // 2


def test_a_window_too_short_for_a_life_leaves_it_out_and_says_so() -> None:
    short = District(1, 300, date(2025, 1, 1), date(2025, 4, 30))
    assert "promised_penalty_missing" in short.skipped
    assert len(short.truth) > 0
