"""What a model or a derivation may read is checked when it is found, not when it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from detectors.framework.dossier import Dossier
from detectors.framework.registry import _mistakes, _stratified, derivation
from schemas.derived import ClueCount
from schemas.people import Identity
from schemas.record import Record
from tests.packs.rings.words import Firm
from tests.proof.themes.benefits_after_death import D01


@derivation(subject="organisation", reads=(Firm,), yields=(ClueCount,))
def counts(dossier: Dossier) -> Iterator[Record]:
    """Counts by itself what the engine counts."""
    yield from ()


@derivation(subject="person", reads=(Identity,), yields=())
def follows(dossier: Dossier) -> Iterator[Record]:
    """Follows numbers by itself."""
    yield from ()


def test_clues_are_counted_by_the_engine_alone() -> None:
    mistakes: list[str] = []
    _stratified([counts], mistakes)
    assert mistakes == ["counts: ClueCount is made of findings, above all derivations"]


def test_numbers_are_followed_by_the_engine_alone() -> None:
    (model,) = D01.catalogue.models
    detector: Any = replace(model.detector, reads=(*model.detector.reads, Identity))
    found = list(_mistakes([replace(model, detector=detector)], [follows]))
    assert found == [
        "D01: Identity is followed before any model reads a row",
        "follows: Identity is followed before any model reads a row",
    ]
