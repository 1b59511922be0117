"""The law of a day and a region, on both sides of every change."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import msgspec
import pytest

from detectors import Law, Spell, Term, load_card
from detectors.framework.card import Card, read_card
from schemas.errors import CardError

from .example import PATH, Terms, raw_card

CARD = load_card(PATH)
LAW = Law(CARD, Terms)


class Band(msgspec.Struct, frozen=True):
    term: Term
    since: date


def card(**parameters: Any) -> Card:
    raw = raw_card()
    raw["parameters"].update(parameters)
    return read_card(raw, "x.toml")


@pytest.mark.parametrize(
    ("day", "region", "term"),
    [
        (date(2024, 11, 25), "", "5 wd"),
        (date(2024, 11, 26), "", "3 wd"),
        (date(2022, 12, 31), "371102", "5 wd"),
        (date(2023, 1, 1), "371102", "2 wd"),
        (date(2024, 11, 26), "371102", "2 wd"),  # the longer region goes before the newer row
        (date(2025, 6, 30), "371102", "2 wd"),
        (date(2025, 7, 1), "371102", "1 wd"),
        (date(2025, 7, 1), "370102", "2 wd"),
        (date(2025, 7, 1), "110101", "3 wd"),
    ],
)
def test_the_row_of_the_day_and_of_the_longest_region_is_in_force(
    day: date, region: str, term: str
) -> None:
    assert LAW.at(day, region).transfer == Term(term)
    row = LAW.in_force("transfer", day, region)
    assert row is not None
    assert row.value == term


def test_before_the_first_row_and_in_a_row_without_value_there_is_no_rule() -> None:
    assert LAW.at(date(2002, 11, 14)).distance_m is None
    assert LAW.in_force("distance_m", date(2002, 11, 14)) is None
    assert LAW.at(date(2002, 11, 15)).distance_m == 200
    assert LAW.at(date(2021, 7, 14)).penalty is None
    row = LAW.in_force("penalty", date(2021, 7, 14))
    assert row is not None
    assert row.value is None
    assert LAW.at(date(2021, 7, 15)).penalty == Term("90 d")


def test_a_first_product_row_also_holds_for_earlier_days() -> None:
    assert LAW.at(date(1950, 1, 1)).transfer == Term("5 wd")
    assert LAW.in_force("transfer", date(1950, 1, 1)) == CARD.parameters["transfer"][0]


def test_a_state_is_cut_where_a_value_changes_and_nowhere_else() -> None:
    found = list(LAW.laws(Spell(date(2020, 1, 1), date(2025, 12, 31))))
    assert [spell for spell, _ in found] == [
        Spell(date(2020, 1, 1), date(2021, 7, 14)),
        Spell(date(2021, 7, 15), date(2024, 11, 25)),
        Spell(date(2024, 11, 26), date(2025, 12, 31)),
    ]
    assert [terms for _, terms in found] == [LAW.at(spell.since) for spell, _ in found]
    assert [s for s, _ in LAW.laws(Spell(date(2025, 1, 1)), "371102")] == [
        Spell(date(2025, 1, 1), date(2025, 6, 30)),
        Spell(date(2025, 7, 1)),
    ]
    assert list(LAW.laws(Spell(date(2025, 1, 2), date(2025, 1, 1)))) == []


def test_a_deployment_replaces_the_rows_of_a_parameter() -> None:
    rows = [
        {
            "value": "9 wd",
            "kind": "product",
            "in_force_from": "1979-01-01",
            "basis": "本地",
            "verified": True,
        }
    ]
    law = Law(CARD, Terms, {"transfer": rows})
    assert law.at(date(2025, 1, 1), "371102").transfer == Term("9 wd")
    assert law.at(date(2025, 1, 1)).penalty == Term("90 d")
    assert CARD.parameters["transfer"][0].value == "5 wd"


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        ({"speed": []}, "overrides.X01.speed: no such parameter; there are distance_m, penalty"),
        ({"transfer": [{"value": "3 wd"}]}, "overrides.X01.transfer[0]: Object missing required"),
        (
            {
                "transfer": [
                    {
                        "value": "3",
                        "kind": "product",
                        "in_force_from": "1979-01-01",
                        "basis": "x",
                        "verified": True,
                    }
                ]
            },
            "parameters.transfer[0].value: '3': '3' is not a term",
        ),
    ],
)
def test_a_wrong_override_is_told_with_its_place(overrides: dict[str, Any], told: str) -> None:
    with pytest.raises(CardError) as error:
        Law(CARD, Terms, overrides)
    assert told in str(error.value)


def test_card_and_code_must_have_the_same_parameters() -> None:
    class Others(msgspec.Struct):
        transfer: Term
        penalty: Term | None
        speed: int | None

    with pytest.raises(CardError) as error:
        Law(CARD, Others)
    assert "Others.speed has no [[parameters.speed]] in the card" in str(error.value)
    assert "parameters.distance_m has no field in Others" in str(error.value)


def test_where_law_begins_one_day_the_type_must_allow_none() -> None:
    class Strict(msgspec.Struct):
        transfer: Term
        penalty: Term
        distance_m: int

    with pytest.raises(CardError) as error:
        Law(CARD, Strict)
    assert "parameters.penalty[0].value: missing, but Strict.penalty does not allow None" in str(
        error.value
    )
    assert "parameters.distance_m: there is no such rule before the first row" in str(error.value)


def test_values_are_of_the_model_s_own_types() -> None:
    class Rich(msgspec.Struct):
        transfer: dict[str, Term] | None
        penalty: tuple[Band, ...] | None
        distance_m: float | None

    row = {"kind": "legal", "in_force_from": date(2000, 1, 1), "basis": "x", "verified": True}
    rich = card(
        transfer=[{**row, "value": {"a": "3 wd"}}],
        penalty=[{**row, "value": [{"term": "1 y", "since": date(2020, 1, 1)}]}],
        distance_m=[{**row, "value": 0.6}],
    )
    terms = Law(rich, Rich).at(date(2025, 1, 1))
    assert terms.transfer == {"a": Term("3 wd")}
    assert terms.penalty == (Band(Term("1 y"), date(2020, 1, 1)),)
    with pytest.raises(CardError, match=r"parameters\.distance_m\[0\]\.value: 'far'"):
        Law(card(distance_m=[{**row, "value": "far"}]), Terms)


def test_an_unknown_parameter_is_an_error_that_names_the_known() -> None:
    with pytest.raises(CardError, match="no parameter 'speed'; there are distance_m, penalty"):
        LAW.in_force("speed", date(2025, 1, 1))


def test_asking_for_the_law_of_a_day_costs_about_a_microsecond() -> None:
    day = date(2025, 1, 1)
    started = time.perf_counter()
    for _ in range(100_000):
        LAW.at(day, "371102")
    assert time.perf_counter() - started < 0.5  # 0.4 us each here; room for a slow machine
