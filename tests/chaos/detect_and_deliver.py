"""A worker of detection and delivery only, also on the embedded log, without derivations.

``dongjian worker`` refuses that there, because nobody else could run the other roles; but over a
changes log that is given, intake, clock and derivations would add what is not in it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Any

from faust import App

from schemas.errors import LogError
from streams.detect import agent
from streams.feeds import contracts_of
from streams.log.fatal import EXIT_RESTART
from streams.log.table import ChunkTable
from streams.logs import set_up_logs
from streams.settings import read_settings
from streams.topics import DELIVERY, DETECT
from streams.worker import Worker
from tests.chaos.fixed_log import struck

DEATHS = "TESTS_DIE_BETWEEN"
"""Environment: a file; as many lines as it is short of three, the process dies once a line."""


def die_between(deaths: Path, times: int = 3) -> None:
    """End the process, as a crash would, after it told something and before it knows that it did.

    Each death leaves a line, so that the process that takes over gets further.
    """
    told = False
    send, write = agent.append, ChunkTable.write

    async def tell(app: App, topic: str, *rest: Any) -> int:
        nonlocal told
        offset = await send(app, topic, *rest)
        told = told or topic.endswith(".alerts")
        return offset

    async def die(table: ChunkTable, *rest: Any) -> None:
        nonlocal told
        lines = deaths.read_text().count("\n") if deaths.exists() else 0
        if told and lines < times:
            with deaths.open("a") as file:
                file.write("died\n")
            os._exit(EXIT_RESTART)
        told = False
        await write(table, *rest)

    agent.append, ChunkTable.write = tell, die  # type: ignore[assignment,method-assign]


class DetectAndDeliver(Worker):
    def _check_roles(self) -> None:
        """Any roles."""


async def main() -> int:
    if deaths := os.environ.get(DEATHS):
        die_between(Path(deaths))
    settings = read_settings()
    set_up_logs(settings.log)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    roles = [word for word in sys.argv[1:] if word != "--role"] or [DETECT, DELIVERY]
    worker = DetectAndDeliver(settings, contracts_of(settings), roles, catalogue=struck())
    logging.getLogger(__name__).info("worker_started")
    try:
        return await worker.run(stop)
    except LogError as error:  # as dongjian worker does where the broker is away
        logging.getLogger(__name__).critical("worker_failed error=%s", error)
        return EXIT_RESTART


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
