"""Fixtures that more than one folder uses: servers once per run, names and databases per test.

Nothing is started that no test asks for. Tests are kept apart by names (`unique`), databases
(`redis_url`) and files (`tmp_path`), never by restarts; a test that must break a server takes one
of its own (`own_kafka`, `own_redis`). Kafka is Apache's, from Maven; where Java or Maven is missing
its half is skipped and said so, unless DONGJIAN_KAFKA_TESTS=required makes that an error.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from streams.local.kafka import LocalKafka, missing_programs
from streams.local.postgres import LocalPostgres, temporary_postgres
from streams.local.redis import LocalRedis
from streams.local.server import GivenServer, ProgramMissing

KAFKA_REQUIRED = os.environ.get("DONGJIAN_KAFKA_TESTS") == "required"
GIVEN_KAFKA = os.environ.get("DONGJIAN_TEST_KAFKA")

hypothesis.settings.register_profile("default", deadline=None)
# The same examples each time: a red run in CI must be red for the change that was submitted.
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "default")

_numbers = itertools.count(1)

_TESTS = Path(__file__).parent
#: Folders whose tests kill, freeze or time servers: they run one after the other.
_SERVERS = ("chaos", "e2e", "integration", "log", "streams")
#: Folders whose tests share nothing that is dear to make: each goes to whoever is free.
_ALONE = ("detectors", "oracle", "proof", "schemas")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests run in one process where there are several (``pytest -n 2``)."""
    for item in items:
        folder, *_ = item.path.relative_to(_TESTS).parts
        if folder in _SERVERS or "local_kafka" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("servers"))
        elif folder not in _ALONE:
            item.add_marker(pytest.mark.xdist_group(str(item.path)))


def why_no_kafka() -> str | None:
    """The reason why no test can have a Kafka here, None when it can."""
    return None if GIVEN_KAFKA else missing_programs()


def pytest_report_header() -> str:
    if GIVEN_KAFKA:
        return f"kafka: the one at {GIVEN_KAFKA}"
    if reason := why_no_kafka():
        outcome = "MISSING" if KAFKA_REQUIRED else "its half of the tests is skipped"
        return f"kafka: {outcome}: {reason}"
    return "kafka: Apache Kafka from Maven, started when the first test needs it"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each reason to skip, however many tests it kept from running."""
    skipped = terminalreporter.stats.get("skipped", ())
    for reason, count in Counter(report.longrepr[2] for report in skipped).items():
        terminalreporter.write_line(f"{count} skipped: {reason.removeprefix('Skipped: ')}")


def require_kafka(*, given: bool = True) -> None:
    """Skip the test, or fail it where Kafka is required, when there can be no Kafka.

    A test that breaks its Kafka says ``given=False``: it must not have somebody else's.
    """
    if reason := why_no_kafka() if given else missing_programs():
        if KAFKA_REQUIRED:
            pytest.fail(f"DONGJIAN_KAFKA_TESTS=required, but {reason}", pytrace=False)
        pytest.skip(f"no Kafka: {reason}")


@pytest.fixture(scope="session")
def local_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalKafka | GivenServer]:
    """The Kafka of this run; only its ``url`` is anybody's business (`own_kafka` to break one)."""
    require_kafka()
    if GIVEN_KAFKA:
        yield GivenServer(f"kafka://{GIVEN_KAFKA}")
        return
    with LocalKafka(tmp_path_factory.mktemp("kafka")) as kafka:
        yield kafka


@pytest.fixture
def own_kafka(tmp_path: Path) -> Iterator[LocalKafka]:
    """A Kafka of this test alone, to be killed, frozen and restarted."""
    require_kafka(given=False)
    with LocalKafka(tmp_path / "kafka") as kafka:
        yield kafka


@pytest.fixture(scope="session")
def local_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalRedis]:
    """The Redis of this run."""
    with LocalRedis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_url(local_redis: LocalRedis) -> str:
    """A database that no other test has used."""
    return local_redis.database(next(_numbers))


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[LocalRedis]:
    """A Redis of this test alone, to be killed and restarted."""
    with LocalRedis(tmp_path / "redis") as server:
        yield server


@pytest.fixture(scope="session")
def local_postgres() -> Iterator[LocalPostgres]:
    """The PostgreSQL of this run; a test makes a database of its own in it."""
    server = temporary_postgres()
    try:
        with server:
            yield server
    except ProgramMissing as reason:
        if KAFKA_REQUIRED:
            raise
        pytest.skip(str(reason))
    finally:
        shutil.rmtree(server.data_dir, ignore_errors=True)


@pytest.fixture(params=["embedded", "kafka"])
def broker_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A log for tests marked ``broker``: this test's embedded one, then the Kafka of this run."""
    if request.param == "kafka":
        kafka: LocalKafka | GivenServer = request.getfixturevalue("local_kafka")
        return kafka.url
    return f"embedded://{tmp_path / 'log.db'}"


@pytest.fixture
def unique(request: pytest.FixtureRequest) -> str:
    """A prefix for topics, groups and apps that no other test and no other run has."""
    name = "".join(c if c.isascii() and c.isalnum() else "-" for c in request.node.name)
    return f"{name[:40].strip('-').lower()}-{os.getpid():x}-{next(_numbers)}"
