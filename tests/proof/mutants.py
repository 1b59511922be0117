"""Ways to break what the proofs prove: models and engines with one rule switched off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from detectors.framework.context import Context
from detectors.framework.dossier import Dossier
from detectors.framework.finding import Finding
from detectors.framework.registry import Catalogue

Evaluate = Callable[[Dossier, Context[Any]], Iterator[Finding]]


def with_model(catalogue: Catalogue, evaluate: Evaluate) -> Catalogue:
    """The catalogue, its first model evaluating otherwise."""
    first, *rest = catalogue.models
    changed = replace(first, detector=replace(first.detector, evaluate=evaluate))
    return replace(catalogue, models=(changed, *rest))
