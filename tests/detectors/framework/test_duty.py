"""What becomes of a duty: in time, late, not due, not covered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from detectors import (
    Calendar,
    Deadline,
    Judged,
    Outcome,
    Spell,
    Stage,
    Term,
    Waiting,
    legal_calendar,
    performed,
    standing,
)
from schemas.record import Record

START, DUE = date(2025, 3, 3), date(2025, 3, 13)
DEADLINE = Deadline(START, "10 d", DUE)


class Asked:
    """Answers from one day and one coverage, and keeps the questions."""

    def __init__(self, as_of: date, covered: bool = False) -> None:
        self.as_of, self.complete = as_of, covered
        self.days: list[date] = []
        self.questions: list[tuple[type[Record], Spell, dict[str, object]]] = []

    @property
    def calendar(self) -> Calendar:
        return legal_calendar()

    def reached(self, day: date) -> bool:
        self.days.append(day)
        return self.as_of >= day

    def covered(self, kind: type[Record], spell: Spell, /, **which: object) -> bool:
        self.questions.append((kind, spell, which))
        return self.complete


class Step(Record):
    pass


class Other(Record):
    pass


def judged(as_of: date, covered: bool, done: date | None = None, **named: Any) -> Judged:
    return performed(Asked(as_of, covered), DEADLINE, done, refuted_by=Step, **named)


def test_on_the_last_day_it_is_pending_and_on_the_next_it_holds() -> None:
    assert judged(DUE, True) == Judged(Outcome.PENDING)
    assert judged(DUE + timedelta(1), True) == Judged(Outcome.HOLDS)


def test_without_coverage_nothing_is_said_to_be_missing() -> None:
    found = judged(DUE + timedelta(100), False)
    assert found == Judged(Outcome.PENDING, waiting=Waiting.NOT_COVERED)


def test_coverage_is_asked_from_the_start_to_the_due_day_for_every_type() -> None:
    context = Asked(DUE + timedelta(1))
    performed(context, DEADLINE, None, refuted_by=(Step, Other), step="transferred")
    asked = Spell(START, DUE)
    assert context.questions == [(k, asked, {"step": "transferred"}) for k in (Step, Other)]


def test_in_time_is_reported_too() -> None:
    assert judged(DUE, False, DUE) == Judged(Outcome.LAPSED)


@pytest.mark.parametrize(("legal", "outcome"), [(True, Outcome.CURED), (False, Outcome.LAPSED)])
def test_late_is_a_fault_only_under_a_legal_term(legal: bool, outcome: Outcome) -> None:
    assert judged(DUE, False, DUE + timedelta(1), legal=legal) == Judged(outcome)


def test_a_notice_holds_from_its_day_to_the_due_day() -> None:
    notice = Term("3 d")
    assert judged(date(2025, 3, 9), True, notice=notice) == Judged(Outcome.PENDING)
    assert judged(date(2025, 3, 10), False, notice=notice) == Judged(Outcome.HOLDS, Stage.NOTICE)
    assert judged(DUE, False, notice=notice) == Judged(Outcome.HOLDS, Stage.NOTICE)
    assert judged(DUE + timedelta(1), True, notice=notice) == Judged(Outcome.HOLDS)


def test_a_notice_in_working_days_leaves_the_weekend_out() -> None:
    context = Asked(START)
    performed(context, DEADLINE, None, refuted_by=Step, notice=Term("4 wd"))
    assert context.days == [date(2025, 3, 7)]


def test_a_paused_duty_waits_without_a_wake_up() -> None:
    context = Asked(date(2030, 1, 1), True)
    paused = Deadline(START, "10 d", None)
    assert performed(context, paused, None, refuted_by=Step) == Judged(Outcome.PENDING)
    assert not context.days
    assert performed(context, paused, date(2026, 1, 1), refuted_by=Step).outcome == Outcome.LAPSED


def test_a_duty_without_an_end_does_not_crash() -> None:
    context = Asked(date(2030, 1, 1), True)
    forever = Deadline(START, "9999 y", date.max)
    assert performed(context, forever, None, refuted_by=Step) == Judged(Outcome.PENDING)


@pytest.mark.parametrize(
    ("as_of", "outcome"),
    [
        (START - timedelta(1), Outcome.PENDING),
        (START, Outcome.HOLDS),
        (DUE, Outcome.HOLDS),
        (DUE + timedelta(1), Outcome.LAPSED),
    ],
)
def test_a_state_stands_on_the_days_of_its_spell(as_of: date, outcome: Outcome) -> None:
    assert standing(Asked(as_of), Spell(START, DUE)) == outcome


def test_an_open_state_stands() -> None:
    assert standing(Asked(date(2030, 1, 1)), Spell(START)) == Outcome.HOLDS
