"""What the clock vouches for when contracts change: supplies and feeds that go, and come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from detectors.framework.coverage import Knowledge
from schemas.change import WITHDRAWN, Coverage
from schemas.contract import Contract, load_contracts
from schemas.supply import Supply as Promised
from streams.intake.statements import (
    Hold,
    Numbering,
    Said,
    Statement,
    Statements,
    Supply,
    supplies_of,
)
from streams.vouched import Vouched
from tests.integration.deployment import write_contracts

TRANSFERRED = Promised({"step": ("transferred",)}, date(2020, 1, 1), 0)
ACCEPTED = Promised({"step": ("accepted",)}, date(2020, 1, 1), 0)


class Office:
    """A clock's books and a partition's knowledge, without a log between them."""

    def __init__(self, contract: Contract) -> None:
        self.contracts = {contract.feed: contract}
        self.statements = Statements("coverage")
        self.vouched = Vouched(self.contracts, {})
        self.knowledge = Knowledge()
        self.retracted: tuple[Coverage, ...] = ()

    def say(self, *statements: Statement) -> None:
        for one in statements:
            self.statements.know(one)

    def round(self) -> None:
        self.retracted = self.vouched.taken_back(self.statements)
        self.knowledge.join(self.retracted)
        self.say(*self.vouched.numbering(self.statements))
        self.vouched.take(self.vouched.fresh(self.statements.said(), self.statements), ())
        self.knowledge.join(self.vouched.all())

    def restart(self) -> None:
        """The next clock knows what the last one told."""
        self.vouched = Vouched(self.contracts, dict(self.vouched.known))

    def complete(self, step: str) -> date | None:
        found = self.knowledge.complete("CaseStep", (("step", (step,)),))
        return None if found is None else found.until


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    steps = load_contracts(write_contracts(tmp_path, "c"))["steps"]
    return replace(steps, supplies=(TRANSFERRED, ACCEPTED))


def said(contract: Contract, day: int, number: int = 0, epoch: int = 1) -> Said:
    return Said("steps", epoch, 0, date(2025, 6, day), supplies_of(contract), number)


def test_a_supply_that_left_the_contract_no_longer_answers_and_the_others_do(
    contract: Contract,
) -> None:
    office = Office(contract)
    office.say(said(contract, 20))
    office.round()
    assert (office.complete("transferred"), office.complete("accepted")) == (date(2025, 6, 20),) * 2
    less = replace(contract, supplies=(TRANSFERRED,))
    office.contracts["steps"] = less
    office.round()  # intake has not said so yet
    assert [(c.until, c.number) for c in office.retracted] == [(WITHDRAWN, 1)]
    assert (office.complete("transferred"), office.complete("accepted")) == (
        date(2025, 6, 20),
        None,
    )
    office.say(said(less, 22, number=1))
    office.restart()
    office.round()
    assert (office.complete("transferred"), office.complete("accepted")) == (
        date(2025, 6, 22),
        None,
    )
    office.contracts["steps"] = contract
    office.say(said(contract, 24, number=2))
    office.round()
    office.round()
    assert (office.complete("transferred"), office.complete("accepted")) == (date(2025, 6, 24),) * 2


def test_a_feed_that_left_the_deployment_no_longer_answers_until_it_is_back(
    contract: Contract,
) -> None:
    office = Office(contract)
    office.say(said(contract, 20, number=3))
    office.round()
    del office.contracts["steps"]
    office.restart()
    office.round()
    assert {(c.until, c.number) for c in office.retracted} == {(WITHDRAWN, 4)}
    assert office.complete("accepted") is None
    office.restart()
    office.round()
    assert office.retracted == ()
    office.contracts["steps"] = contract
    office.round()
    assert office.complete("accepted") == date(2025, 6, 20)
    office.say(said(contract, 25, number=3))
    office.round()
    assert office.complete("accepted") == date(2025, 6, 25)
    del office.contracts["steps"]
    office.round()
    assert office.complete("accepted") is None


def test_a_feed_that_left_is_withdrawn_although_nobody_knows_what_was_told(
    contract: Contract,
) -> None:
    office = Office(contract)
    office.say(said(contract, 20))
    office.round()
    del office.contracts["steps"]
    office.vouched = Vouched(office.contracts, {})
    office.round()
    assert office.complete("accepted") is None


def test_a_feed_that_left_leaves_the_answer_to_those_that_stay(contract: Contract) -> None:
    office = Office(contract)
    other = replace(contract, feed="other")
    office.contracts["other"] = other
    office.say(said(contract, 20), Said("other", 1, 0, date(2025, 6, 28), supplies_of(other)))
    office.round()
    assert office.complete("accepted") == date(2025, 6, 20)
    del office.contracts["steps"]
    office.round()
    assert office.complete("accepted") == date(2025, 6, 28)


def test_a_new_epoch_goes_on_from_the_number_of_the_old_one(contract: Contract) -> None:
    office = Office(contract)
    office.say(said(contract, 20, number=3))
    office.round()
    office.contracts["steps"] = replace(contract, epoch=2)
    office.say(said(contract, 25, epoch=2))
    office.round()
    assert office.statements.numbers["steps"] == Numbering("steps", 2, 3)
    office.round()
    assert office.complete("accepted") == date(2025, 6, 25)
    office.say(said(contract, 10, number=1, epoch=2))
    office.round()
    assert office.complete("accepted") == date(2025, 6, 10)


def test_what_an_operator_took_back_stays_so_whatever_the_source_says(contract: Contract) -> None:
    office = Office(contract)
    office.say(said(contract, 20))
    office.round()
    held = Hold("steps", 1, -1, -1, date(2025, 6, 6), "a batch was lost")
    office.say(held, said(contract, 5, number=1))
    office.round()
    assert office.complete("accepted") == date(2025, 6, 5)
    office.say(said(contract, 27, number=1))
    office.round()
    assert office.complete("accepted") == date(2025, 6, 5)
    office.say(Hold("steps", 1, -1, -1, None))
    office.round()
    assert office.complete("accepted") == date(2025, 6, 27)


def test_supplies_are_said_as_the_contract_has_them(contract: Contract) -> None:
    assert supplies_of(contract)[1] == Supply(
        "CaseStep", date(2020, 1, 1), "0 d", {"step": ("accepted",)}
    )
