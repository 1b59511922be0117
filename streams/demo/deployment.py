"""A deployment in one folder: settings, Redis, and the log, embedded or a Kafka of its own."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from schemas.errors import SettingsError
from streams.district import GRANTS
from streams.local.kafka import LocalKafka
from streams.local.redis import LocalRedis
from streams.settings import Settings, read_settings

Broker = Literal["embedded", "kafka"]

#: Marks a folder as one that a demonstration made, and the next one may empty.
MARKER = "demo.json"

#: Seconds between two looks of the clock: a simulated week must not go by in between.
TICK_S = 0.1

#: Of every topic: each costs a little, and two show that there are several.
PARTITIONS = 2


@dataclass(frozen=True, slots=True)
class Deployment:
    """Where everything is."""

    folder: Path
    settings: Settings
    redis_url: str


def prepare(folder: Path) -> Path:
    """Make the folder, or empty the one that an earlier demonstration left; touch no other."""
    folder = folder.resolve()
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARKER).exists():
            raise SettingsError(
                f"{folder} is not empty and not of an earlier demonstration: name another one"
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text(json.dumps({"made_by": "dongjian demo"}) + "\n")
    return folder


@contextmanager
def deployment(
    folder: Path, broker: Broker, feeds: Path | None = None, **variables: str
) -> Iterator[Deployment]:
    """Start the servers that are needed; they end with the context, their data stay."""
    with ExitStack() as stack:
        if broker == "kafka":
            url = stack.enter_context(LocalKafka(folder / "kafka")).url
        else:
            url = f"embedded://{folder / 'log.db'}"
        redis = stack.enter_context(LocalRedis(folder / "redis"))
        secret = folder / "secret"
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_hex(32))
        settings = read_settings(
            {
                "DONGJIAN_BROKER": url,
                "DONGJIAN_DATA": str(folder),
                "DONGJIAN_SECRET": secret.read_text(),
                "DONGJIAN_FEEDS": str(feeds or ""),
                "DONGJIAN_GRANTS": ",".join(GRANTS),
                "DONGJIAN_TICK_SECONDS": str(TICK_S),
                "DONGJIAN_METRICS": "127.0.0.1:0",
                "DONGJIAN_PARTITIONS": str(PARTITIONS),
                **variables,
            }
        )
        yield Deployment(folder, settings, redis.url)
