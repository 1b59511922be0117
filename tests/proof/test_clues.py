"""Alerts against one agency are counted in its dossier, and one clue covers those of one kind."""

from __future__ import annotations

from datetime import date

import msgspec

from schemas.alert import Kind, Reason, Transition, alert_id
from tests import factories as make
from tests.proof.runs import check
from tests.proof.themes.governance_clue import CLUES
from tests.proof.world import World

DEATH = make.death(key="d")


def paid(n: int, agency: str = make.PENSIONS) -> make.BenefitPayment:
    return make.payment(key=f"p{n}", benefit_no=f"B{n}", agency=agency)


def ticked(world: World, day: int) -> list[Transition]:
    """What the clue's dossier was told of, after a tick."""
    world.drain()
    world.tick(date(2024, 7, day))
    world.drain()
    return [t for t in check(world) if t.model == "类案"]


def begun(payments: int = 5, **decisions: object) -> World:
    world = World(CLUES.catalogue)
    world.activate(**decisions)
    world.put(DEATH)
    for n in range(payments):
        world.put(paid(n))
    return world


def test_four_are_few_and_the_fifth_makes_a_clue_against_the_agency() -> None:
    world = begun(4)
    assert ticked(world, 1) == []
    world.put(paid(4))
    (clue,) = ticked(world, 2)
    assert (clue.subject, clue.agency) == (f"agency:{make.PENSIONS}", make.PENSIONS)
    assert clue.obligation == "D01/paid_after_death"
    facts = msgspec.json.decode(clue.facts)
    told = [t for t in world.history() if t.model == "D01"]
    assert (facts["clues"], facts["amount_fen"]) == (5, sum(t.amount_fen for t in told))
    assert sorted(facts["members"]) == sorted(t.alert for t in told)
    assert {row.kind for row in clue.evidence} == {"ClueCount"}


def test_the_clue_names_agency_and_model_in_words() -> None:
    world = begun(agencies={make.PENSIONS: ("东港人社局", "Donggang Social Insurance Bureau")})
    (clue,) = ticked(world, 1)
    title = CLUES.catalogue.model("D01").card.title
    assert clue.texts["zh"].title == f"同类线索 5 件：{title.zh}"
    assert clue.texts["en"].title == f"5 clues of one kind: {title.en}"
    assert clue.texts["zh"].subject == f"对象：东港人社局（{make.PENSIONS}）"
    assert clue.texts["en"].subject.startswith("Subject: Donggang Social Insurance Bureau (")
    assert make.person() not in str(clue.texts)


def test_many_new_members_between_two_ticks_are_one_revision() -> None:
    world = begun()
    assert len(ticked(world, 1)) == 1
    for n in range(5, 12):
        world.put(paid(n))
    told = ticked(world, 2)
    assert [(t.kind, msgspec.json.decode(t.facts)["clues"]) for t in told] == [
        (Kind.RAISED, 5),
        (Kind.UPDATED, 12),
    ]


def test_a_clue_that_is_withdrawn_is_taken_off_and_one_that_ends_with_it_too() -> None:
    world = begun()
    ticked(world, 1)
    world.remove(paid(0).source.feed, "p0")
    last = ticked(world, 2)[-1]
    assert (last.kind, last.reason) == (Kind.WITHDRAWN, Reason.SOURCE)
    world.put(paid(0))
    assert ticked(world, 3)[-1].kind is Kind.REOPENED


def test_an_alert_that_turns_against_another_agency_counts_there() -> None:
    world = begun(6)
    ticked(world, 1)
    world.put(paid(0, make.MARKET))
    last = ticked(world, 2)[-1]
    assert (last.kind, msgspec.json.decode(last.facts)["clues"]) == (Kind.UPDATED, 5)


def test_the_office_below_is_told_where_the_deployment_names_it() -> None:
    """Whose row an alert begins with, if the deployment says that it lies below the agency."""
    world = begun(5, lists={"offices": (f"{make.PENSIONS}/{make.MARKET}",)})
    (clue,) = ticked(world, 1)
    assert msgspec.json.decode(clue.facts)["offices"] == []
    world.put(make.death(key="d", agency=make.MARKET))
    facts = msgspec.json.decode(ticked(world, 2)[-1].facts)
    assert [(s["office"], s["clues"]) for s in facts["offices"]] == [(make.MARKET, 5)]


def test_what_was_told_before_anybody_counted_is_counted_with_the_next_rules() -> None:
    whole = CLUES.catalogue
    world = World(whole.only(("D01",)))
    world.hash = World(whole).hash
    world.activate()
    world.put(DEATH)
    for n in range(5):
        world.put(paid(n))
    world.drain()
    assert all(b"ClueCount" not in (r.value or b"") for s in world.stored for r in s.log)
    world.catalogue = whole
    world.engines = [None] * world.partitions
    world.activate()
    (clue,) = ticked(world, 1)
    assert clue.alert == alert_id("类案", f"agency:{make.PENSIONS}", "D01/paid_after_death")


def test_who_does_not_count_makes_no_rows() -> None:
    world = World(CLUES.catalogue.only(("D01",)))
    world.activate()
    world.put(DEATH)
    world.put(paid(1))
    world.drain()
    assert len(world.history()) == 1
    assert all(b"ClueCount" not in (r.value or b"") for s in world.stored for r in s.log)
