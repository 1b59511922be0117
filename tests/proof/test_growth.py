"""What a dossier costs: a change in a big one, and a row in memory."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import msgspec

from detectors.framework.engine import Engine
from detectors.framework.registry import discover
from schemas import Record
from schemas.change import Message, Position, Put, Rules, Tick, encode_message
from schemas.subject import Tokens
from streams.detect.partition import work
from streams.log.records import LogRecord
from tests import factories as make

#: Bytes of memory per row of a dossier, everything counted: never more, and what is aimed at.
AT_MOST, AIM = 1000, 500

PEOPLE, MONTHS = 2000, 24


def engine() -> Engine:
    return Engine(discover(packs=False), Tokens("a secret of the test"))


def say(engine: Engine, offset: int, message: Message) -> None:
    for _ in work(engine, [LogRecord(offset, offset, None, encode_message(message))]):
        pass


def put(subject: str, record: Record, offset: int) -> Put:
    row = msgspec.Raw(msgspec.json.encode(record))
    return Put(subject, type(record).__name__, row, Position(1, 0, offset))


def cost_of_a_change(rows: int) -> float:
    """Seconds of CPU that one more payment takes in a dossier of so many, the person dead."""
    one = engine()
    subject = f"person:{Tokens('a secret of the test').person(make.person())}"
    first = date(1990, 1, 1)
    for n in range(rows):
        month = (first + timedelta(days=31 * (n % 400))).replace(day=1)
        payment = make.payment(benefit_no=f"B{n % 10}", month=month, paid_on=month, key=f"p{n}")
        say(one, n, put(subject, payment, n))
    say(one, rows, put(subject, make.death(died_on=date(2010, 1, 1)), rows))
    say(one, rows + 1, Rules(1, one.hash))
    say(one, rows + 2, Tick(date(2025, 1, 1)))
    best = float("inf")
    for n in range(7):
        offset = rows + 3 + n
        again = make.payment(benefit_no="B1", month=date(2012, 1, 1), key="new", amount_fen=n + 1)
        change = put(subject, again, offset)
        began = time.process_time()
        say(one, offset, change)
        best = min(best, time.process_time() - began)
    assert one.dossiers.active()
    assert len(one.dossiers.subjects[subject].rows) == rows + 2
    return best


def test_a_change_in_a_dossier_of_ten_times_the_rows_costs_about_ten_times_as_much() -> None:
    small, big = cost_of_a_change(1_000), cost_of_a_change(10_000)
    print(f"one change: {small * 1000:.1f} ms of 1 000 rows, {big * 1000:.1f} ms of 10 000")
    assert big < 20 * small
    assert big < 1.0


def test_a_row_of_a_dossier_takes_little_memory() -> None:
    """In a process of its own, over the dossiers of people who draw a pension for two years."""
    measured = subprocess.run(
        [sys.executable, "-m", "tests.proof.test_growth"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    per_row = float(measured.stdout)
    print(f"{per_row:.0f} B per dossier row (aim: {AIM})")
    assert per_row < AT_MOST


def memory_per_row() -> float:
    """Bytes of resident memory that a payment adds, once all is loaded that is not a row."""
    one, tokens = engine(), Tokens("a secret of the test")
    say(one, 0, Rules(1, one.hash))
    offset, before = 0, 0
    for month in range(-1, MONTHS):  # the first month warms everything up
        if month == 0:
            before = _resident()
        day = date(2024 + (month + 1) // 12, (month + 1) % 12 + 1, 1)
        for n in range(PEOPLE if month >= 0 else 1):
            payment = make.payment(
                benefit_no=f"B{n}", person=make.person(n), month=day, paid_on=day, key=f"{n}/{day}"
            )
            offset += 1
            say(one, offset, put(f"person:{tokens._person(make.person(n))}", payment, offset))
    return (_resident() - before) / (PEOPLE * MONTHS)


def _resident() -> int:
    """Resident memory of this process, in bytes (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


if __name__ == "__main__":
    print(memory_per_row())
