"""A demonstration empties its own folder and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.errors import SettingsError
from streams.demo.deployment import prepare


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(SettingsError, match=str(tmp_path)):
        prepare(tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def test_the_folder_of_an_earlier_demonstration_is_emptied(tmp_path: Path) -> None:
    folder = prepare(tmp_path / "demo")
    (folder / "log.db").write_text("old")
    assert prepare(folder) == folder
    assert not (folder / "log.db").exists()
