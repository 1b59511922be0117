"""A small deployment on each broker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.deployment import Deployment, deployed


@pytest.fixture
async def deployment(
    broker_url: str, redis_url: str, tmp_path: Path, unique: str
) -> AsyncIterator[Deployment]:
    async with deployed(broker_url, redis_url, tmp_path, unique) as made:
        yield made
