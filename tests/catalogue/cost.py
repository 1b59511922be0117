"""What an evaluation costs: the time of each, by model."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter_ns
from typing import Any

from detectors.framework import looking
from detectors.framework.evaluate import Evaluation, evaluate
from detectors.framework.ruleset import Running

Costs = dict[str, "array[int]"]


@contextmanager
def measured() -> Iterator[Costs]:
    """Within it the engine's evaluations are timed: nanoseconds by model.

    A dossier that lacks what a model needs is passed over by the engine without an evaluation.
    """
    costs: Costs = defaultdict(lambda: array("Q"))

    def timed(running: Running, *arguments: Any) -> Evaluation:
        began = perf_counter_ns()
        try:
            return evaluate(running, *arguments)
        finally:
            costs[running.model.id].append(perf_counter_ns() - began)

    looking.evaluate = timed  # type: ignore[attr-defined]  # the name that the engine calls
    try:
        yield costs
    finally:
        looking.evaluate = evaluate  # type: ignore[attr-defined]


def percentile(costs: array[int], share: float) -> float:
    """Microseconds that so large a share of the evaluations did not exceed."""
    ordered = sorted(costs)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] / 1000 if ordered else 0.0
