"""What one run of one measurement found, and the medians over the runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

import msgspec


class Job(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One run of one measurement, as the process that makes it is told."""

    measure: str
    broker: str = ""  #: URL; empty where none is needed
    redis: str = ""
    folder: str  #: of this run alone
    loads: str  #: where the loads lie
    prefix: str
    count: int = 0  #: of records, where it may be chosen
    seconds: float = 0
    rate: int = 0  #: records a second
    one_in: int = 1  #: of how many records one raises or updates an alert


class Sample(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Numbers by name. ``records``, ``seconds`` and ``cpu_s`` make the columns of the table."""

    records: int = 0
    seconds: float = 0
    cpu_s: float = 0  #: of the measured process, all its threads
    more: dict[str, float] = {}

    def numbers(self) -> dict[str, float]:
        """Every number that can be compared, derived ones included."""
        found = {**self.more, "records": float(self.records), "seconds": self.seconds}
        if self.records and self.seconds:
            found["per_s"] = self.records / self.seconds
            found["cpu_us"] = self.cpu_s / self.records * 1e6
        return found


class Figure(msgspec.Struct, frozen=True):
    """One number over some runs."""

    median: float
    least: float
    most: float
    runs: int


def figures(samples: Sequence[Sample]) -> Mapping[str, Figure]:
    """Each number's median, least and most."""
    names = dict.fromkeys(name for sample in samples for name in sample.numbers())
    found = {}
    for name in names:
        values = [n[name] for sample in samples if name in (n := sample.numbers())]
        found[name] = Figure(median(values), min(values), max(values), len(values))
    return found
