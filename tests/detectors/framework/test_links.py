"""Chains of duties: each step begins the next, as far as the chain was begun."""

from __future__ import annotations

from datetime import date

import msgspec

from detectors import Calendar, Link, Term, followed
from schemas import CaseStep
from tests import factories as make

CALENDAR = Calendar()
LINKS = (Link("ask", ("asked", "dropped"), ("out", "back")), Link("answer", ("answered",)))


class Terms(msgspec.Struct, frozen=True):
    ask: Term | None = Term("7 d exact")
    answer: Term | None = Term("1 m exact")


def step(code: str, on: date) -> CaseStep:
    return make.case_step(step=code, on=on)


PLAIN = Terms()


def chain(terms: Terms = PLAIN, **steps: date) -> list[tuple[str, date | None, date | None]]:
    rows = {code: [step(code, on)] for code, on in steps.items()}
    found = followed(CALENDAR, date(2025, 3, 3), LINKS, lambda _: terms, rows)
    return [(f.link.rule, f.deadline.due, f.done.on if f.done else None) for f in found]


def test_the_second_duty_begins_when_the_first_is_done() -> None:
    assert chain() == [("ask", date(2025, 3, 10), None)]
    assert chain(asked=date(2025, 3, 20)) == [
        ("ask", date(2025, 3, 10), date(2025, 3, 20)),
        ("answer", date(2025, 4, 20), None),
    ]


def test_another_end_leads_no_further() -> None:
    assert chain(dropped=date(2025, 3, 6)) == [("ask", date(2025, 3, 10), date(2025, 3, 6))]


def test_a_step_before_the_chain_began_is_none_of_it() -> None:
    assert chain(asked=date(2025, 3, 2)) == [("ask", date(2025, 3, 10), None)]


def test_days_between_the_two_steps_are_left_out_and_without_the_second_the_term_is_open() -> None:
    out = date(2025, 3, 5)
    assert chain(out=out, back=date(2025, 3, 9)) == [("ask", date(2025, 3, 15), None)]
    assert chain(out=out) == [("ask", None, None)]


def test_a_law_that_has_no_such_duty_ends_the_chain() -> None:
    assert chain(Terms(ask=None)) == []
