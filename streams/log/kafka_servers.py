"""The servers that a Kafka URL names, and whether one of them can be reached."""

from __future__ import annotations

import socket
from collections.abc import Sequence

from schemas.errors import LogError, SettingsError


def kafka_servers(broker_url: str) -> list[str]:
    """Return ``host:port`` of each server that a ``kafka://`` URL names."""
    scheme, _, rest = broker_url.partition("://")
    servers = [server.strip() for server in rest.split(",") if server.strip()]
    wrong = [server for server in servers if not server.rpartition(":")[2].isdigit()]
    if scheme != "kafka" or not servers or wrong:
        raise SettingsError(
            f"broker URL {broker_url!r} is not one of kafka://host:port[,host:port] or "
            "embedded:///path/to/log.db"
        )
    return servers


def knock(servers: Sequence[str], timeout_s: float = 5.0) -> None:
    """Fail at once where nobody listens: kafka-python would try, and log, for half a minute."""
    reasons = []
    for server in servers:
        host, _, port = server.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout_s).close()
        except OSError as error:
            reasons.append(f"{server}: {error}")
        else:
            return
    raise LogError(f"Kafka does not answer: {'; '.join(reasons)}")
