"""The table that is kept for the README is of the catalogue as it is, and says that all is well."""

from __future__ import annotations

from detectors.framework.registry import discover
from tests.catalogue.chosen import with_lives
from tests.catalogue.markdown import stored
from tests.catalogue.trade_off import SCORES
from tests.oracle.oracle import ORACLES

#: Counts the alerts of all others: what it finds is planted with them, not apart.
OVER_OTHERS = {"类案"}


def test_every_model_has_lives_in_the_district() -> None:
    models = {model.id for model in discover(packs=False).models}
    assert {model.id for model in with_lives().models} == models - OVER_OTHERS


def test_the_kept_table_has_every_model_and_nothing_was_missed_or_raised_in_vain() -> None:
    """`make catalogue` makes it anew."""
    table = stored()
    assert table.made.people >= 50_000
    assert table.made.organisations >= 5_000
    assert (table.made.until - table.made.since).days >= 3 * 365
    assert {line.model for line in table.models} == {m.id for m in with_lives().models}
    for line in table.models:
        assert line.planted == line.found > 0, line
        assert line.look_alikes > 0, line
        assert not line.false, line
    assert {one.model for one in table.agreements} == {*ORACLES}
    for one in table.agreements:
        assert one.agreed > 0 == one.only_model == one.only_oracle, one


def test_every_score_is_shown_at_its_own_threshold_and_at_others() -> None:
    kept = {(one.model, one.rule): one.points for one in stored().trade_offs}
    assert set(kept) == {(one.model, one.rule) for one in SCORES}
    for points in kept.values():
        (own,) = (point for point in points if point.card)
        assert own.found == own.planted
        assert not own.false
        assert len({point.recall for point in points} | {point.precision for point in points}) > 1
