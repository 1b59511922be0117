"""Writes one file per topic: a message per line, ``KEY<TAB>VALUE`` as the bytes are on the wire."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from streams.district.event import Event
from streams.district.rendering import Rendering
from streams.district.tables import TABLES


class FileWriter:
    """Files that ``dongjian decode --with-key`` and ``dongjian feeds check --with-key`` read."""

    def __init__(self, folder: Path, rendering: Rendering) -> None:
        self._folder, self._rendering = folder, rendering
        self._files: dict[str, IO[bytes]] = {}

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        for feed, table in TABLES.items():
            self._files[feed] = (self._folder / f"{table.topic}.tsv").open("wb")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self._files.values():
            file.close()

    def write(self, events: Iterable[Event]) -> int:
        """Write events in order; returns how many."""
        count = 0
        for event in events:
            count += 1
            key, value = self._rendering(event)
            self._files[event.feed].write(key + b"\t" + value + b"\n")
        return count
