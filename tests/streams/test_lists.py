"""Reference lists come from a deployment's file, with the example's contracts from the example."""

from __future__ import annotations

from pathlib import Path

import pytest

from detectors.framework.registry import discover
from schemas.errors import SettingsError
from schemas.subject import Tokens
from streams.activation import wanted_rules
from streams.district import LISTS
from streams.feeds import contracts_of, lists_of
from streams.settings import Settings, read_settings
from tests.factories import person


def settings_with(tmp_path: Path, **variables: str) -> Settings:
    return read_settings({"DONGJIAN_DATA": str(tmp_path), **variables})


def test_the_example_district_brings_its_lists(tmp_path: Path) -> None:
    settings = settings_with(tmp_path)
    assert lists_of(settings) == LISTS
    assert wanted_rules(settings, discover(), contracts_of(settings), 1).lists == LISTS


def test_contracts_of_ones_own_come_without_the_example_s_lists(tmp_path: Path) -> None:
    assert lists_of(settings_with(tmp_path, DONGJIAN_FEEDS=str(tmp_path))) == {}


def test_a_file_of_lists_is_read(tmp_path: Path) -> None:
    path = tmp_path / "lists.toml"
    path.write_text('police_organs = ["A", "B"]\n')
    assert lists_of(settings_with(tmp_path, DONGJIAN_LISTS=str(path))) == {
        "police_organs": ("A", "B")
    }


def test_a_person_s_number_is_put_under_its_token_and_its_days_stay(tmp_path: Path) -> None:
    path = tmp_path / "lists.toml"
    number = person()
    path.write_text(f'blacklisted_agent = ["{number}", "{number} 2020-01-01", "LS-1"]\n')
    settings = settings_with(tmp_path, DONGJIAN_LISTS=str(path))
    token = Tokens(settings.secret).person(number)
    assert lists_of(settings)["blacklisted_agent"] == (token, f"{token} 2020-01-01", "LS-1")


@pytest.mark.parametrize("text", ["police_organs = 3", "police_organs = [3]", "police_organs ="])
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lists.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=r"DONGJIAN_LISTS: .*lists\.toml"):
        lists_of(settings_with(tmp_path, DONGJIAN_LISTS=str(path)))


def test_a_list_that_no_model_asks_is_refused_and_the_lists_are_named(tmp_path: Path) -> None:
    path = tmp_path / "lists.toml"
    path.write_text('police_organ = ["A"]\n')
    settings = settings_with(tmp_path, DONGJIAN_LISTS=str(path))
    with pytest.raises(SettingsError, match=r"list police_organ; .* own_power_organs, police_or"):
        wanted_rules(settings, discover(), contracts_of(settings), 1)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="DONGJIAN_LISTS"):
        settings_with(tmp_path, DONGJIAN_LISTS=str(tmp_path / "none.toml"))
