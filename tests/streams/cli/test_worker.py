"""``dongjian worker`` as a supervisor sees it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from streams.local.server import free_ports

ROOT = Path(__file__).parents[3]


def test_a_worker_that_starts_while_the_broker_is_away_asks_to_be_started_again(
    tmp_path: Path,
) -> None:
    (port,) = free_ports(1)
    environment = {
        "DONGJIAN_BROKER": f"kafka://127.0.0.1:{port}",
        "DONGJIAN_SECRET": "a secret of the tests",
        "DONGJIAN_DATA": str(tmp_path),
        "DONGJIAN_METRICS": "",
    }
    command = [sys.executable, "-c", "from streams.cli import main; main()"]
    ended = subprocess.run(
        [*command, "worker", "--role", "detect"],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 70, ended.stderr
    assert f"127.0.0.1:{port}" in ended.stderr.splitlines()[-1]
