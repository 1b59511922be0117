"""A real Apache Kafka broker on this machine without Docker: jars from Maven, one process."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path
from string import Template
from typing import Self

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from streams.local.server import (
    LocalServerError,
    ProgramMissing,
    Restartable,
    ServerProcess,
    find_program,
    free_ports,
    is_listening,
)

_RECIPE = Path(__file__).resolve().parents[2] / "deploy" / "kafka"
_JAVA_OPTIONS = ("-Xms256m", "-Xmx768m", "-XX:+UseSerialGC", "-Djava.awt.headless=true")
_FETCH_TIMEOUT_S = 600


class LocalKafka(Restartable):
    """One broker whose ports and data live in ``data_dir``, so that a restart finds both again.

    >>> kafka = LocalKafka(Path("data/kafka"))
    >>> kafka.start().url  # doctest: +SKIP
    'kafka://127.0.0.1:41157'
    """

    def __init__(self, data_dir: Path, *, port: int | None = None, detached: bool = False) -> None:
        self.data_dir = data_dir.resolve()
        self._config = self.data_dir / "server.properties"
        self._wanted_port = port
        self._server = ServerProcess("Kafka", self.data_dir, detached=detached)

    @property
    def port(self) -> int:
        """The port chosen at the first start and kept since."""
        if not self._config.exists():
            raise LocalServerError(f"no Kafka was ever started in {self.data_dir}")
        return self._listener_ports()[0]

    @property
    def address(self) -> str:
        """``host:port`` as Kafka clients want it."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The broker URL as the rest of this project writes it."""
        return f"kafka://{self.address}"

    @property
    def log_path(self) -> Path:
        return self._server.log_path

    def start(self, *, timeout_s: float = 90) -> Self:
        """Start and wait; the first time ever fetches the jars, the first time here formats."""
        java = find_program("java", "openjdk-17-jre-headless")
        jars = fetch_jars()
        if not self._config.exists():
            self._format(java, jars)
        self._refuse_taken_ports()
        self._server.start(
            _java(java, jars, "kafka.Kafka", str(self._config)), self._answers, timeout_s=timeout_s
        )
        return self

    def restart(self) -> Self:
        """Stop in order and start on the same ports and data."""
        self.stop()
        return self.start()

    def _format(self, java: str, jars: Path) -> None:
        if self._wanted_port is not None and is_listening(self._wanted_port):
            raise LocalServerError(f"port {self._wanted_port} is taken: choose another one")
        self.data_dir.mkdir(parents=True, exist_ok=True)
        port, controller_port = free_ports(2)
        text = Template((_RECIPE / "server.properties").read_text()).safe_substitute(
            port=self._wanted_port or port,
            controller_port=controller_port,
            log_dir=self.data_dir / "log",
        )
        draft = self.data_dir / "server.properties.new"
        draft.write_text(text)
        # A format that was cut short leaves a part behind: it is taken up, not refused.
        options = ["--standalone", "--ignore-formatted", "-t", _cluster_id(), "-c", str(draft)]
        _run(_java(java, jars, "kafka.tools.StorageTool", "format", *options))
        draft.rename(self._config)  # only a formatted directory has a server.properties

    def _refuse_taken_ports(self) -> None:
        if self._server.pid is not None:
            return  # ours: the process itself says so
        for port in self._listener_ports():
            if is_listening(port):
                raise LocalServerError(
                    f"port {port} of the Kafka in {self.data_dir} is taken by another program: "
                    "end that one, or choose another directory"
                )

    def _listener_ports(self) -> list[int]:
        lines = self._config.read_text().splitlines()
        listeners = next(line for line in lines if line.startswith("listeners="))
        return [int(one.rpartition(":")[2]) for one in listeners.split(",")]

    def _answers(self) -> bool:
        if not is_listening(self.port):
            return False
        try:
            admin = KafkaAdminClient(
                bootstrap_servers=self.address, bootstrap_timeout_ms=2_000, request_timeout_ms=2_000
            )
        except (KafkaError, OSError):
            return False
        try:
            return bool(admin.describe_cluster()["brokers"])
        except (KafkaError, OSError):
            return False
        finally:
            admin.close()


def missing_programs() -> str | None:
    """Why no local Kafka can run here, or None when it can."""
    try:
        find_program("java", "openjdk-17-jre-headless")
        if not jars_dir().exists():
            find_program("mvn", "maven")
    except (ProgramMissing, LocalServerError) as reason:
        return str(reason)
    return None


def jars_dir() -> Path:
    """Where the jars of this pom.xml are kept for every checkout of this user."""
    if not _RECIPE.exists():
        raise LocalServerError(
            f"a local Kafka needs the project's checkout: there is no {_RECIPE}; "
            "give the address of a running Kafka instead"
        )
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    version = hashlib.sha256((_RECIPE / "pom.xml").read_bytes()).hexdigest()[:12]
    return cache / "dongjian" / f"kafka-{version}"


def fetch_jars() -> Path:
    """The folder with Kafka's jars (43 MB), fetched by Maven once."""
    jars = jars_dir()
    if jars.exists():
        return jars
    maven = find_program("mvn", "maven")
    jars.parent.mkdir(parents=True, exist_ok=True)
    # Complete or not there: two that fetch at once each take their own folder, one of them stays.
    fetched = Path(tempfile.mkdtemp(prefix="kafka-", dir=jars.parent))
    try:
        goal = "dependency:copy-dependencies"
        options = ["-q", "-B", "-DincludeScope=runtime", f"-DoutputDirectory={fetched}"]
        _run([maven, "-f", str(_RECIPE / "pom.xml"), goal, *options])
        try:
            fetched.rename(jars)
        except OSError:
            if not jars.exists():
                raise
    finally:
        shutil.rmtree(fetched, ignore_errors=True)
    return jars


def _java(java: str, jars: Path, *arguments: str) -> list[str]:
    logging = f"-Dlog4j2.configurationFile={_RECIPE / 'log4j2.xml'}"
    return [java, *_JAVA_OPTIONS, logging, "-cp", f"{jars}/*", *arguments]


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=_FETCH_TIMEOUT_S
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-2_000:]
        raise LocalServerError(f"{Path(command[0]).name} failed ({done.returncode}):\n{said}")


def _cluster_id() -> str:
    """A Kafka uuid: 22 letters of base64; the tool would take a leading hyphen for an option."""
    return "A" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[1:22]
