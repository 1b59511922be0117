"""What the engine does, one story each: absence, silence, deadlines, endings, rules, failures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest

from detectors.framework.context import Context
from detectors.framework.dossier import Dossier
from detectors.framework.finding import Finding
from schemas.alert import Kind, Reason, Status, Transition
from schemas.change import Coverage
from tests import factories as make
from tests.proof.mutants import with_model
from tests.proof.runs import check
from tests.proof.theme import Theme
from tests.proof.themes.benefits_after_death import D01
from tests.proof.themes.licence_after_drink_or_drugs import D11
from tests.proof.themes.mixed import MIXED
from tests.proof.themes.not_prosecuted_not_punished import D03
from tests.proof.themes.rings import RINGS
from tests.proof.world import World

DEATH, PAID = make.death(key="d"), make.payment(key="p")  # died 15 March 2024, paid for April


def begun(theme: Theme, **decisions: Any) -> World:
    world = World(theme.catalogue)
    world.activate(**decisions)
    return world


def steps(
    until: date, since: date = date(2020, 1, 1), number: int = 0, step: str = "transferred"
) -> Coverage:
    which = {"step": (step,), "organ": ("procuratorate",)}
    return Coverage("case-step", "CaseStep", since, until, which, number)


def told(world: World, day: date | None = None, *known: Coverage) -> list[Transition]:
    """What was told since the last question, after all is worked off (and the clock came)."""
    before = world.__dict__.setdefault("told", 0)
    world.drain()
    if day is not None:
        world.tick(day, known)
        world.drain()
    history = check(world)
    world.__dict__["told"] = len(history)
    return history[before:]


def kinds(transitions: list[Transition]) -> list[Kind]:
    return [t.kind for t in transitions]


# ---- what rows do


def test_a_payment_after_a_death_is_told_and_a_cancelled_death_takes_it_back() -> None:
    world = begun(D01)
    world.put(DEATH)
    world.put(PAID)
    (raised,) = told(world)
    assert (raised.kind, raised.status, raised.revision) == (Kind.RAISED, Status.HOLDS, 1)
    world.put(make.death(key="d", cancelled=True))
    (withdrawn,) = told(world)
    assert (withdrawn.kind, withdrawn.reason, withdrawn.revision) == (
        Kind.WITHDRAWN,
        Reason.SOURCE,
        2,
    )
    assert withdrawn.facts == raised.facts  # what ends says what it was


def test_a_new_true_death_after_a_withdrawal_is_a_reopening_with_a_new_revision() -> None:
    world = begun(D01)
    world.put(DEATH)
    world.put(PAID)
    world.put(make.death(key="d", cancelled=True))
    world.put(DEATH)
    assert [(t.kind, t.revision) for t in told(world)] == [
        (Kind.RAISED, 1), (Kind.WITHDRAWN, 2), (Kind.REOPENED, 3),
    ]  # fmt: skip


def test_money_given_back_cures_and_money_given_back_first_is_told_once_as_cured() -> None:
    refund = make.refund(key="r", refunded_on=date(2024, 5, 2), amount_fen=278_000)
    world = begun(D01)
    for record in (DEATH, PAID, refund):
        world.put(record)
    assert kinds(told(world)) == [Kind.RAISED, Kind.CURED]
    world = begun(D01)
    for record in (DEATH, refund, PAID):
        world.put(record)
    (once,) = told(world)
    assert (once.kind, once.status) == (Kind.RAISED, Status.CURED)


def test_a_record_that_moves_to_another_person_ends_the_alert_here_and_raises_it_there() -> None:
    world = begun(D01)
    world.put(DEATH)
    world.put(PAID)
    world.put(make.payment(key="q", person=make.person(2)))
    assert kinds(told(world)) == [Kind.RAISED]
    world.put(make.death(key="d", person=make.person(2)))
    moved = told(world)
    assert sorted(t.kind for t in moved) == [Kind.RAISED, Kind.WITHDRAWN]
    assert len({t.subject for t in moved}) == 2


def test_an_unreadable_change_withdraws_and_a_later_full_row_reopens() -> None:
    world = begun(D01)
    world.put(DEATH)
    world.put(PAID)
    told(world)
    world.unreadable("death", "d")
    (withdrawn,) = told(world)
    assert withdrawn.reason is Reason.UNREADABLE
    world.put(DEATH)
    assert kinds(told(world)) == [Kind.REOPENED]


def test_a_redrive_comes_at_its_old_position_and_not_over_a_later_change() -> None:
    world = begun(D01)
    world.put(DEATH)
    world.put(PAID)
    world.unreadable("benefitpayment", "p")
    world.redrive(make.payment(key="p", amount_fen=5))
    assert told(world)[-1].amount_fen == 5
    world.unreadable("benefitpayment", "p")
    world.put(make.payment(key="p", amount_fen=7))
    world.redrive(make.payment(key="p", amount_fen=6))
    assert told(world)[-1].amount_fen == 7


def test_a_late_repeat_of_a_frozen_intake_changes_nothing() -> None:
    world = begun(D01)
    world.put(DEATH)
    world.put(PAID)
    world.put(make.payment(key="p", amount_fen=0))
    told(world, date(2024, 6, 1))
    for index in range(len(world.sent)):
        world.repeat(index)
    assert told(world, date(2024, 6, 2)) == []


@pytest.mark.parametrize("theme", [D01, D03, D11, RINGS], ids=lambda theme: theme.name)
def test_a_snapshot_of_everything_in_a_new_epoch_is_no_transition(theme: Theme) -> None:
    world, rng = begun(theme), Random(1)
    feeds = set()
    for _ in range(40):
        record = theme.draw(rng)
        feeds.add(record.source.feed)
        world.put(record)
    world.drain()
    assert told(world, theme.until, *theme.statements(rng, theme.until, 0)) or world.history()
    for feed in sorted(feeds):
        world.renew(feed)
    assert told(world, theme.until) == []


def test_an_obligation_that_another_replaces_over_the_same_evidence_is_superseded() -> None:
    world = begun(MIXED)
    licence = make.licence(
        key="L", issued_on=date(2015, 1, 1), ended_on=date(2024, 5, 1), end_kind="revoked"
    )
    world.put(licence)
    world.put(make.traffic_check(key="C", check_no="one"))
    first = told(world)
    world.put(make.traffic_check(key="C", check_no="two"))
    second = told(world)
    ended = next(t for t in second if t.kind is Kind.SUPERSEDED)
    heir = next(t for t in second if t.kind is Kind.RAISED)
    assert ended.alert in {t.alert for t in first}
    assert (ended.superseded_by, heir.replaces) == (heir.alert, ended.alert)


# ---- absence, coverage, deadlines


def test_three_working_days_across_spring_festival_end_on_the_fifth_of_february() -> None:
    """Decided on Friday 24 January; 26 January is worked, the holidays run to 4 February."""
    world = begun(D03)
    world.put(make.decision(decided_on=date(2025, 1, 24)))
    assert told(world, date(2025, 2, 5), steps(date(2025, 2, 4))) == []
    assert told(world, date(2025, 2, 6), steps(date(2025, 2, 4))) == []  # not yet known for the 5th
    (raised,) = told(world, date(2025, 2, 6), steps(date(2025, 2, 5)))
    assert raised.kind is Kind.RAISED
    assert b'"due":"2025-02-05"' in bytes(raised.facts)
    (proof,) = raised.looked_for
    assert (proof.asked_since, proof.asked_until) == (date(2025, 1, 24), date(2025, 2, 5))
    assert proof.complete_until == date(2025, 2, 5)


def test_a_source_that_stops_raises_nothing_until_it_has_caught_up_and_others_go_on() -> None:
    """The steps of transfer stop; the reviews' feed goes on, and its deadlines with it."""
    world = begun(D03)
    world.put(make.decision())
    world.put(make.decision(decision_no="N2", key="n2", case_no="other"))
    world.put(make.case_step(key="s", case_no="other", step="accepted", on=date(2025, 2, 5)))
    first = told(
        world,
        date(2025, 3, 1),
        steps(date(2025, 2, 1)),
        steps(date(2025, 2, 28), step="review_ended"),
    )
    assert [t.rule for t in first] == ["review"]
    assert told(world, date(2025, 6, 1), steps(date(2025, 2, 1))) == []
    caught_up = told(world, date(2025, 6, 2), steps(date(2025, 6, 1)))
    assert [(t.rule, t.kind) for t in caught_up] == [("transfer", Kind.RAISED)]


def test_a_source_that_catches_up_with_the_refuting_row_never_accuses() -> None:
    world = begun(D03)
    world.put(make.decision())
    told(world, date(2025, 6, 1), steps(date(2025, 1, 20)))
    world.put(make.case_step(key="s", step="transferred", on=date(2025, 1, 27)))
    assert told(world, date(2025, 6, 2), steps(date(2025, 6, 1))) == []


def test_a_source_whose_history_begins_after_the_duty_proves_nothing() -> None:
    world = begun(D03)
    world.put(make.decision())
    assert told(world, date(2025, 6, 1), steps(date(2025, 5, 31), since=date(2025, 1, 25))) == []


def test_a_row_that_cannot_be_read_withholds_the_proof() -> None:
    world = begun(D03)
    world.put(make.decision())
    world.put(make.case_step(key="s", step="extended", on=date(2025, 1, 27)))
    world.unreadable("casestep", "s")
    assert told(world, date(2025, 6, 1), steps(date(2025, 5, 31))) == []
    world.remove("casestep", "s")
    assert kinds(told(world)) == [Kind.RAISED]


def test_coverage_that_is_taken_back_withdraws_and_given_again_reopens() -> None:
    world = begun(D03)
    world.put(make.decision())
    told(world, date(2025, 3, 1), steps(date(2025, 2, 28)))
    world.retract([steps(date(2025, 1, 31), number=1)])
    (withdrawn,) = told(world)
    assert withdrawn.reason is Reason.COVERAGE
    assert kinds(told(world, date(2025, 3, 1), steps(date(2025, 3, 1), number=1))) == [
        Kind.REOPENED
    ]


def test_a_clock_that_knows_less_takes_nothing_back() -> None:
    world = begun(D03)
    world.put(make.decision())
    told(world, date(2025, 3, 1), steps(date(2025, 2, 28)))
    assert told(world, date(2025, 2, 1), steps(date(2025, 1, 20))) == []


def test_a_pause_that_moves_an_open_deadline_withdraws_as_moved() -> None:
    world = begun(D03)
    world.put(make.decision())
    world.put(make.case_step(key="t", step="accepted", on=date(2025, 2, 5)))
    (raised,) = told(world, date(2025, 3, 1), steps(date(2025, 2, 28), step="review_ended"))
    assert raised.rule == "review"
    world.put(make.pause(key="p", since=date(2025, 2, 6)))
    (withdrawn,) = told(world)
    assert withdrawn.reason is Reason.DEADLINE_MOVED


def test_what_turns_out_to_have_been_done_in_time_lapses_and_done_late_is_cured() -> None:
    for day, kind in ((date(2025, 2, 5), Kind.LAPSED), (date(2025, 2, 6), Kind.CURED)):
        world = begun(D03)
        world.put(make.decision())
        told(world, date(2025, 3, 1), steps(date(2025, 2, 28)))
        world.put(make.case_step(key="t", step="transferred", on=day))
        assert kinds(told(world)) == [kind]


def test_a_lawful_reason_ends_an_alert_and_names_itself() -> None:
    world = begun(D03)
    world.put(make.decision())
    told(world, date(2025, 3, 1), steps(date(2025, 2, 28)))
    world.put(make.decision(revoked_on=date(2025, 3, 2)))
    (withdrawn,) = told(world)
    assert (withdrawn.reason, withdrawn.excuse) == (Reason.EXEMPT, "decision_revoked")


def test_a_deadline_that_passes_while_nothing_runs_is_told_when_something_does() -> None:
    world = begun(D03)
    world.put(make.decision())
    world.tick(date(2025, 1, 25), [steps(date(2025, 1, 24))])
    world.drain()
    world.engines = [None] * world.partitions
    for day in (date(2025, 2, 6), date(2025, 2, 7), date(2025, 8, 1)):
        world.tick(day, [steps(day)])  # the clock ran, detection did not
    assert kinds(told(world)) == [Kind.RAISED]


def test_before_the_first_tick_no_day_has_come() -> None:
    world = begun(D03)
    world.put(make.decision(decided_on=date(1999, 1, 4)))
    assert told(world) == []


# ---- rules


def test_before_rules_are_activated_rows_are_kept_and_nothing_is_told() -> None:
    world = World(D01.catalogue)
    world.put(DEATH)
    world.put(PAID)
    assert told(world, date(2024, 6, 1)) == []
    world.activate()
    assert kinds(told(world)) == [Kind.RAISED]


def test_acts_before_the_day_from_which_a_model_acts_are_not_told_and_end_when_it_moves() -> None:
    world = begun(D01, acts_from={"D01": date(2024, 3, 16)})
    world.put(DEATH)
    world.put(PAID)
    assert told(world) == []
    world.activate(acts_from={"D01": date(2024, 3, 15)})
    assert kinds(told(world)) == [Kind.RAISED]
    world.activate(acts_from={"D01": date(2024, 3, 16)})
    (withdrawn,) = told(world)
    assert withdrawn.reason is Reason.RULES


def test_a_model_that_is_switched_off_withdraws_and_goes_on_with_the_next_revision() -> None:
    world = begun(D01)
    world.put(DEATH)
    world.put(PAID)
    told(world)
    world.activate(disabled=("D01",))
    (withdrawn,) = told(world)
    assert withdrawn.reason is Reason.RULES
    world.activate()
    (again,) = told(world)
    assert (again.kind, again.revision) == (Kind.REOPENED, 3)


def test_a_permission_taken_away_hides_and_given_back_shows() -> None:
    """A sealed penalty makes drinking again cost the licence."""
    world = begun(D11, grants=("public_security",))
    world.put(make.licence(key="L"))
    world.put(make.traffic_check(key="C", bac_mg=30, on=date(2024, 6, 1)))
    world.put(
        make.penalty(
            key="F",
            cause="drink_driving",
            decided_on=date(2024, 1, 5),
            sealed_basis="public_security",
        )
    )
    licences = Coverage(
        "licence", "Licence", date(2000, 1, 1), date(2024, 8, 31), {"kind": ("driving",)}
    )
    assert kinds(told(world, date(2024, 9, 1), licences)) == [Kind.RAISED]
    world.activate(grants=())
    assert [t.reason for t in told(world)] == [Reason.RULES]
    world.activate(grants=("public_security",))
    assert kinds(told(world)) == [Kind.REOPENED]


def test_an_older_or_repeated_rules_message_is_a_no_op() -> None:
    world = begun(D01)
    world.put(DEATH)
    world.put(PAID)
    told(world)
    world.everywhere(world.rules_message)
    assert told(world) == []


# ---- failures


def test_a_model_that_raises_is_a_failure_and_the_others_go_on() -> None:
    def raises(dossier: Dossier, context: Context[Any]) -> Iterator[Finding]:
        if any(row.name == "乙" for row in dossier.of(type(DEATH))):
            raise RuntimeError("a mistake in a model")
        yield from D01.catalogue.model("D01").detector.evaluate(dossier, context)

    world = World(with_model(MIXED.catalogue, raises))
    world.activate()
    world.put(DEATH)
    world.put(PAID)
    world.put(
        make.licence(
            key="L", issued_on=date(2015, 1, 1), ended_on=date(2024, 5, 1), end_kind="revoked"
        )
    )
    world.drain()
    world.put(make.death(key="d", name="乙"))
    world.put(make.traffic_check(key="C"))
    world.put(make.death(key="e", person=make.person(2)))
    world.put(make.payment(key="q", person=make.person(2)))
    world.drain()
    assert {failure.model for failure in world.failures} == {"D01"}
    alerts = {(t.model, t.subject): t.kind for t in world.history()}
    assert sorted(kind for _, kind in alerts.items()) == [Kind.RAISED] * 3
    assert {model for model, _ in alerts} == {"D01", "D11"}


def test_a_message_that_cannot_be_read_is_passed_over() -> None:
    world = begun(D01)
    world.put(DEATH)
    for partition in range(world.partitions):
        world._append(partition, b"no message")
    world.put(PAID)
    assert kinds(told(world)) == [Kind.RAISED]
