"""``dongjian demo`` as a user runs it: it finds all that was planted, its last words are true."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.catalogue.chosen import with_lives
from tests.conftest import require_kafka

DONGJIAN = (sys.executable, "-c", "from streams.cli import main; main()")


def dongjian(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*DONGJIAN, *arguments],
        env={**os.environ, "COLUMNS": "120", **environment},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


def demo(broker: str, folder: Path, *more: str) -> str:
    small = ("--people", "1500", "--speed", "max")
    done = dongjian("demo", "--broker", broker, *small, "--keep", str(folder), *more)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    return done.stdout


def total_of(output: str) -> list[str]:
    """The cells of the table's last line."""
    line = next(line for line in output.splitlines() if re.match(r"│ all ", line))
    return [cell.strip() for cell in line.strip("│").split("│")]


@pytest.mark.slow
def test_everything_planted_is_found_and_what_it_says_next_works(tmp_path: Path) -> None:
    output = demo("embedded", tmp_path / "demo", "--seed", "4")
    _, planted, found, missing, false, gone, look_alikes = total_of(output)
    assert int(planted) == int(found) > 20
    assert (missing, false) == ("0", "0")
    assert "precision 1.000, recall 1.000" in output
    assert int(gone) > 5
    assert int(look_alikes) > 20
    for model in with_lives().models:
        assert re.search(rf"│ {model.id} ", output)
    assert re.search(r"quarantine \d+ messages .*dismissed 1", output)
    commands = re.findall(r"^  (DONGJIAN_DATA=.*)$", output, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        *variables, _ = command.partition("dongjian ")[0].split(" ")
        environment = dict(one.split("=", 1) for one in variables)
        done = dongjian(*command.partition("dongjian ")[2].split(), **environment)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        assert done.stdout


@pytest.mark.slow
@pytest.mark.broker
def test_the_same_through_kafka(tmp_path: Path) -> None:
    require_kafka(given=False)
    total = total_of(demo("kafka", tmp_path / "demo", "--seed", "4"))
    assert int(total[1]) == int(total[2]) > 20
    assert total[3:5] == ["0", "0"]


def test_a_speed_that_is_none_is_refused_by_name(tmp_path: Path) -> None:
    done = dongjian("demo", "--speed", "fast", "--keep", str(tmp_path / "demo"))
    assert done.returncode == 2
    assert "'fast'" in done.stderr
