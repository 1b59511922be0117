"""Running apps inside a test, and seeing the end of the process without dying."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import faust
import pytest

from streams.log import fatal
from streams.log.app import serve
from streams.log.client import LogClient, open_client


@asynccontextmanager
async def running(*apps: faust.App) -> AsyncIterator[None]:
    """Serve apps for as long as the block lasts; they must end well."""
    stop = asyncio.Event()
    task = asyncio.create_task(serve(apps, stop))
    try:
        yield
    finally:
        stop.set()
        code = await asyncio.wait_for(task, 20)
    assert code == 0


@pytest.fixture
async def client(broker_url: str) -> AsyncIterator[LogClient]:
    async with open_client(broker_url) as opened:
        yield opened


class Ended(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def endings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The reasons for which the process would have ended by now."""
    reasons: list[str] = []

    def end_process(reason: str, *args: object, exc_info: Any = None) -> None:
        reasons.append(reason % args)
        raise Ended(reasons[-1])

    monkeypatch.setattr(fatal, "end_process", end_process)
    return reasons
