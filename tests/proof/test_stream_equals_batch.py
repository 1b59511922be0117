"""However a history is cut, killed and repeated, the alerts are those that a batch finds."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

import streams.detect.partition
from schemas.alert import Kind, Reason
from tests.proof.histories import Act, Quiet, history, seeds
from tests.proof.runs import CALM, HAUNTED, KILLED, Disturbance, disturb, run
from tests.proof.themes import MODELS, THEMES, Theme
from tests.proof.world import World

seen: dict[str, Counter[str]] = {}


def told(theme: Theme, disturbance: Disturbance, usually: int) -> None:
    kinds: Counter[str] = Counter()
    tried = seeds(usually)
    for seed in tried:
        rng = Random(f"{theme.name}/{seed}/{disturbance}")
        world = World(theme.catalogue, grants=theme.grants, slice_size=rng.choice((1, 2, 3)))
        for transition in run(world, history(theme, seed), rng, disturbance):
            kinds[transition.kind] += 1
            kinds[str(transition.reason)] += 1
    seen[f"{theme.name} {disturbance}"] = kinds
    count = sum(kinds[kind] for kind in Kind)
    print(f"{theme.name}: {len(tried)} histories, {count / len(tried):.1f} transitions each")
    assert count >= theme.at_least * len(tried)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output and state in pieces of two effects, and state in batches of hardly more than one."""
    monkeypatch.setattr(streams.detect.partition, "EFFECTS_AT_MOST", 2)
    monkeypatch.setattr(streams.detect.partition, "BATCH_BYTES", 400)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_whenever_it_is_quiet_the_active_set_is_that_of_the_batch(theme: Theme) -> None:
    told(theme, CALM, 120)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_it_is_so_when_owners_die_at_any_step(theme: Theme) -> None:
    told(theme, KILLED, 60)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_it_is_so_when_frozen_owners_wake_and_write_and_the_broker_compacts(theme: Theme) -> None:
    told(theme, HAUNTED, 60)


def test_the_histories_have_caused_every_kind_of_transition_and_every_reason() -> None:
    if len(seen) < 3 * len(THEMES):
        pytest.skip("counts what the tests above have seen: run the whole file")
    kinds = sum(seen.values(), Counter[str]())
    print(dict(kinds))
    assert [kind for kind in (*Kind, *Reason) if kinds[kind] < 5] == []


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("theme", MODELS, ids=lambda theme: theme.name)
@pytest.mark.parametrize("disturbance", [KILLED, HAUNTED], ids=["killed", "haunted"])
def test_over_one_log_the_ledger_is_the_same_to_the_byte(
    theme: Theme, disturbance: Disturbance
) -> None:
    """No derived records here: they would enter the log at another place, and rightly so."""
    repeats = transitions = 0
    for seed in seeds(30):
        rng = Random(f"{theme.name}/{seed}/log")
        acts = [act for act in history(theme, seed) if not isinstance(act, Quiet)]
        calm = logged(theme, acts)
        calm.drain()
        shaken = logged(theme, acts)
        while any(s.committed < len(s.log) for s in shaken.stored):
            partition = rng.randrange(shaken.partitions)
            disturb(shaken, partition, rng, disturbance)
            shaken.run(partition, rng.randint(1, 6))
        shaken.wake()
        for a, b in zip(calm.stored, shaken.stored, strict=True):
            assert list(dict.fromkeys(b.ledger)) == a.ledger
            assert b.recovered()[0] == a.recovered()[0]
            repeats += len(b.ledger) - len(a.ledger)
            transitions += len(a.ledger)
    print(f"{theme.name}: {transitions} transitions, {repeats} repeats dropped")
    assert repeats > 0


def logged(theme: Theme, acts: list[Act]) -> World:
    """A world in which everything was said and nothing is worked off."""
    world = World(theme.catalogue, grants=theme.grants)
    for act in acts:
        act.on(world)
    return world
