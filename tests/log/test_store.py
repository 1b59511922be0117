"""The state a partition recovers from its changelog, and what it refuses to recover."""

from __future__ import annotations

from typing import Any

import pytest
from faust.types import TP

from schemas.errors import LogError
from schemas.fence import fenced
from streams.log import store as store_module
from streams.log.app import chunked_app
from streams.log.records import LogRecord
from streams.log.store import PartitionStore
from tests.log.conftest import Ended


@pytest.fixture
def store(tmp_path: Any) -> PartitionStore:
    app = chunked_app("app", "embedded://", data_dir=tmp_path)
    return app.Table("t", partitions=2).store  # type: ignore[attr-defined]


def changelog(*values: tuple[bytes, int, bytes], first: int = 0) -> list[LogRecord]:
    """Records of ``(key, fence, payload)`` at consecutive offsets."""
    return [
        LogRecord(first + i, 0, key, fenced(fence, payload))
        for i, (key, fence, payload) in enumerate(values)
    ]


ZOMBIE = changelog((b"k", 10, b"new"), (b"k", 5, b"stale"), (b"m", 7, b"m"))


def test_the_highest_fence_wins_over_the_last_write(store: PartitionStore) -> None:
    store.apply(0, ZOMBIE)
    held = store.complete(0, 2)
    assert held.values == {b"k": fenced(10, b"new"), b"m": fenced(7, b"m")}
    assert held.stale == {b"k"}


def test_without_the_fence_the_stale_write_would_win(
    store: PartitionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "fence_of", lambda value: b"")
    store.apply(0, ZOMBIE)
    assert store.complete(0, 2).values[b"k"] == fenced(5, b"stale")


def test_a_deletion_keeps_its_fence_against_an_older_value(store: PartitionStore) -> None:
    store.apply(0, changelog((b"k", 10, b""), (b"k", 5, b"stale")))
    assert store.complete(0, 1).values[b"k"] == fenced(10, b"")


def test_a_later_higher_write_repairs_by_itself(store: PartitionStore) -> None:
    store.apply(0, [*ZOMBIE, *changelog((b"k", 11, b"newer"), first=3)])
    assert store.complete(0, 3).stale == set()


async def test_a_lost_partition_is_dropped_and_a_kept_one_stays(store: PartitionStore) -> None:
    for partition in (0, 1):
        store.apply(partition, ZOMBIE)
        store.complete(partition, 2)
    kept = store.held[1].generation
    lost = TP("app-t-changelog", 0)
    await store.on_rebalance({TP("app-t-changelog", 1)}, {lost}, set())
    assert set(store.held) == {1}
    assert store.persisted_offset(lost) is None
    assert store.persisted_offset(TP("app-t-changelog", 1)) == 2
    with pytest.raises(LogError, match="partition 0 of table 't' is not held"):
        store.require(0)
    store.apply(0, ZOMBIE)
    assert store.complete(0, 2).generation not in (kept, 1)
    assert store.held[1].generation == kept


def test_the_end_of_an_emptied_changelog_is_its_highwater(store: PartitionStore) -> None:
    assert store.complete(1, 41).end == 41


def test_a_foreign_write_to_a_held_partition_ends_the_process(
    store: PartitionStore, endings: list[str]
) -> None:
    store.apply(0, ZOMBIE)
    store.complete(0, 2)
    store.apply(0, ZOMBIE)  # what is known already is no foreign write
    with pytest.raises(Ended):
        store.apply(0, changelog((b"k", 20, b"foreign"), first=3))
    assert "written by another owner" in endings[0]


def test_a_value_without_fence_ends_the_process_and_names_the_place(
    store: PartitionStore, endings: list[str]
) -> None:
    class Event:
        value = type("C", (), {"partition": 0, "offset": 9, "records": ZOMBIE[:1]})()

    Event.value.records = [LogRecord(9, 0, b"k", b"not ours at all")]
    with pytest.raises(Ended):
        store.apply_changelog_batch([Event()])  # type: ignore[list-item]
    assert "[0] at offset 9 to 9 holds a value without a fence" in endings[0]
