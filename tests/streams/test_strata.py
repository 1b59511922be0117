"""How often the clock asks whether detection has settled before it says what day it is."""

from __future__ import annotations

from dataclasses import replace

from detectors.framework.registry import discover
from streams.district import contracts
from streams.worker import strata
from tests.packs import rings


def test_each_layer_of_derived_records_and_each_number_of_a_person_is_one_step_more() -> None:
    two = discover((rings.__name__,), packs=False)
    none = replace(two, derivations=())
    some = {
        feed: contract for feed, contract in contracts().items() if contract.record != "Identity"
    }
    feed = min(some)
    merged = {**some, feed: replace(some[feed], record="Identity")}
    assert [strata(none, some), strata(two, some)] == [0, 2]
    assert [strata(none, merged), strata(two, merged)] == [2, 8]
