"""The one way this process gives up: at once, before anything unfinished can be acknowledged."""

from __future__ import annotations

import logging
import os
from typing import NoReturn

EXIT_RESTART = 70
"""Exit code that asks the supervisor (systemd, Kubernetes) for a restart: EX_SOFTWARE."""

logger = logging.getLogger(__name__)


def end_process(
    reason: str,
    *args: object,
    exc_info: BaseException | None = None,
    code: int = EXIT_RESTART,
) -> NoReturn:
    """Log the reason and end the process without running any clean-up.

    ``sys.exit`` would let Faust acknowledge, commit and leave the group on the way out.
    """
    logger.critical(reason, *args, exc_info=exc_info)
    for handler in logging.root.handlers:
        handler.flush()
    os._exit(code)
