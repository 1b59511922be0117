"""Cards: what is read, and that every mistake is told with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from detectors import Term, load_card
from detectors.framework.card import read_card
from schemas.errors import CardError

from .example import PATH, raw_card

Break = Callable[[dict[str, Any]], object]


def test_a_card_is_read_whole() -> None:
    card = load_card(PATH)
    assert card.rules == ("transfer",)
    assert card.parameters["penalty"][1].extensions == (Term("30 d"),)
    assert card.parameters["transfer"][0].kind == "product"
    assert card.respond["transfer"].within == Term("3 wd")


@pytest.mark.parametrize(
    ("amount_fen", "raised", "severity"),
    [
        (0, "", "low"),
        (99_999, "", "low"),
        (100_000, "", "medium"),
        (1_000_000, "", "high"),
        (0, "high", "high"),
        (1_000_000, "low", "high"),
    ],
)
def test_severity_is_raised_by_amount_and_finding_and_never_lowered(
    amount_fen: int, raised: str, severity: str
) -> None:
    assert load_card(PATH).severity_of(amount_fen, raised) == severity


MISTAKES: list[tuple[Break, str]] = [
    (lambda c: c.pop("misses"), "misses: missing"),
    (lambda c: c.update(colour="red"), "colour: no such part of a card; the parts are id, family"),
    (lambda c: c.update(id="D 03"), "id: 'D 03' is made of letters"),
    (lambda c: c["title"].pop("en"), "title: Object missing required field `en`"),
    (lambda c: c["title"].update(en=" "), "title.en: empty"),
    (lambda c: c.update(permissions=["all"]), "permissions: 'all' is none of custody, juvenile"),
    (lambda c: c["severity"].update(default="grave"), "severity: Invalid enum value 'grave'"),
    (lambda c: c["severity"].update(medium_fen=9_999_999), "severity: medium_fen must lie below"),
    (lambda c: c["respond"].clear(), "respond.transfer: missing; every rule says what to do"),
    (
        lambda c: c["respond"].update(review={"zh": "x", "en": "x"}),
        "respond.review: there are no texts.review",
    ),
    (
        lambda c: c["respond"]["transfer"].update(within="3 days"),
        "respond.transfer: '3 days' is not a",
    ),
    (lambda c: c["texts"]["transfer"].pop("en"), "texts.transfer.en: missing"),
    (lambda c: c["texts"]["transfer"].update(fr={}), "texts.transfer.fr: languages are zh and en"),
    (lambda c: c["texts"]["transfer"]["zh"].update(summe=""), "texts.transfer.zh: Object contains"),
    (
        lambda c: c["texts"]["transfer"]["zh"]["facts"].pop(),
        "texts.transfer: 2 facts in zh, 3 in en",
    ),
    (
        lambda c: c["texts"]["transfer"]["zh"].pop("done_late"),
        "done_late stands in one language only",
    ),
    (lambda c: c["false_positives"].update(zh=[]), "false_positives.zh: at least one"),
    (lambda c: c["inputs"].update(Decision="kind"), "inputs: Expected `array`, got `str`"),
    (lambda c: c["parameters"].update(x=[]), "parameters.x: one or more rows"),
    (lambda c: c["parameters"]["penalty"][1].pop("kind"), "parameters.penalty[1].kind: a row with"),
    (
        lambda c: c["parameters"]["penalty"][0].pop("verified"),
        "parameters.penalty[0]: Object missing",
    ),
    (
        lambda c: c["parameters"]["penalty"][0].update(basis=""),
        "parameters.penalty[0].basis: names",
    ),
    (
        lambda c: c["parameters"]["penalty"].reverse(),
        "parameters.penalty[1].in_force_from: 1979-01-01 does not follow 2021-07-15",
    ),
    (
        lambda c: c["parameters"]["transfer"][2].update(region="Shandong"),
        "parameters.transfer[2].region: 'Shandong' is no prefix",
    ),
    (
        lambda c: c["parameters"]["penalty"][1].update(extensions=["30"]),
        "parameters.penalty[1]: '30' is not a term",
    ),
]


@pytest.mark.parametrize(("broken", "told"), MISTAKES, ids=[told for _, told in MISTAKES])
def test_a_mistake_is_told_with_its_place(broken: Break, told: str) -> None:
    raw = raw_card()
    broken(raw)
    with pytest.raises(CardError) as error:
        read_card(raw, "x.toml")
    assert f"x.toml: {told}" in str(error.value) or told in str(error.value)
    assert str(error.value).startswith("x.toml: ")


def test_one_mistake_does_not_hide_the_next() -> None:
    raw = raw_card()
    raw["colour"] = "red"
    del raw["misses"]
    del raw["parameters"]["penalty"][1]["kind"]
    raw["parameters"]["transfer"][0]["in_force_from"] = "soon"
    del raw["texts"]["transfer"]["en"]
    with pytest.raises(CardError) as error:
        read_card(raw, "x.toml")
    assert len(str(error.value).splitlines()) == 5


def test_what_is_no_toml_is_told_with_line_and_file(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("id = \n", "utf-8")
    with pytest.raises(CardError, match=r"broken\.toml: .*line 1"):
        load_card(path)
    with pytest.raises(CardError, match=r"nowhere\.toml"):
        load_card(tmp_path / "nowhere.toml")
