"""``dongjian worker``: runs some or all roles until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys

import click

from schemas.errors import LogError
from streams.feeds import contracts_of
from streams.local.redis import redis_for
from streams.log import fatal
from streams.logs import set_up_logs
from streams.settings import VARIABLES, Settings, read_settings
from streams.topics import DELIVERY, ROLES
from streams.worker import Worker

logger = logging.getLogger(__name__)

_SETTINGS = "\n".join(f"  {v.name:26} {v.meaning}" for v in VARIABLES)


@click.command(epilog="\b\nSettings, from the environment:\n" + _SETTINGS)
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice(ROLES),
    help="Run this role only; may be repeated. Default: all roles in one process.",
)
def command(roles: tuple[str, ...]) -> None:
    """Take in agencies' changes, run the models, deliver alerts, and keep the clock.

    On Kafka, roles can be run apart and each by several workers, up to the number of partitions.
    Start as many as you like: they share the work, and one that dies is replaced by the others. The
    embedded log is one process with all roles.

    Ends on SIGTERM or SIGINT after finishing what it had begun. Exit codes: 0 stopped, 2 wrong
    settings, 70 restart me (systemd and Kubernetes do), 78 the log was activated for another
    version of this program, 79 changes expired before detection had read them.
    """
    settings = read_settings()
    set_up_logs(settings.log)
    sys.exit(asyncio.run(_run(settings, roles or ROLES)))


async def _run(settings: Settings, roles: tuple[str, ...]) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    with contextlib.ExitStack() as stack:
        redis_url = ""
        if DELIVERY in roles:
            local = redis_for(settings.redis_url, settings.data / "redis")
            redis_url = stack.enter_context(local)
        worker = Worker(settings, contracts_of(settings), roles, redis_url)
        logger.info("worker_started roles=%s broker=%s", ",".join(roles), settings.broker)
        try:
            code = await worker.run(stop)
        except LogError as error:
            # Started while the broker is away: whoever restarts it on 70 waits the outage out.
            logger.critical("worker_failed error=%s", error)
            return fatal.EXIT_RESTART
        logger.info("worker_stopped code=%s", code)
        return code
