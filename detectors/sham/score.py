"""The score of a cluster, day by day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from detectors.sham.cluster import Cluster
from detectors.sham.signals import Signal, SignalTerms, signals_of


class Scored(NamedTuple):
    """The window on one day: its place among the suits, and what it scores."""

    day: date
    first: int
    last: int
    score: int
    signals: tuple[Signal, ...] = ()
    agent: str = ""
    insurance_known: bool = True


def scored(
    cluster: Cluster, law: SignalTerms, smallest: int, steps: Iterable[tuple[date, int, int]]
) -> Iterator[Scored]:
    """The sum of the signals' points on each day on which a suit enters or leaves the window.

    Fewer than ``smallest`` suits are no cluster: the signals say nothing of them.
    """
    for day, first, last in steps:
        cluster.move(first, last)
        if last - first < smallest:
            yield Scored(day, first, last, 0)
            continue
        signals = signals_of(cluster, law)
        agent = cluster.agent()[0] if any(s.signal == "same_agent" for s in signals) else ""
        score = sum(signal.points for signal in signals)
        yield Scored(day, first, last, score, signals, agent, cluster.insurance_known())
