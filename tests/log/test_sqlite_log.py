"""The embedded log against a model: lists."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from schemas.errors import LogError
from streams.log.records import LogRecord, TopicSpec
from streams.log.shared_log import SharedLog, log_path
from streams.log.sqlite_log import Append, SqliteLog
from streams.log.upkeep import maintain
from tests.waiting import wait_until_sync

DAY_MS = 86_400_000
NOW_MS = 100 * DAY_MS
keys = st.sampled_from([b"a", b"b", b"c", b"d"])
values = st.none() | st.binary(max_size=6)


class LogModel(RuleBasedStateMachine):
    """Two topics, one of them compacted, with two partitions each, and two groups."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "log.db")
        self.log = SqliteLog(self.path)
        self.log.create(TopicSpec("plain", 2, retention_ms=10 * DAY_MS))
        self.log.create(TopicSpec("state", 2, compact=True))
        self.records: dict[tuple[str, int], list[LogRecord]] = {
            (topic, partition): [] for topic in ("plain", "state") for partition in (0, 1)
        }
        self.ends = dict.fromkeys(self.records, 0)
        self.committed: dict[tuple[str, str, int], int] = {}

    def teardown(self) -> None:
        self.log.close()
        self.folder.cleanup()

    @rule(
        batches=st.lists(
            st.tuples(
                st.sampled_from(["plain", "state"]),
                st.integers(0, 1),
                st.lists(st.tuples(keys, values), min_size=1, max_size=5),
                st.integers(0, 100),
            ),
            min_size=1,
            max_size=4,
        )
    )
    def append(self, batches: list[tuple[str, int, list[tuple[bytes, bytes]], int]]) -> None:
        appends = [Append(t, p, rows, day * DAY_MS) for t, p, rows, day in batches]
        for one, base in zip(appends, self.log.append(appends), strict=True):
            where = (one.topic, one.partition)
            assert base == self.ends[where]
            for key, value in one.rows:
                record = LogRecord(self.ends[where], one.timestamp_ms, key, value)
                self.records[where].append(record)
                self.ends[where] += 1

    @rule(good=st.integers(0, 1), bad=st.sampled_from(["key", "topic", "partition"]))
    def append_one_bad_batch_among_good_ones(self, good: int, bad: str) -> None:
        wrong = {
            "key": Append("state", 0, [(None, b"")], 0),
            "topic": Append("nowhere", 0, [(b"", b"")], 0),
            "partition": Append("plain", 7, [(b"", b"")], 0),
        }[bad]
        with pytest.raises(LogError):
            self.log.append([Append("plain", good, [(b"a", b"lost")], 0), wrong])

    @rule(group=st.sampled_from("xy"), partition=st.integers(0, 1), position=st.integers(0, 9))
    def commit(self, group: str, partition: int, position: int) -> None:
        self.log.commit(group, {("plain", partition): position})
        self.committed[group, "plain", partition] = position

    @rule()
    def reopen(self) -> None:
        self.log.close()
        self.log = SqliteLog(self.path)

    @rule(day=st.integers(95, 120))
    def keep_up(self, day: int) -> None:
        now = day * DAY_MS
        before = sum(map(len, self.records.values()))
        dropped = maintain(self.log, now)
        for (topic, partition), records in self.records.items():
            kept = [r for _, r in self._model_upkeep(topic, records, now)]
            left = [r for run in self._read(topic, partition, 0) for r in run]
            # Whole batches expire, so the log may keep a little more than the model, never less.
            assert set(kept) <= set(left) <= set(records)
            if topic == "state":
                assert left == kept
            self.records[topic, partition] = left
        assert dropped == before - sum(map(len, self.records.values()))
        self.log.refresh()

    def _model_upkeep(
        self, topic: str, records: list[LogRecord], now: int
    ) -> list[tuple[int, LogRecord]]:
        if topic == "plain":
            return [(r.offset, r) for r in records if r.timestamp_ms >= now - 10 * DAY_MS]
        last = {r.key: r.offset for r in records}
        return [
            (r.offset, r)
            for r in records
            if last[r.key] == r.offset and (r.value is not None or r.timestamp_ms >= now - DAY_MS)
        ]

    def _read(self, topic: str, partition: int, start: int) -> list[list[LogRecord]]:
        runs, position = [], start
        while position < self.log.end(topic, partition):
            run = self.log.read(topic, partition, position, limit_bytes=40)
            assert run.position > position
            position = run.position
            runs.append(list(run))
        return runs

    @invariant()
    def the_log_equals_its_model(self) -> None:
        for (topic, partition), records in self.records.items():
            end = self.ends[topic, partition]
            assert self.log.end(topic, partition) == end
            for start in {0, end // 2, max(0, end - 1)}:
                got = [r for run in self._read(topic, partition, start) for r in run]
                assert got == [r for r in records if r.offset >= start]
        for group in "xy":
            assert self.log.committed(group, "plain") == {
                p: self.committed.get((group, "plain", p)) for p in (0, 1)
            }


TestLogModel = LogModel.TestCase
TestLogModel.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)


def test_a_topic_made_anew_has_another_id_and_none_of_the_old_records() -> None:
    log = SqliteLog("")
    log.create(TopicSpec("t", 1))
    log.append([Append("t", 0, [(b"k", b"v")], 0)])
    log.commit("g", {("t", 0): 1})
    first = log.topic_id("t")
    log.delete("t")
    with pytest.raises(LogError, match="'t' does not exist"):
        log.topic_id("t")
    log.create(TopicSpec("t", 1))
    assert log.topic_id("t") != first
    assert (log.end("t", 0), log.committed("g", "t"), list(log.read("t", 0, 0))) == (
        0,
        {0: None},
        [],
    )


def test_a_batch_larger_than_the_topic_allows_is_refused_with_both_numbers() -> None:
    log = SqliteLog("")
    log.create(TopicSpec("t", 1, max_message_bytes=100))
    with pytest.raises(LogError, match=r"batch of 1\d\d bytes .* max_message_bytes = 100 of"):
        log.append([Append("t", 0, [(b"k", b"v" * 100)], 0)])


def test_a_path_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"nowhere/log\.db.*folder must exist"):
        SqliteLog(str(tmp_path / "nowhere" / "log.db"))


def test_urls_name_absolute_and_relative_files_and_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert log_path("embedded:///a/日志.db") == "/a/日志.db"
    assert log_path("embedded://data/log.db") == str(tmp_path / "data" / "log.db")
    assert log_path("embedded://") == ""


async def test_one_process_has_one_log_per_file(tmp_path: Path) -> None:
    first, second = (SharedLog.acquire(str(tmp_path / "log.db")) for _ in range(2))
    assert first is second
    first.release()
    first.log.create(TopicSpec("still-open", 1))
    second.release()
    third = SharedLog.acquire(str(tmp_path / "log.db"))
    assert third is not first
    assert third.log.topics() == {"still-open": 1}
    third.release()


async def test_a_bad_append_does_not_fail_its_neighbours(tmp_path: Path) -> None:
    shared = SharedLog.acquire(str(tmp_path / "log.db"))
    shared.log.create(TopicSpec("t", 1))
    good, bad, other = await asyncio.gather(
        shared.append("t", 0, [[(b"1", b"")], [(b"2", b"")]]),
        shared.append("nowhere", 0, [[(b"", b"")]]),
        shared.append("t", 0, [[(b"3", b"")]]),
        return_exceptions=True,
    )
    assert (good, other) == ([0, 1], [2])
    assert isinstance(bad, LogError)
    shared.release()


FOREIGN = """
import sys
from streams.log.sqlite_log import Append, SqliteLog
log = SqliteLog(sys.argv[1])
print("open", flush=True)
for number in range(int(sys.argv[2])):
    sys.stdin.readline() if sys.argv[2] == "1" else None
    log.append([Append("t", 0, [(b"%d" % number, b"v" * 200)] * 7, 0)])
"""


def foreign_writer(path: str, appends: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", FOREIGN, path, str(appends)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


async def test_an_append_by_another_process_is_noticed_soon(tmp_path: Path) -> None:
    shared = SharedLog.acquire(str(tmp_path / "log.db"))
    shared.log.create(TopicSpec("t", 1))
    writer = await asyncio.to_thread(foreign_writer, str(tmp_path / "log.db"), 1)
    asyncio.get_running_loop().call_later(0.05, writer.communicate, "\n")
    begun = time.monotonic()
    await shared.wait(5)
    assert shared.log.end("t", 0) == 7
    assert time.monotonic() - begun < 1  # it polls every 0.1 s; the rest is a slow machine
    shared.release()


def test_a_killed_writer_leaves_whole_batches_only(tmp_path: Path) -> None:
    path = str(tmp_path / "log.db")
    log = SqliteLog(path)
    log.create(TopicSpec("t", 1))
    writer = foreign_writer(path, 1_000_000)
    wait_until_sync(lambda: log.refresh() and log.end("t", 0) > 700)
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    log.close()
    log = SqliteLog(path)
    end = log.end("t", 0)
    assert end % 7 == 0
    position, count = 0, 0
    while position < end:
        run = log.read("t", 0, position)
        count, position = count + len(run), run.position
    assert count == end
    assert log.append([Append("t", 0, [(b"k", b"v")], 0)]) == [end]
    log.close()
