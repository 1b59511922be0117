"""A PostgreSQL server on this machine, set up for logical decoding."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from streams.local.server import (
    LocalServerError,
    Restartable,
    ServerProcess,
    find_program,
    free_ports,
)

_SUPERUSER = "postgres"
_SETTINGS = {
    "wal_level": "logical",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    # Synthetic data: a killed server recovers without it, and only a power cut would not.
    "fsync": "off",
    "max_wal_senders": "10",
    "max_replication_slots": "10",
    "timezone": "Asia/Shanghai",
}


class LocalPostgres(Restartable):
    """One cluster in ``data_dir``, superuser ``postgres`` without a password, on this machine only.

    PostgreSQL refuses to run as root: then it runs as the account ``postgres`` (or ``nobody``),
    which must be able to reach ``data_dir``.
    """

    def __init__(self, data_dir: Path, *, port: int | None = None, detached: bool = False) -> None:
        self.data_dir = data_dir.resolve()
        self._cluster = self.data_dir / "cluster"
        self._wanted_port = port
        self._server = ServerProcess("PostgreSQL", self.data_dir, detached=detached)

    @property
    def port(self) -> int:
        """The port chosen at the first start and kept since."""
        return int((self.data_dir / "port").read_text())

    @property
    def url(self) -> str:
        """The connection URL of the superuser and the database ``postgres``."""
        return f"postgresql://{_SUPERUSER}@127.0.0.1:{self.port}/postgres"

    def start(self, *, timeout_s: float = 60) -> Self:
        """Make the cluster if there is none, start it and wait until it takes connections."""
        if not (self.data_dir / "port").exists():
            self._create()
        settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        self._server.start(
            [_program("postgres"), "-D", str(self._cluster), "-p", str(self.port), *settings],
            self._answers,
            timeout_s=timeout_s,
            account=_account(),
        )
        return self

    def stop(self) -> None:
        """End sessions and shut down (a plain SIGTERM would wait for every client to leave)."""
        self._server.stop(signal.SIGINT)

    def restart(self) -> Self:
        """Stop in order and start on the same port and data."""
        self.stop()
        return self.start()

    def _create(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        if (account := _account()) is not None:
            shutil.chown(self.data_dir, account, account)
            _require_reachable(self.data_dir, account)
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run_as(
            account,
            [_program("initdb"), "-D", str(self._cluster), "-U", _SUPERUSER, *options],
            self.data_dir,
        )
        (self.data_dir / "port").write_text(str(self._wanted_port or free_ports(1)[0]))

    def _answers(self) -> bool:
        asked = [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(asked, check=False, timeout=10).returncode == 0


def temporary_postgres() -> LocalPostgres:
    """A cluster in a new folder under the system's temporary one, which every account can reach."""
    return LocalPostgres(Path(tempfile.mkdtemp(prefix="dongjian-postgres-")))


def _program(name: str) -> str:
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    return find_program(name, "postgresql", places=newest_first)


def _version(bin_dir: Path) -> float:
    try:
        return float(bin_dir.parent.name)
    except ValueError:
        return 0


def _account() -> str | None:
    """The account to run as, None for the one we are."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _require_reachable(directory: Path, account: str) -> None:
    """Fail with the folder to open up rather than with initdb's guess."""
    done = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(directory)],
        user=account,
        extra_groups=[],
        capture_output=True,
        check=False,
        timeout=10,
    )
    if done.returncode:
        raise LocalServerError(
            f"the account {account}, which PostgreSQL runs as because root may not run it, cannot "
            f"reach {directory}: choose a directory under {tempfile.gettempdir()}"
        )


def _run_as(account: str | None, command: list[str], directory: Path) -> None:
    done = subprocess.run(
        command,
        user=account,
        group=account,
        extra_groups=[] if account else None,
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        raise LocalServerError(f"{Path(command[0]).name} failed:\n{done.stderr.strip()[-2_000:]}")
