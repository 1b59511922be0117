"""The models that the district has lives for: those that can be judged on it."""

from __future__ import annotations

from detectors.framework.registry import Catalogue, discover
from streams.district.lives import load


def with_lives() -> Catalogue:
    """The catalogue without the models that no life of the district plants anything for."""
    planted = {life.model for life in load() if life.sort == "planted"}
    catalogue = discover(packs=False)
    return catalogue.only([model.id for model in catalogue.models if model.id in planted])
