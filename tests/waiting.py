"""Waiting for something that another task, thread or process does, always with a deadline."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

POLL_S = 0.01


async def wait_until(
    condition: Callable[[], object] | Callable[[], Awaitable[object]],
    timeout_s: float = 10,
    *,
    what: str = "",
) -> None:
    """Return when ``condition()``, plain or async, is true; fail with ``what`` at the deadline."""
    deadline = time.monotonic() + timeout_s
    while True:
        held = condition()
        if inspect.isawaitable(held):
            held = await held
        if held:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s} s: {what or _source(condition)}")
        await asyncio.sleep(POLL_S)


def wait_until_sync(
    condition: Callable[[], object], timeout_s: float = 10, *, what: str = ""
) -> None:
    """The same for tests without an event loop."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s} s: {what or _source(condition)}")
        time.sleep(POLL_S)


def _source(condition: Callable[[], object]) -> str:
    try:
        return inspect.getsource(condition).strip()
    except (OSError, TypeError):
        return repr(condition)
