"""Every model keeps the contract of models: discovered, never listed."""

from __future__ import annotations

import pytest

from detectors.framework.registry import Model, discover
from detectors.framework.suite import CHECKS, Check, Suite

MODELS = discover(packs=False).models


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_a_model_keeps_its_contract(model: Model, check: Check) -> None:
    assert list(check(Suite(model))) == []
