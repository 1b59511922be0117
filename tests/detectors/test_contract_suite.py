"""Every model keeps the contract of models: discovered, never listed."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from detectors.framework.registry import Model, discover
from detectors.framework.suite import CHECKS, Check, Suite, lists_are_what_is_asked

MODELS = discover(packs=False).models


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_a_model_keeps_its_contract(model: Model, check: Check) -> None:
    assert list(check(Suite(model))) == []


def test_a_list_is_asked_and_described_or_neither() -> None:
    model = discover(packs=False).named("D21")
    held = model.card.lists
    lists = {"police_organs": held["police_organs"], "lenders": held["own_power_organs"]}
    card = msgspec.structs.replace(model.card, lists=lists)
    assert list(lists_are_what_is_asked(Suite(replace(model, card=card)))) == [
        "lists.own_power_organs: missing, but the code asks that list",
        "lists.lenders: no case makes the code ask that list",
        "an agency that enforces by itself need not apply, nor remind before: "
        "lists.own_power_organs is not in the card",
    ]
