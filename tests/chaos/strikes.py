"""Disturbances from a seed: workers killed, frozen past their session, servers killed."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from streams.local.server import Restartable
from tests.chaos.deployment import SESSION_S, Deployment, Member

FROZEN_S = SESSION_S + 2.5
"""Longer than the session, so that others own the partitions when the frozen one wakes."""

Feed = Callable[[float], Coroutine[Any, Any, None]]
"""Appends input until this share of all of it is in the log."""


@dataclass
class Tally:
    """What was done, and the evidence that it hit work under way."""

    done: Counter[str] = field(default_factory=Counter)
    waiting: list[int] = field(default_factory=list)  #: records before the role at each strike
    unfinished: int = 0  #: strikes with records before the role that was hit

    def note(self, what: str, waiting: int) -> None:
        self.done[what] += 1
        self.waiting.append(waiting)
        self.unfinished += waiting > 0

    def __str__(self) -> str:
        return (
            f"{dict(self.done)}; {self.unfinished} of {len(self.waiting)} with work under way "
            f"(records waiting: {self.waiting})"
        )


@dataclass
class Disturber:
    """Strikes a deployment while input comes; the same seed gives the same order of strikes.

    Each strike falls at a random moment after some of its share of the input was worked on, because
    a process that has just started has nothing to lose.
    """

    deployment: Deployment
    chance: random.Random
    broker: Restartable | None = None
    redis: Restartable | None = None
    tally: Tally = field(default_factory=Tally)

    async def strike(self, plan: Sequence[tuple[str, str]], feed: Feed) -> None:
        """Carry out a plan of (what, whom); whom: a role, or empty."""
        for place, (what, whom) in enumerate(plan):
            fed = asyncio.create_task(feed((place + 1) / (len(plan) + 1)))
            await self._until_something_moved()
            await asyncio.sleep(self.chance.random() * 0.4)
            await getattr(self, what)(whom)
            await fed
        await feed(1.0)

    def plan(self, **counts: int) -> list[tuple[str, str]]:
        """So many of each in a random order: ``kill_detect=5, freeze_detect=1, kill_broker=1``."""
        drawn = [
            (name.partition("_")[0], name.partition("_")[2])
            for name, count in sorted(counts.items())
            for _ in range(count)
        ]
        self.chance.shuffle(drawn)
        return drawn

    async def _until_something_moved(self, patience_s: float = 60) -> None:
        role = "detect"
        before = await self.deployment.written(role)
        give_up = asyncio.get_running_loop().time() + patience_s
        while await self.deployment.written(role) == before:
            if asyncio.get_running_loop().time() > give_up:
                raise AssertionError(f"nothing was written within {patience_s} s")
            await asyncio.sleep(0.02)

    def _one(self, role: str) -> Member:
        of_role = [
            m
            for m in self.deployment.members.values()
            if m.running and (role in m.roles or not m.roles)
        ]
        if not of_role:
            raise AssertionError(f"no {role} runs")
        return self.chance.choice(of_role)

    async def _waiting(self, role: str) -> int:
        return 0 if role in ("clock", "") else await self.deployment.lag(role)

    async def kill(self, whom: str) -> None:
        servers = {"broker": self.broker, "redis": self.redis}
        if (server := servers.get(whom)) is not None:
            waiting = await self._waiting("detect" if whom == "broker" else "delivery")
            await asyncio.to_thread(server.kill)
            self.tally.note(f"kill {whom}", waiting)
            await asyncio.sleep(self.chance.random() * 2)
            await asyncio.to_thread(server.start)
            return
        member = self._one(whom)
        asking = asyncio.create_task(self._waiting(whom))
        await asyncio.sleep(0)
        member.kill()
        self.tally.note(f"kill {whom or 'worker'}", await asking)
        await asyncio.sleep(self.chance.random() * 0.5)
        member.start()

    async def freeze(self, whom: str) -> None:
        member = self._one(whom)
        member.freeze()
        self.tally.note(f"freeze {whom}", await self._waiting(whom))
        await asyncio.sleep(FROZEN_S)
        member.wake()
