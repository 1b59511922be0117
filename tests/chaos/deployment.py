"""A deployment of ``dongjian worker`` processes that can be killed, frozen and woken."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from schemas.errors import LogError
from streams.district import GRANTS, District, switched_off, write_contracts
from streams.feeds import EXAMPLE_LISTS, contracts_of
from streams.log.client import LogClient, open_client
from streams.log.fatal import EXIT_RESTART
from streams.settings import Settings, read_settings
from tests.chaos.scale import MODELS, SEED

ROOT = Path(__file__).parents[2]
SECRET = "a secret of the chaos tests"
SESSION_S = 6.0
_COMMAND = ("-c", "from streams.cli import main; main()", "worker")
_POLL_S = 0.05


@cache
def feeds() -> tuple[str, ...]:
    """The feeds that a district of the models has, whatever its size."""
    return District(SEED, 300, models=MODELS).feeds


class Member:
    """One worker. Whoever supervises it starts it again when it asks for that (exit code 70)."""

    def __init__(
        self,
        name: str,
        roles: Sequence[str],
        command: Sequence[str],
        env: dict[str, str],
        log: Path,
    ) -> None:
        self.name, self.roles, self.log = name, tuple(roles), log
        self._command, self._env = list(command), env
        self._process: subprocess.Popen[bytes] | None = None
        self.frozen = False
        self.starts = self.fenced = 0

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env={**os.environ, **self._env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
            )
        self.starts += 1

    @property
    def code(self) -> int | None:
        """Its exit code, None while it runs or after it was told to end."""
        return None if self._process is None else self._process.poll()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None and not self.frozen

    @property
    def up(self) -> bool:
        """Whether it has come so far that it ends in order when it is asked to."""
        return self.running and self.said("worker_started") == self.starts

    def kill(self) -> None:
        """SIGKILL; it stays down until it is started."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process, self.frozen = None, False

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)
        self.frozen = True

    def wake(self) -> None:
        self._signal(signal.SIGCONT)
        self.frozen = False

    def terminate(self) -> int:
        """Ask it to end and wait for that; its exit code."""
        if self._process is None:
            raise AssertionError(f"{self.name} is not running")
        # The supervisor does not look at it any more: its end is ordered.
        process, self._process = self._process, None
        process.terminate()
        return process.wait(30)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def said(self, event: str) -> int:
        """How many of its log lines begin with this."""
        return sum(line.startswith(event) for line in self.events())

    def events(self) -> list[str]:
        found = []
        for line in self.log.read_text(errors="replace").splitlines():
            with suppress(ValueError, KeyError, TypeError):
                found.append(str(json.loads(line)["event"]))
        return found


class Deployment:
    """Workers over one log and one Redis, and what can be asked of them from outside.

    An async context manager: members that exit with 70 are started again meanwhile, any other end
    that nobody ordered fails the test, and at the end all are killed.
    """

    def __init__(self, broker_url: str, redis_url: str, folder: Path, prefix: str) -> None:
        self.folder, self.members = folder, dict[str, Member]()
        folder.mkdir(parents=True, exist_ok=True)
        write_contracts(folder / "feeds", feeds=feeds())
        self.environment = {
            "DONGJIAN_BROKER": broker_url,
            "REDIS_URL": redis_url,
            "DONGJIAN_DATA": str(folder),
            "DONGJIAN_SECRET": SECRET,
            "DONGJIAN_PREFIX": prefix,
            "DONGJIAN_GRANTS": ",".join(GRANTS),
            "DONGJIAN_FEEDS": str(folder / "feeds"),
            "DONGJIAN_LISTS": str(EXAMPLE_LISTS),
            "DONGJIAN_DISABLED": ",".join(switched_off(MODELS)),
            "DONGJIAN_SESSION_SECONDS": f"{SESSION_S}",
            "DONGJIAN_TICK_SECONDS": "0.5",
            "DONGJIAN_METRICS": "",
            "DONGJIAN_LOG": "json",
        }
        self._supervisor: asyncio.Task[None] | None = None
        self._client: LogClient | None = None

    @property
    def settings(self) -> Settings:
        return read_settings(self.environment)

    @property
    def client(self) -> LogClient:
        if self._client is None:
            raise AssertionError("the deployment is not entered")
        return self._client

    # ---- members

    def add(self, name: str, *roles: str, command: Sequence[str] = _COMMAND) -> Member:
        """Add a member and start it; without roles it runs all."""
        options = [word for role in roles for word in ("--role", role)]
        member = Member(
            name,
            roles,
            [sys.executable, "-W", "ignore", *command, *options],
            {**self.environment, "DONGJIAN_INSTANCE": name},
            self.folder / f"{name}.log",
        )
        self.members[name] = member
        member.start()
        return member

    async def _supervise(self) -> None:
        while True:
            for member in self.members.values():
                code = member.code
                if code is None:
                    continue
                if code != EXIT_RESTART:
                    raise AssertionError(
                        f"{member.name} ended with {code}:\n" + "\n".join(member.events()[-10:])
                    )
                member.fenced += 1
                member.start()
            await asyncio.sleep(_POLL_S)

    async def __aenter__(self) -> Self:
        self._client = await open_client(self.environment["DONGJIAN_BROKER"]).__aenter__()
        self._supervisor = asyncio.create_task(self._supervise())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._supervisor is not None:
            self._supervisor.cancel()
        for member in self.members.values():
            member.kill()
        await self.client.close()
        if self._supervisor is not None:
            with suppress(asyncio.CancelledError):
                await self._supervisor

    def count(self, event: str) -> int:
        """How many log lines of all members begin with this."""
        return sum(member.said(event) for member in self.members.values())

    @property
    def fenced(self) -> Counter[str]:
        """How often each member gave up by itself."""
        return Counter({m.name: m.fenced for m in self.members.values() if m.fenced})

    # ---- progress

    async def lag(self, role: str) -> int:
        """Records that a role has before it. An outage of the broker is waited out."""
        topics = self.settings.topics
        source = {"detect": topics.changes, "delivery": topics.alerts}
        if role in source:
            return sum((await self._ask("lag", topics.app(role), source[role])).values())
        feeds = await self._feeds()
        ends = await self._ask("all_end_offsets", feeds)
        done = await self._ask("all_committed", topics.app(role), feeds)
        return sum(
            max(0, end - (done[topic].get(p) or 0))
            for topic, partitions in ends.items()
            for p, end in partitions.items()
        )

    async def written(self, role: str) -> int:
        """What a role has sent so far, acknowledged by itself or not."""
        topics = self.settings.topics
        topic = {
            "intake": topics.changes,
            "detect": f"{topics.app('detect')}-{topics.state_table}-changelog",
        }[role]
        return sum((await self._ask("end_offsets", topic)).values())

    async def _feeds(self) -> list[str]:
        contracts = contracts_of(self.settings).values()
        orders = {self.settings.topics.control(c.feed, c.epoch) for c in contracts}
        return sorted({c.topic for c in contracts} | orders)

    async def _ask(self, question: str, *arguments: object) -> Any:
        while True:
            self.check()
            try:
                return await getattr(self.client, question)(*arguments)
            except LogError:
                await asyncio.sleep(0.2)

    def check(self) -> None:
        """Fail when the supervisor found a member that ended as none should."""
        if self._supervisor is not None and self._supervisor.done():
            self._supervisor.result()

    async def settle(self, roles: Sequence[str], timeout_s: float = 90) -> None:
        """Wait until the roles have nothing before them, each later one after the former."""
        waiting: dict[str, int] = {}
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    waiting = {role: await self.lag(role) for role in roles}
                    if not any(waiting.values()):
                        return
                    await asyncio.sleep(0.2)
        except TimeoutError:
            tails = "\n".join(
                f"{m.name}: " + "\n   ".join(m.events()[-6:]) for m in self.members.values()
            )
            raise AssertionError(f"not done within {timeout_s} s: {waiting}\n{tails}") from None
