"""The contracts of the district: they load, fit the tables, and cover what the models read."""

from __future__ import annotations

from datetime import date

import pytest

from detectors.framework.registry import discover
from schemas.contract import Contract
from schemas.mapping import Mapper
from schemas.subject import Tokens
from streams.district import TABLES, captured_contracts, contracts
from streams.district.lives import load

CONTRACTS = contracts()
PLANTED = sorted({life.model for life in load() if life.sort == "planted"})


@pytest.mark.parametrize("model", PLANTED)
def test_every_type_that_a_model_with_lives_reads_has_a_feed(model: str) -> None:
    read = {
        cls.__name__ for cls in discover(packs=False).model(model).detector.reads if not cls.DERIVED
    }
    assert read <= {contract.record for contract in CONTRACTS.values()}


def test_all_four_envelopes_and_all_three_meanings_of_a_deletion_occur() -> None:
    assert {c.envelope for c in CONTRACTS.values()} == {"debezium", "canal", "maxwell", "plain"}
    assert {c.deletion.meaning for c in CONTRACTS.values()} == {"correction", "expiry", "ends"}


@pytest.mark.parametrize("feed", TABLES)
def test_a_contract_fits_its_table(feed: str) -> None:
    contract, table = CONTRACTS[feed], TABLES[feed]
    assert (contract.topic, contract.table, contract.key) == (table.topic, table.name, table.key)
    assert contract.envelope == table.agency.envelope
    # Plain messages say what they are; a table named there would be that of none of them.
    said_in = None if contract.envelope == "plain" else table.coverage_name
    assert (contract.coverage.table or None) == said_in
    assert set(Mapper(contract, Tokens("x")).columns) <= set(table.columns)
    assert {supply.lag_days for supply in contract.supplies} == {table.lag_days}


def test_contracts_can_be_had_in_one_envelope_and_for_another_first_day() -> None:
    for envelope in ("debezium", "canal", "maxwell", "plain"):
        found = contracts(envelope=envelope, since=date(2023, 5, 1))
        assert {contract.envelope for contract in found.values()} == {envelope}
        assert {s.since for c in found.values() for s in c.supplies} == {date(2023, 5, 1)}


def test_captured_contracts_take_statements_from_a_topic_of_their_own() -> None:
    found: dict[str, Contract] = captured_contracts()
    assert {c.envelope for c in found.values()} == {"debezium"}
    assert all(c.coverage.topic == f"agency.{c.coverage.table}" for c in found.values())
