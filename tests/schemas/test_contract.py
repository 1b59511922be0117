"""A contract is read whole or refused with every mistake, its place and what is legal there."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract import load_contract, load_contracts, read_contract
from schemas.errors import ContractError
from tests.schemas.contracts import ALL, JUDGMENTS, PAYMENTS, PENALTIES, contract


def mistakes(text: str, *changes: tuple[str, str]) -> list[str]:
    with pytest.raises(ContractError) as caught:
        contract(text, *changes)
    return caught.value.mistakes


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_a_legal_contract_is_read(text: str) -> None:
    read = load_contract(text)
    assert read.record_class.__name__ == read.record
    assert read.key
    assert read.decode_options["table"] == read.table


def test_a_contract_says_what_it_supplies_and_how_that_is_known() -> None:
    read = load_contract(PAYMENTS)
    assert read.supplies[0].which == {"scheme": ("employee_pension",)}
    assert (read.supplies[0].since, read.supplies[0].lag_days) == (date(2015, 1, 1), 2)
    assert read.coverage.mode == "heartbeat"
    assert load_contract(PENALTIES).coverage.mode == "none"
    assert load_contract(JUDGMENTS).deletion.field == "ban_until"


def test_every_mistake_is_told_at_once_with_its_line() -> None:
    found = mistakes(
        PAYMENTS,
        ('unit = "yuan"', 'unit = "元"'),
        ('envelope = "plain"', 'envelope = "ogg"'),
        ('"110" = "employee_pension"', '"110" = "pension"'),
        ('lag = "2 d"', 'lag = "two days"'),
    )
    places = {
        "envelope": 'envelope = "plain"',
        "fields.scheme.codes.110": "scheme = {",
        "fields.amount_fen.unit": "amount_fen",
        "supplies[0].lag": "lag =",
    }
    lines = {
        f"{place} (line {PAYMENTS[: PAYMENTS.index(text)].count(chr(10)) + 1})"
        for place, text in places.items()
    }
    assert {mistake.split(":")[0] for mistake in found} == lines
    assert len(found) == 4
    assert any("fen, yuan, wan" in mistake for mistake in found)


@pytest.mark.parametrize(
    ("text", "old", "new", "says"),
    [
        (PAYMENTS, 'kind = "money", unit = "yuan"', 'kind = "money"', "amount_fen.unit"),
        (PAYMENTS, 'kind = "money", unit = "yuan"', 'kind = "integer"', "legal: money"),
        (PAYMENTS, ', kind = "person"', "", "legal: person"),
        (PAYMENTS, 'record = "BenefitPayment"', 'record = "Payment"', "BenefitPayment"),
        (PAYMENTS, 'key = ["lsh"]', "key = []", "a list of texts that is not empty"),
        (PAYMENTS, 'feed = "pension-payments"', 'feed = "Pension"', "small letters"),
        (PAYMENTS, 'format = "%Y%m"', 'format = "%Y"', "no form of a date"),
        (PAYMENTS, 'format = "%Y%m"', 'format = "epoch_ms"', "zone"),
        (PAYMENTS, 'benefit_no = {column = "dybh"}\n', "", "fields.benefit_no"),
        (PAYMENTS, 'benefit_no = {column = "dybh"}', 'benefit_no = "dybh"', "legal: a table"),
        (PAYMENTS, '{column = "dybh"}', '{column = "dybh", unit = "fen"}', "is not known here"),
        (
            PAYMENTS,
            'scheme = ["employee_pension"]',
            'scheme = ["养老"]',
            "supplies[0].which.scheme",
        ),
        (PAYMENTS, 'scheme = ["employee_pension"]', 'schem = ["x"]', "no field to ask by"),
        (PAYMENTS, "since = 2015-01-01", 'since = "2015-01-01"', "a date without quotes"),
        (PAYMENTS, 'mode = "heartbeat"', 'mode = "none"', "could never be used"),
        (PAYMENTS, 'envelope = "plain"', 'envelope = "canal"', "coverage.until"),
        (PAYMENTS, 'deletion = "correction"', 'identity = "masked"\ndeletion = "expiry"', "masked"),
        (PAYMENTS, 'deletion = "correction"', 'deletion = "gone"', "{ends"),
        (PAYMENTS, 'deletion = "correction"', 'deletion = {ends = "month"}', "returned_on"),
        (PAYMENTS, 'region = "371102"', 'region = "东港区"', "six digits"),
        (PAYMENTS, 'region = "371102"', 'region = "371102"\nflattened = true', "Debezium"),
        (PAYMENTS, 'region = "371102"', 'region = "371102"\ncolumns = ["a"]', "lsh"),
        (PAYMENTS, 'region = "371102"', 'region = "371102"\ntime_zone = "Peking"', "time zone"),
        (PAYMENTS, 'region = "371102"', 'region = "371102"\nepoch = 0', "a whole number from 1"),
        (PENALTIES, '"theft"', '"stealing"', "drunk_driving"),
        (PENALTIES, '"public_security"', '"secret"', "juvenile"),
        (PENALTIES, 'kind = "number"', 'kind = "text"', "number, case_no"),
        (PENALTIES, "factor = 1000", 'factor = "many"', "fields.mass_g.factor"),
        (JUDGMENTS, 'of = "organisation"', 'of = "text"', "legal: organisation"),
        (JUDGMENTS, '{value = "guilty"}', '{value = "convicted"}', "acquitted"),
        (JUDGMENTS, '{value = "guilty"}', "{value = 1}", "legal: a text"),
        (JUDGMENTS, '"盗窃罪" = "264"', '"盗窃罪" = "盗窃"', "fields.charges.codes"),
    ],
)
def test_a_mistake_is_told_with_what_is_legal(text: str, old: str, new: str, says: str) -> None:
    found = mistakes(text, (old, new))
    assert any(says in mistake for mistake in found), found


def test_an_agencys_code_with_a_wrong_check_character_is_a_mistake() -> None:
    code = load_contract(PAYMENTS).agency.value
    wrong = f"{str(code)[:-1]}{'0' if str(code)[-1] != '0' else '1'}"
    assert "check character" in mistakes(PAYMENTS, (str(code), wrong))[0]


def test_text_that_is_no_toml_is_told_with_its_line() -> None:
    with pytest.raises(ContractError, match="line 2"):
        load_contract('feed = "x"\ntopic = x\n')


def test_a_folder_is_read_by_feed_and_its_mistakes_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(PAYMENTS, "utf-8")
    (tmp_path / "b.toml").write_text(PENALTIES, "utf-8")
    assert set(load_contracts(tmp_path)) == {"pension-payments", "penalties"}
    (tmp_path / "c.toml").write_text(PAYMENTS, "utf-8")
    (tmp_path / "d.toml").write_text("feed = 1", "utf-8")
    with pytest.raises(ContractError) as caught:
        load_contracts(tmp_path)
    assert any("c.toml" in m and "already" in m for m in caught.value.mistakes)
    assert any("d.toml: feed" in m for m in caught.value.mistakes)


def test_a_folder_without_contracts_and_a_file_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="one contract per feed"):
        load_contracts(tmp_path)
    with pytest.raises(ContractError, match="cannot be read"):
        load_contract(tmp_path / "none.toml")


TOML_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.dates()
    | st.datetimes()
    | st.sampled_from(["date", "money", "list", "party", "wan", "epoch_ms", "%Y%m%d", "expiry"]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside),
    max_leaves=8,
).filter(lambda value: value is not None)


def places(table: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a parsed contract."""
    inside = table.items() if isinstance(table, dict) else enumerate(table)
    found = []
    for key, value in inside:
        found.append((*path, key))
        if isinstance(value, (dict, list)):
            found += places(value, (*path, key))
    return found


@given(st.dictionaries(st.text(max_size=12), TOML_VALUES, max_size=6))
def test_any_table_is_read_or_refused_by_a_contract_error(table: dict[str, Any]) -> None:
    with pytest.raises(ContractError) as caught:
        read_contract(table)
    assert all(": " in mistake for mistake in caught.value.mistakes)


@given(st.sampled_from(sorted(ALL)), st.data())
def test_a_damaged_contract_is_read_or_refused_by_a_contract_error(
    name: str, data: st.DataObject
) -> None:
    table = tomllib.loads(ALL[name])
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(table)))
        around = table
        for key in path[:-1]:
            around = around[key]
        if data.draw(st.booleans()):
            around[path[-1]] = data.draw(TOML_VALUES)
        elif isinstance(around, dict):
            del around[path[-1]]
            if data.draw(st.booleans()):
                around[data.draw(st.text(max_size=8))] = data.draw(TOML_VALUES)
    try:
        read_contract(table, text=ALL[name])
    except ContractError as error:
        assert error.mistakes  # noqa: PT017 anything else fails by itself
