"""One file says what the law is, and every card agrees with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from detectors.framework.article import Article
from detectors.framework.articles import (
    Entry,
    articles_beside,
    disagreements,
    read_articles,
    used_by,
)
from detectors.framework.registry import Model, discover
from detectors.framework.suite import Suite, articles_agree
from detectors.framework.term import decode_term
from schemas.errors import CardError

MODELS = discover(packs=False).models
OURS = Path(articles_beside.__wrapped__.__code__.co_filename).parents[1]
ARTICLES = articles_beside(OURS)

LAW = {"law": "甲法", "in_force_from": date(2020, 1, 1), "read": "text"}
ENTRY = {"value": "3 m", "quote": "三个月内"}


def told(raw: dict[str, Any]) -> list[str]:
    with pytest.raises(CardError) as caught:
        read_articles(raw, "x.toml")
    return str(caught.value).splitlines()


def test_an_entry_inherits_from_its_instrument_and_takes_its_article_from_its_place() -> None:
    law = {**LAW, "53": {"apply": ENTRY}, "37_1": {"ban": {**ENTRY, "read": "page"}}}
    apply, ban = read_articles({"law": law}, "x").values()
    assert (apply.id, apply.article, apply.law) == ("law.53.apply", "53", "甲法")
    assert (ban.article, apply.verified, ban.verified) == ("37之1", True, False)


def test_a_switch_in_an_entry_of_its_own_wins_over_the_instrument() -> None:
    law = {**LAW, "9": {"a": {**ENTRY, "article": "9第2款", "in_force_from": date(2021, 1, 1)}}}
    (entry,) = read_articles({"law": law}, "x").values()
    assert (entry.article, entry.in_force_from) == ("9第2款", date(2021, 1, 1))


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        ({"value": "3 weeks"}, "x.toml: law.1.a.value: '3 weeks' is no term"),
        ({"value": True}, "x.toml: law.1.a.value: True is no term, number"),
        ({"value": ["3 m", "x"]}, "x.toml: law.1.a.value: 'x' is no term"),
        ({"value": 3, "extensions": ["1 m"]}, "x.toml: law.1.a.extensions: of no term"),
        ({"read": "somewhere"}, "x.toml: law.1.a: Invalid enum value 'somewhere'"),
        ({"quote": "“三个月”"}, "x.toml: law.1.a.quote: "),
        ({"note": "only so"}, "x.toml: law.1.a.note: stands in one language"),
        ({"in_force_until": date(2019, 1, 1)}, "x.toml: law.1.a.in_force_until: 2019-01-01"),
        ({"law": " "}, "x.toml: law.1.a.law: empty"),
    ],
)
def test_each_mistake_is_told_with_its_place(change: dict[str, Any], mistake: str) -> None:
    (line,) = told({"law": {**LAW, "1": {"a": {**ENTRY, **change}}}})
    assert line.startswith(mistake)


def test_all_mistakes_are_told_at_once() -> None:
    wrong = {"Big": ENTRY, "none": {"value": "x"}}
    assert len(told({"law": {**LAW, "1": wrong}, "lawless": {"1": {"a": ENTRY}}})) == 3


def test_a_file_that_cannot_be_read_is_an_error_of_cards(tmp_path: Path) -> None:
    (tmp_path / "articles.toml").write_text("[law", "utf-8")
    with pytest.raises(CardError, match=r"articles\.toml"):
        articles_beside(tmp_path)


def test_a_file_may_hold_no_entry_yet(tmp_path: Path) -> None:
    (tmp_path / "articles.toml").write_text("# none\n", "utf-8")
    assert articles_beside(tmp_path) == ARTICLES


def test_a_pack_adds_articles_and_cannot_replace_ours(tmp_path: Path) -> None:
    file = tmp_path / "articles.toml"
    file.write_text(
        '[city_rule]\nlaw = "某市条例"\nin_force_from = 2020-01-01\nread = "text"\n'
        '3.limit = {value = "5 d"}\n'
    )
    assert articles_beside(tmp_path).keys() - ARTICLES.keys() == {"city_rule.3.limit"}
    articles_beside.cache_clear()
    taken = next(iter(ARTICLES))
    file.write_text(
        f'[{taken}]\nlaw = "某市条例"\nin_force_from = 2020-01-01\nread = "text"\nvalue = "5 d"\n'
    )
    with pytest.raises(CardError, match=f"{taken}: stands in"):
        articles_beside(tmp_path)


ROW: dict[str, Any] = {
    "value": "3 m",
    "kind": "legal",
    "in_force_from": date(2020, 1, 1),
    "basis": "甲法53",
    "verified": True,
    "article": "law.53.apply",
}
FORMER = {**LAW, "law": "甲法(旧)", "in_force_from": date(2010, 1, 1)}
KNOWN = read_articles(
    {
        "law": {
            **LAW,
            "53": {"apply": {**ENTRY, "extensions": ["1 m", "2 m"]}, "duty": {"quote": "及时"}},
            "55": {"sales": {"value": 50_000}},
            "54": {"seen": {"value": "9 m", "read": "page"}},
        },
        "old": {**FORMER, "in_force_until": date(2019, 12, 31), "31": {"apply": ENTRY}},
    },
    "x",
)


def _article(row: dict[str, Any]) -> Article:
    return msgspec.convert(row, Article, dec_hook=decode_term)


def said(*rows: dict[str, Any], name: str = "p") -> list[str]:
    card = msgspec.structs.replace(
        MODELS[0].card, parameters={name: tuple(_article(row) for row in rows)}
    )
    return list(disagreements(card, KNOWN))


def test_a_row_that_says_what_its_article_says_is_in_order() -> None:
    assert said(ROW) == []
    assert said({**ROW, "extensions": ["1 m"]}) == []
    assert said({**ROW, "article": ["law.53.apply", "law.53.duty"]}) == []


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        ({"article": ()}, "parameters.p[0].article: missing"),
        ({"article": "law.53.none"}, "parameters.p[0].article: no entry law.53.none"),
        ({"value": "4 m"}, "parameters.p[0].value: '4 m', but law.53.apply says '3 m'"),
        ({"extensions": ["2 m"]}, "parameters.p[0].extensions: "),
        ({"in_force_from": date(2019, 1, 1)}, "parameters.p[0].in_force_from: "),
        ({"verified": False}, "parameters.p[0].verified: False, but law.53.apply is verified"),
        ({"basis": "乙法53"}, "parameters.p[0].basis: '乙法53' does not name 甲法53"),
        ({"basis": "甲法153"}, "parameters.p[0].basis: '甲法153' does not name 甲法53"),
        ({"article": "law.53.duty"}, "parameters.p[0].value: '3 m' is a quantity"),
        ({"article": "law.53.duty", "value": {"other": 3}}, "parameters.p[0].value: {'other': 3}"),
    ],
)
def test_a_row_that_says_something_else_is_told(change: dict[str, Any], mistake: str) -> None:
    (line,) = said({**ROW, **change})
    assert line.startswith(mistake)


def test_a_row_is_verified_only_if_all_its_articles_are() -> None:
    both = {**ROW, "article": ["law.53.apply", "law.54.seen"], "basis": "甲法53、54"}
    (line,) = said(both)
    assert line == "parameters.p[0].verified: True, but law.54.seen is not"
    assert said({**both, "verified": False}) == []


def test_a_former_law_is_followed_by_the_row_that_took_its_place() -> None:
    former = {**ROW, "basis": "甲法(旧)31", "in_force_from": date(2010, 1, 1)}
    former["article"] = "old.31.apply"
    assert said(former, ROW) == []
    (line,) = said(former)
    assert line == (
        "parameters.p[0].in_force_from: old.31.apply ended on 2019-12-31, "
        "and no later row follows it"
    )


def test_codes_switches_and_product_rows_need_no_quantity_in_the_law() -> None:
    assert said({**ROW, "article": "law.53.duty", "value": ["prison"]}) == []
    assert said({**ROW, "article": "law.53.duty", "value": True}) == []
    assert said({**ROW, "kind": "product", "article": (), "value": "9 d"}) == []


def test_a_parameter_in_fen_is_compared_with_the_yuan_of_the_law() -> None:
    sales = {**ROW, "basis": "甲法55", "article": "law.55.sales"}
    assert said({**sales, "value": 5_000_000}, name="sales_fen") == []
    assert said({**sales, "value": 50_000}, name="sales") == []
    (line,) = said({**sales, "value": 50_000}, name="sales_fen")
    assert line == "parameters.sales_fen[0].value: 50000, but law.55.sales says 5000000"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_every_card_agrees_with_the_articles(model: Model) -> None:
    assert list(articles_agree(Suite(model))) == []


def test_a_card_that_drifts_fails_the_contract_of_models() -> None:
    model = next(model for model in MODELS if model.id == "D01")
    rows = dict(model.card.parameters)
    rows["notice"] = (msgspec.structs.replace(rows["notice"][0], value="30 wd"),)
    drifted = replace(model, card=msgspec.structs.replace(model.card, parameters=rows))
    (line,) = articles_agree(Suite(drifted))
    assert "'30 wd', but social_insurance_handling.25.notice says '20 wd'" in line


@pytest.mark.parametrize("entry", ARTICLES.values(), ids=ARTICLES)
def test_every_entry_is_well_formed(entry: Entry) -> None:
    assert date(1979, 1, 1) <= entry.in_force_from <= date(2030, 1, 1)
    if entry.verified:
        assert not entry.note_in("en") or entry.note_in("zh")
    else:
        assert entry.note_in("en")
        assert entry.note_in("zh")
    for name in (entry.law, *entry.also):
        assert entry.named_by(f"{name} {entry.article}")
    assert not entry.named_by("")


def test_former_and_present_law_do_not_overlap() -> None:
    for entry in ARTICLES.values():
        law, _, rest = entry.id.partition(".")
        present = ARTICLES.get(f"{law.rpartition('_')[0]}.{rest}")
        if present is not None and entry.in_force_until is not None:
            assert entry.in_force_until < present.in_force_from, entry.id


def test_what_no_card_uses_is_known() -> None:
    used = used_by(model.card for model in MODELS)
    assert used.keys() <= ARTICLES.keys()
    assert "D03" in used["admin_penalty.60.decide"]
    print("used by no model:", *sorted(ARTICLES.keys() - used.keys()), sep="\n  ")
