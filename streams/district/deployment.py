"""What a deployment over the example district grants and activates: for tests, demo and bench."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from datetime import date
from pathlib import Path

from schemas.change import Rules

LISTS_FILE = Path(__file__).with_name("lists.toml")

LISTS: dict[str, tuple[str, ...]] = {
    name: tuple(values)
    for name, values in tomllib.loads(LISTS_FILE.read_text(encoding="utf-8")).items()
}
"""Reference lists that a rule set over this district activates: those of ``lists.toml``."""

GRANTS = ("custody", "juvenile", "medical", "public_security", "sexual_non_prosecution")
"""Every permission: the district shows what all models find when they may read."""

ACTS_FROM: dict[str, date] = {}
"""Model: the day from which acts are told. Empty: acts of any day."""


def switched_off(models: Collection[str] | None) -> tuple[str, ...]:
    """The models for which a district of these models has neither lives nor all feeds."""
    if models is None:
        return ()
    from detectors.framework.registry import discover

    return tuple(model.id for model in discover(packs=False).models if model.id not in models)


def rules(number: int = 1, hash: str = "district") -> Rules:
    """The rule set that is activated over the district."""
    return Rules(number, hash, grants=GRANTS, acts_from=ACTS_FROM, lists=LISTS)
