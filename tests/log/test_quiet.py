"""Repetitions of the libraries are held back, counted and still told."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from streams.log import quiet
from streams.log.quiet import OncePer, quiet_libraries


def test_repetitions_are_held_back_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(quiet.time, "monotonic", lambda: now)
    limit = OncePer(10)

    def said(message: str) -> str | None:
        record = logging.LogRecord("aiokafka.x", 30, "", 0, message, ("node",), None)
        return str(record.msg) if limit.filter(record) else None

    assert said("no leader for %s") == "no leader for %s"
    assert [said("no leader for %s") for _ in range(3)] == [None] * 3
    assert said("another %s") == "another %s"
    now += 11
    assert said("no leader for %s") == "no leader for %s [3 more like this]"


def test_the_children_of_the_library_loggers_are_limited_too(monkeypatch: Any) -> None:
    child = logging.getLogger("aiokafka.producer.sender")
    monkeypatch.setattr(child, "filters", [])
    quiet_libraries()
    quiet_libraries()
    assert [type(known) for known in child.filters] == [OncePer]
    assert not child.isEnabledFor(logging.INFO)
