"""A deployment enters its own rows of parameters, and mistakes in them are told before they run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from detectors import discover
from detectors.framework.ruleset import RuleSet
from schemas.change import Rules, decode_message, encode_message
from schemas.errors import CardError, SettingsError
from streams.activation import wanted_rules
from streams.feeds import contracts_of
from streams.settings import read_settings

CITY = """
[[D19.local]]
value = [{kind = "tobacco", metres = 50, schools = ["小学", "中学"]}]
kind = "legal"
in_force_from = 2020-01-01
basis = "某市烟草制品零售点合理布局规定"
verified = true
region = "3799"
"""


def rules_with(folder: Path, text: str) -> Rules:
    file = folder / "overrides.toml"
    file.write_text(text, encoding="utf-8")
    settings = read_settings({"DONGJIAN_DATA": str(folder), "DONGJIAN_OVERRIDES": str(file)})
    return wanted_rules(settings, discover(packs=False), contracts_of(settings), 1)


def test_a_rule_that_is_off_gets_its_value_in_the_region_and_from_the_day_named(
    tmp_path: Path,
) -> None:
    rules = decode_message(encode_message(rules_with(tmp_path, CITY)))
    assert isinstance(rules, Rules)
    context = RuleSet(discover(packs=False), rules).running["D19"].context
    day = date(2024, 1, 1)
    assert context.law(day, "379902").local[0].metres == 50
    assert context.law(day, "110101").local is None
    assert context.law(date(2019, 12, 31), "379902").local is None
    assert context.in_force("local", day, "379902").basis.startswith("某市")  # type: ignore[union-attr]


def test_the_same_overrides_are_the_same_rules_again(tmp_path: Path) -> None:
    once = rules_with(tmp_path, CITY)
    assert decode_message(encode_message(once)) == once == rules_with(tmp_path, CITY)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[D99.local]]\nvalue = 1", "no model D99"),
        ("[[D19.locale]]\nvalue = 1", "no such parameter"),
        ("[[D19.local]]\nvalue = 1\nkind = 'legal'", "in_force_from"),
        ("[D19", "DONGJIAN_OVERRIDES"),
    ],
)
def test_what_fits_no_card_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises((CardError, SettingsError), match=told):
        rules_with(tmp_path, text)
