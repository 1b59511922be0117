"""One small district for all tests of this folder: two years, every life at least once."""

from __future__ import annotations

import pytest

from streams.district import District, Event


@pytest.fixture(scope="session")
def district() -> District:
    return District(seed=7, people=1_500)


@pytest.fixture(scope="session")
def events(district: District) -> list[Event]:
    """All events, dirt included."""
    return list(district.events())
