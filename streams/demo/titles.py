"""What the models are called, as their cards say."""

from __future__ import annotations

from detectors.framework.registry import discover


def model_titles(language: str) -> dict[str, str]:
    """Title by model id, in order."""
    return {model.id: getattr(model.card.title, language) for model in discover().models}
