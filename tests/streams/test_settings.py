"""Settings are read in one place, with every mistake named at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from schemas.errors import SettingsError
from streams.settings import VARIABLES, read_settings


def test_without_any_setting_the_log_is_embedded_and_a_secret_is_made_and_kept(
    tmp_path: Path,
) -> None:
    given = {"DONGJIAN_DATA": str(tmp_path / "data")}
    settings = read_settings(given)
    assert settings.embedded
    assert len(settings.secret) == 64
    assert read_settings(given).secret == settings.secret
    assert (tmp_path / "data" / "secret").stat().st_mode & 0o077 == 0
    assert settings.secret not in repr(settings)


def test_every_mistake_is_named_with_what_would_be_legal(tmp_path: Path) -> None:
    wrong = {
        "DONGJIAN_BROKER": "rabbit://x",
        "DONGJIAN_DATA": str(tmp_path),
        "DONGJIAN_FEEDS": str(tmp_path / "nowhere"),
        "DONGJIAN_PARTITIONS": "none",
        "DONGJIAN_GRANTS": "everything",
        "DONGJIAN_ACTS_FROM": "D03=yesterday",
        "DONGJIAN_TICK_SECONDS": "0",
        "DONGJIAN_LOG": "xml",
        "REDIS_URL": "localhost:6379",
    }
    with pytest.raises(SettingsError) as caught:
        read_settings(wrong)
    told = str(caught.value)
    for name in wrong.keys() - {"DONGJIAN_DATA"}:
        assert name in told
    assert "DONGJIAN_SECRET" in told  # it is made for the embedded log only
    assert "kafka://host:port" in told


def test_kafka_needs_a_secret_that_is_long_enough() -> None:
    for secret in ("", "short"):
        with pytest.raises(SettingsError, match="DONGJIAN_SECRET"):
            read_settings({"DONGJIAN_BROKER": "kafka://h:1", "DONGJIAN_SECRET": secret})
    kafka = {"DONGJIAN_BROKER": "kafka://h:1", "DONGJIAN_SECRET": "0123456789abcdef"}
    assert not read_settings(kafka).embedded


def test_lists_and_days_are_read(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "DONGJIAN_DATA": str(tmp_path),
            "DONGJIAN_GRANTS": " custody, juvenile ,",
            "DONGJIAN_ACTS_FROM": "2020-01-01, D03=2024-01-01",
            "DONGJIAN_METRICS": "",
        }
    )
    assert settings.grants == ("custody", "juvenile")
    assert settings.acts_from == {"*": date(2020, 1, 1), "D03": date(2024, 1, 1)}
    assert settings.metrics == ""


def test_every_variable_has_a_meaning() -> None:
    assert all(variable.meaning for variable in VARIABLES)
    assert len({variable.name for variable in VARIABLES}) == len(VARIABLES)
