"""Two numbers of one person: the new one's dossier has it all, and a correction undoes that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from detectors.framework.effects import PASSED_ON_TOO_OFTEN
from detectors.framework.registry import discover
from schemas import BenefitPayment
from schemas.alert import Kind, Reason, Transition
from schemas.identifiers import mask_number
from schemas.people import Identity
from schemas.record import Source
from tests import factories as make
from tests.proof.mutants import with_model
from tests.proof.test_scenarios import told
from tests.proof.themes.two_numbers import MERGED, NUMBERS
from tests.proof.world import World

OLD, NEW, THIRD = NUMBERS[:3]
DEATH, PAID = make.death(key="d", person=NEW), make.payment(key="p", person=OLD)


def identity(old: str = OLD, new: str = NEW, key: str = "i", since: str = "2024-03-01") -> Identity:
    source = Source("identity", key, make.POLICE, make.REGION)
    return Identity(source=source, old=old, new=new, since=date.fromisoformat(since))


@pytest.fixture
def world() -> World:
    world = World(MERGED.catalogue, partitions=1)
    world.activate()
    return world


def subject(world: World, number: str) -> str:
    return world.tokens.subject("person", number)


def accounts(told: list[Transition], world: World) -> list[tuple[str, Kind, Reason | None]]:
    of = {subject(world, number): name for number, name in zip(NUMBERS, "ONTX", strict=True)}
    return [(of[t.subject], t.kind, t.reason) for t in told]


def test_a_death_under_one_number_and_a_payment_under_the_other_meet(world: World) -> None:
    world.put(DEATH)
    world.put(PAID)
    assert told(world) == []
    world.put(identity())
    (raised,) = told(world)
    assert (raised.subject, raised.kind) == (subject(world, NEW), Kind.RAISED)
    assert {row.key for row in raised.evidence} == {"d", "p"}
    assert all(row.position is not None and row.position.epoch == 1 for row in raised.evidence)


def test_the_alert_says_under_which_former_number_evidence_stands(world: World) -> None:
    world.put(DEATH)
    world.put(PAID)
    world.put(identity())
    (raised,) = told(world)
    assert raised.former == (mask_number(OLD),)
    assert f"曾用号码 {mask_number(OLD)} 名下" in raised.texts["zh"].subject
    assert f"former number {mask_number(OLD)}" in raised.texts["en"].subject
    assert raised.party_plain == NEW


def test_an_alert_of_the_old_number_is_withdrawn_there_and_raised_with_the_new(
    world: World,
) -> None:
    world.put(make.death(key="d", person=OLD))
    world.put(PAID)
    assert accounts(told(world), world) == [("O", Kind.RAISED, None)]
    world.put(identity())
    assert sorted(accounts(told(world), world)) == [
        ("N", Kind.RAISED, None),
        ("O", Kind.WITHDRAWN, Reason.SOURCE),
    ]


@pytest.mark.parametrize("how", ["removed", "corrected", "unreadable"])
def test_an_identity_that_goes_gives_the_rows_back(world: World, how: str) -> None:
    world.put(make.death(key="d", person=OLD))
    world.put(PAID)
    world.put(identity())
    told(world)
    if how == "removed":
        world.remove("identity", "i")
    elif how == "unreadable":
        world.unreadable("identity", "i")
    else:
        world.put(identity(old=NUMBERS[3]))
    assert sorted(accounts(told(world), world)) == [
        ("N", Kind.WITHDRAWN, Reason.SOURCE),
        ("O", Kind.REOPENED, None),
    ]


def test_a_row_that_the_agency_moves_to_the_new_number_itself_is_one_row(world: World) -> None:
    world.put(DEATH)
    world.put(PAID)
    world.put(identity())
    (raised,) = told(world)
    world.put(make.payment(key="p", person=NEW))
    (again,) = told(world) or [raised]
    assert again.amount_fen == raised.amount_fen
    assert again.evidence_count == raised.evidence_count
    world.remove("identity", "i")
    assert told(world) == []  # it is the new number's own by now


def test_an_unreadable_row_of_the_old_number_is_unreadable_with_the_new(world: World) -> None:
    world.put(DEATH)
    world.put(PAID)
    world.put(identity())
    told(world)
    world.unreadable(PAID.source.feed, "p")
    assert accounts(told(world), world) == [("N", Kind.WITHDRAWN, Reason.UNREADABLE)]


def test_rows_that_came_before_any_rules_are_there_afterwards() -> None:
    world = World(MERGED.catalogue, partitions=1)
    world.put(DEATH)
    world.put(PAID)
    world.put(identity())
    world.drain()
    world.activate()
    assert accounts(told(world), world) == [("N", Kind.RAISED, None)]


def test_the_later_word_decides_which_of_two_numbers_is_the_new_one(world: World) -> None:
    world.put(DEATH)
    world.put(PAID)
    world.put(identity())
    told(world)
    world.put(identity(old=NEW, new=OLD, key="back", since="2024-05-01"))
    assert sorted(accounts(told(world), world)) == [
        ("N", Kind.WITHDRAWN, Reason.SOURCE),
        ("O", Kind.RAISED, None),
    ]


def test_a_circle_ends_and_is_counted(world: World) -> None:
    world.put(DEATH)
    world.put(PAID)
    for n, old in enumerate(NUMBERS[:3]):
        world.put(identity(old, NUMBERS[(n + 1) % 3], f"i{n}"))
    world.drain()
    assert told(world) == []
    assert {f.reason for f in world.limits} == {PASSED_ON_TOO_OFTEN}


def test_whose_row_it_is_knows_the_former_number() -> None:
    seen: list[tuple[bool, bool]] = []

    def asks(dossier, context) -> Iterator[object]:  # type: ignore[no-untyped-def]
        if dossier.of(BenefitPayment):
            seen.append((dossier.is_subject(OLD), dossier.is_subject(THIRD)))
        yield from ()

    world = World(with_model(MERGED.catalogue, asks))  # type: ignore[arg-type]
    world.activate()
    world.put(identity())
    world.put(DEATH)
    world.put(make.payment(key="p", person=NEW))
    told(world)
    assert seen[-1] == (True, False)


def test_what_was_derived_under_the_old_number_is_derived_under_the_new_one_instead() -> None:
    world = World(discover(packs=False).only(("D21",)), partitions=1)
    world.activate()
    world.put(make.death(key="d", person=OLD))
    world.put(make.penalty(key="f", decision_no="F", party=OLD))

    def producers() -> set[str]:
        rows = [row for s in world.boot(0).dossiers.subjects.values() for row in s.dossier.all()]
        ended = [row for row in rows if type(row).__name__ == "PartyEnded"]
        return {row.source.key.partition("/")[0] for row in ended}

    world.drain()
    assert producers() == {subject(world, OLD)}
    world.put(identity())
    world.drain()
    assert producers() == {subject(world, NEW)}
    world.remove("identity", "i")
    world.drain()
    assert producers() == {subject(world, OLD)}


def test_a_dossier_of_many_rows_is_looked_at_once_when_it_is_passed_on(world: World) -> None:
    world.put(DEATH)
    for n in range(400):
        world.put(make.payment(key=f"p{n}", person=OLD))
    world.drain()
    engine = world.boot(world._partition(subject(world, NEW)))
    before = engine.evaluations["D01"]
    world.put(identity())
    (raised,) = told(world)
    assert raised.evidence_count == 401
    assert engine.evaluations["D01"] - before <= 6
