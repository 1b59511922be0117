"""A process of ours is found again, ends with us and says why it did not start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from streams.local.process_table import is_alive
from streams.local.server import (
    LocalServerError,
    ProgramMissing,
    ServerProcess,
    find_program,
    free_ports,
    is_listening,
)
from tests.waiting import wait_until_sync

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
UP = "import pathlib, sys, time; pathlib.Path(sys.argv[1], 'up').touch(); time.sleep(600)"


def sleeper(place: Path, *, detached: bool = False) -> ServerProcess:
    process = ServerProcess("sleeper", place, detached=detached)
    process.start([sys.executable, "-c", UP, str(place)], (place / "up").exists, timeout_s=10)
    return process


def test_a_detached_process_is_found_and_stopped_by_another_object(tmp_path: Path) -> None:
    first = sleeper(tmp_path, detached=True)
    again = ServerProcess("sleeper", tmp_path, detached=True)
    assert again.pid == first.pid
    assert again.rss_bytes > 0
    again.kill()
    assert again.pid is None
    assert first.pid is None


def test_a_pid_that_another_program_has_now_is_not_ours(tmp_path: Path) -> None:
    other = subprocess.Popen(SLEEPER)
    try:
        (tmp_path / "pid").write_text(str(other.pid))
        process = ServerProcess("sleeper", tmp_path)
        assert process.pid is None
        process.kill()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait(10)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends it on Linux only")
def test_a_process_ends_when_the_one_that_started_it_is_killed(tmp_path: Path) -> None:
    starter = (
        "import os, signal; from pathlib import Path; from streams.local.server import *;"
        f"place = Path({str(tmp_path)!r}); p = ServerProcess('sleeper', place);"
        f"p.start([{sys.executable!r}, '-c', {UP!r}, str(place)], (place / 'up').exists,"
        "timeout_s=9);"
        "print(p.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", starter], stdout=subprocess.PIPE, timeout=60)
    pid = int(done.stdout)
    wait_until_sync(lambda: not is_alive(pid), what="the orphan ends")


def test_a_process_that_ends_while_starting_shows_its_last_words(tmp_path: Path) -> None:
    process = ServerProcess("crasher", tmp_path)
    command = [sys.executable, "-c", "raise SystemExit('no such disk')"]
    with pytest.raises(LocalServerError, match=r"crasher ended while starting:\nno such disk"):
        process.start(command, lambda: False, timeout_s=30)


def test_a_process_that_never_answers_is_killed_after_its_time(tmp_path: Path) -> None:
    process = ServerProcess("mute", tmp_path)
    with pytest.raises(LocalServerError, match="mute did not answer within 0 s"):
        process.start([*SLEEPER, str(tmp_path)], lambda: False, timeout_s=0.1)
    assert process.pid is None


def test_a_missing_program_is_reported_with_its_package() -> None:
    with pytest.raises(ProgramMissing, match=r"no-such-program .* apt-get install no-such-package"):
        find_program("no-such-program", "no-such-package")


def test_free_ports_differ_and_nobody_listens_on_them() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    assert not any(is_listening(port) for port in ports)
