"""A worker of detection and delivery only, also on the embedded log.

``dongjian worker`` refuses that there, because nobody else could run the other roles; but over a
changes log that is given, intake and clock would add what is not in it.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

from streams.feeds import contracts_of
from streams.logs import set_up_logs
from streams.settings import read_settings
from streams.topics import DELIVERY, DETECT
from streams.worker import Worker


class DetectAndDeliver(Worker):
    def _check_roles(self) -> None:
        """Any roles."""


async def main() -> int:
    settings = read_settings()
    set_up_logs(settings.log)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    worker = DetectAndDeliver(settings, contracts_of(settings), (DETECT, DELIVERY))
    logging.getLogger(__name__).info("worker_started")
    return await worker.run(stop)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
