"""Numbers of one case: linked by papers, or by the only case that can be meant."""

from __future__ import annotations

from datetime import date
from itertools import permutations

from detectors import SameCase, Spell
from schemas import CaseStep
from tests import factories as make

HELD = Spell(date(2025, 1, 1), date(2025, 6, 30))


def step(case_no: str, other_no: str = "", on: date = date(2025, 3, 3)) -> CaseStep:
    return make.case_step(case_no=case_no, other_no=other_no, on=on)


def test_a_paper_that_names_another_number_makes_both_one_case() -> None:
    same = SameCase([step("B", "A"), step("C", "B")], [("A", HELD)])
    assert same.of("A") == same.of("B") == same.of("C")
    assert same.of("D") == "D"


def test_the_order_of_the_papers_does_not_matter() -> None:
    steps = [step("B", "A"), step("C", "B"), step("E", "D")]
    for order in permutations(steps):
        same = SameCase(order, [("A", Spell(date(2025, 1, 1), date(2025, 1, 31)))])
        assert same.of("A") == same.of("C")
        assert same.of("D") == same.of("E")
        assert same.of("A") != same.of("D")


def test_a_number_that_nothing_links_belongs_to_the_only_case_that_runs_on_its_day() -> None:
    assert SameCase([step("X")], [("A", HELD)]).of("X") == "A"
    assert SameCase([step("X", on=date(2025, 7, 1))], [("A", HELD)]).of("X") == "X"


def test_where_two_cases_run_a_number_that_nothing_links_belongs_to_neither() -> None:
    same = SameCase([step("X")], [("A", HELD), ("B", Spell(date(2025, 2, 1)))])
    assert same.of("X") == "X"


def test_measures_of_one_case_count_once() -> None:
    same = SameCase([step("X")], [("A", HELD), ("A", Spell(date(2025, 2, 1)))])
    assert same.of("X") == "A"


def test_many_linked_numbers_are_followed_without_recursion() -> None:
    steps = [step(f"{n}", f"{n + 1}") for n in range(3_000)]
    same = SameCase(steps, [])
    assert same.of("0") == same.of("3000")
