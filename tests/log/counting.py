"""A small application over the log: counts records by key, exactly, in a table.

It runs inside a test (``counting_app``) or as a process of its own that can be killed or frozen:
``python -m tests.log.counting BROKER_URL NAME [OPTION=VALUE ...]``.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import faust

from schemas.fence import fence_of, fenced, payload_of, position_of
from streams.log.agent import ChunkAgent
from streams.log.app import chunked_app, serve
from streams.log.chunks import Chunk, ChunkScheduler
from streams.log.client import LogClient
from streams.log.records import TopicSpec, changelog_name, changelog_spec
from streams.log.table import ChunkTable

PARTITIONS = 4
KEYS = 25
RAISES_IN = 1  #: the partition that has ``raise_at``


def source(name: str) -> str:
    return f"{name}-in"


async def provision(client: LogClient, name: str, partitions: int = PARTITIONS) -> None:
    await client.ensure_topics(
        [TopicSpec(source(name), partitions), changelog_spec(name, "counts", partitions)]
    )


async def feed(client: LogClient, name: str, count: int, partitions: int = PARTITIONS) -> None:
    """Append ``count`` records to each partition, with keys in turn."""
    for partition in range(partitions):
        rows = [(b"%d-%d" % (partition, i % KEYS), b"x") for i in range(count)]
        await client.append(source(name), partition, rows)


@dataclass
class Counting:
    """A counting app and what its agent saw."""

    app: faust.App
    table: ChunkTable
    chunks: list[Chunk] = field(default_factory=list)

    @property
    def seen(self) -> int:
        return sum(len(chunk) for chunk in self.chunks)


def counting_app(
    broker_url: str,
    name: str,
    data_dir: Path,
    *,
    instance_id: str | None = "one",
    before_write: Callable[[Chunk], Any] | None = None,
    **settings: Any,
) -> Counting:
    settings = {"broker_session_timeout": 6.0, "broker_heartbeat_interval": 0.5, **settings}
    settings.setdefault("commit_interval_s", 0.1)
    app = chunked_app(name, broker_url, instance_id=instance_id, data_dir=data_dir, **settings)
    table: ChunkTable = app.Table("counts", partitions=PARTITIONS)  # type: ignore[assignment]
    counting = Counting(app, table)

    @app.agent(app.topic(source(name)))
    async def count(stream: Any) -> None:
        async for chunk in stream:
            counting.chunks.append(chunk)
            written = counted(table.partition(chunk.partition), chunk)
            if before_write is not None:
                await before_write(chunk)
            await table.write(chunk.partition, [list(written.items())])

    return counting


def counted(values: dict[bytes, bytes], chunk: Chunk) -> dict[bytes, bytes]:
    """Count the records above the highest position applied; what is redelivered counts once."""
    applied = max((position_of(value)[0] for value in values.values()), default=-1)
    written: dict[bytes, bytes] = {}
    for record in chunk.records:
        if record.offset > applied:
            known = written.get(record.key) or values.get(record.key)
            number = int(payload_of(known)) if known else 0
            written[record.key] = fenced(record.offset, b"%d" % (number + 1))
    return written


async def totals(client: LogClient, name: str) -> dict[bytes, int]:
    """Read the state as recovery does: of each key the value with the highest fence."""
    best: dict[bytes, bytes] = {}
    async for record in client.read_all(changelog_name(name, "counts")):
        known = best.get(record.key)
        if known is None or fence_of(record.value) >= fence_of(known):
            best[record.key] = record.value
    return {key: int(payload_of(value)) for key, value in best.items()}


class Worker:
    """The counting app in a process of its own."""

    def __init__(self, broker_url: str, name: str, data_dir: Path, **options: object) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "tests.log.counting", broker_url, name]
        command += [f"{option}={value}" for option, value in options.items()]
        self.process = subprocess.Popen(
            [*command, f"data_dir={data_dir}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def finish(self, timeout_s: float = 20) -> tuple[int, str]:
        """Wait for its end and return the exit code and what it printed."""
        try:
            output, _ = self.process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        return self.process.returncode, output

    def terminate(self) -> tuple[int, str]:
        self.process.terminate()
        return self.finish()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


async def _main(broker_url: str, name: str, options: dict[str, str]) -> int:
    ChunkScheduler.chunk_records = int(options.get("chunk_records", 100))
    if options.get("without") == "guard":
        ChunkAgent._execute_actor = faust.Agent._execute_actor  # type: ignore[method-assign]
    raise_at = int(options.get("raise_at", -1))
    pause_s = float(options.get("pause_s", 0))

    async def before_write(chunk: Chunk) -> None:
        if chunk.partition == RAISES_IN and chunk.records[0].offset <= raise_at <= chunk.offset:
            raise RuntimeError("told to")
        await asyncio.sleep(pause_s)

    counting = counting_app(
        broker_url,
        name,
        Path(options["data_dir"]),
        instance_id=options.get("instance", "one"),
        before_write=before_write,
    )
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    return await serve([counting.app], stop)


if __name__ == "__main__":
    arguments = dict(argument.split("=", 1) for argument in sys.argv[3:])
    started = time.monotonic()
    code = asyncio.run(_main(sys.argv[1], sys.argv[2], arguments))
    print(f"ended after {time.monotonic() - started:.1f} s", os.getpid())
    sys.exit(code)
