"""Log lines: JSON for machines or text for people, one line a decision, no personal data."""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path


class JsonLines(logging.Formatter):
    """One JSON object a line; the event's words are ``key=value`` pairs already."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


#: Libraries that say more than a decision a line.
_LOUD = ("aiokafka", "kafka", "faust", "mode", "asyncio", "streams.log")


def set_up_logs(form: str, level: int = logging.INFO, path: Path | None = None) -> None:
    """Send every log line to a file, else to standard error, as ``json`` or ``text``."""
    handler = logging.FileHandler(path) if path else logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(asctime)s %(levelname)-7s %(name)s %(message)s")
    handler.setFormatter(JsonLines() if form == "json" else text)
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level)
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
