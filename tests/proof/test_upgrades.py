"""What another version of the code or of a contract leaves behind must still end."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from detectors.framework.registry import Catalogue
from schemas.alert import Kind, Reason
from tests import factories as make
from tests.proof.themes.benefits_after_death import D01
from tests.proof.world import World

DEATH, PAID = make.death(key="d"), make.payment(key="p")


def without_texts(catalogue: Catalogue, model: str) -> Catalogue:
    """A later version whose card calls the model's rules otherwise."""
    old = catalogue.model(model)
    renamed = {f"{rule}_anew": texts for rule, texts in old.card.texts.items()}
    card = msgspec.structs.replace(old.card, texts=renamed)
    later = replace(old, card=card)
    models = tuple(later if one.id == model else one for one in catalogue.models)
    return replace(catalogue, models=models)


@pytest.mark.parametrize("disabled", [(), ("D01",)])
def test_an_alert_of_a_rule_that_was_renamed_is_withdrawn(disabled: tuple[str, ...]) -> None:
    world = World(D01.catalogue)
    world.activate()
    world.put(DEATH)
    world.put(PAID)
    world.drain()
    world.catalogue = without_texts(D01.catalogue, "D01")
    world.engines = [None] * world.partitions
    if disabled:
        world.activate(disabled=disabled)
    else:
        world.remove("death", "d")
    world.drain()
    assert world.failures == []
    raised, withdrawn = world.history()
    assert (raised.kind, withdrawn.kind) == (Kind.RAISED, Kind.WITHDRAWN)
    assert withdrawn.reason is (Reason.RULES if disabled else Reason.SOURCE)
    assert withdrawn.texts == {}
