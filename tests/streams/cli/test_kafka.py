"""``dongjian kafka`` starts a broker that outlives the command, finds it again and stops it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from streams.local.server import free_ports
from tests.conftest import require_kafka


def dongjian(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from streams.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_the_broker_outlives_the_command_that_started_it(tmp_path: Path) -> None:
    require_kafka(given=False)
    place, port = ("--dir", tmp_path), str(free_ports(1)[0])
    assert dongjian("kafka", "status", *place).returncode == 1
    started = dongjian("kafka", "start", *place, "--port", port)
    try:
        assert started.returncode == 0, started.stderr
        assert f"kafka://127.0.0.1:{port}" in started.stdout
        assert f"kafka://127.0.0.1:{port}" in dongjian("kafka", "status", *place).stdout
        assert dongjian("kafka", "start", *place).stdout == started.stdout
    finally:
        stopped = dongjian("kafka", "stop", *place)
    assert stopped.stdout == "Kafka stopped.\n"
    assert dongjian("kafka", "stop", *place).stdout == "Kafka was not running.\n"
