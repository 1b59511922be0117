"""After any history, with any crashes, the news folds to the rows that stand at the source."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.histories import DELETIONS, History, problem, told


@pytest.mark.parametrize("deletion", DELETIONS)
@settings(max_examples=150)
@given(seed=st.integers(0, 2**32))
def test_news_folds_to_the_rows_at_the_source(deletion: str, seed: int) -> None:
    assert problem(History(seed, deletion).play()) == ""


@pytest.mark.parametrize("deletion", DELETIONS)
@settings(max_examples=150)
@given(seed=st.integers(0, 2**32))
def test_news_folds_to_the_rows_although_frozen_owners_write_on(deletion: str, seed: int) -> None:
    assert problem(History(seed, deletion, frozen=True).play()) == ""


def test_the_histories_are_dense() -> None:
    total: Counter[str] = Counter()
    for seed in range(100):
        history = History(seed)
        total.update(told(history.play()))
        total["crash"] += history.done["crash"]
    assert total["put"] > 2000
    assert total["remove"] > 800
    assert total["unreadable"] > 300
    assert total["redriven"] > 60
    assert total["dismissed"] > 20
    assert total["superseded"] > 100
    assert total["crash"] > 100
