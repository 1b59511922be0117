"""Templates, renderers, tables and the check of templates against facts."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import Deadline, Spell, Term, legal_calendar, load_card
from detectors.framework.card import Card, read_card
from detectors.framework.chain import chain
from detectors.framework.check_texts import check_texts
from detectors.framework.plain import fen_words, spell_words, term_words
from detectors.framework.template import Place, TemplateError, parse
from detectors.framework.texts import render
from detectors.framework.words import charge, lists, word
from schemas.errors import CardError
from schemas.field_rule import slots_of
from schemas.record import RECORD_TYPES

from .example import PATH, Facts, Month, raw_card

CARD = load_card(PATH)
CALENDAR = legal_calendar()
MONTHS = tuple(
    Month(
        date(2024 + n // 12, n % 12 + 1, 1),
        "停发" if n > 5 else "暂停",
        278_000 if n < 9 else 289_230,
    )
    for n in range(3, 14)
)


def changed(language: str = "zh", **texts: Any) -> Card:
    raw = raw_card()
    raw["texts"]["transfer"][language].update(texts)
    return read_card(raw, "x.toml")


def shown(template: str, facts: object, language: str = "zh") -> str:
    card = changed("zh", title=template) if language == "zh" else changed("en", title=template)
    return render(card, "transfer", language, cured=False, facts=facts).title  # type: ignore[arg-type]


def test_a_rule_is_told_in_both_languages() -> None:
    zh = render(CARD, "transfer", "zh", cured=False, facts=Facts())
    assert zh.title == "逾期未移送（期限 2025-02-05）"
    assert zh.facts == (
        "2025-01-24，本院作出东检刑不诉〔2025〕12号（相对不起诉），危险驾驶（刑法133条之一）。",
    )
    en = render(CARD, "transfer", "en", cured=False, facts=Facts())
    assert en.title == "Not passed on in time (due 2025-02-05)"
    assert "discretionary non-prosecution; dangerous driving (Criminal Law 133-1)" in en.facts[0]


def test_late_performance_has_its_own_title_and_sentence() -> None:
    parts = render(CARD, "transfer", "zh", cured=True, facts=Facts(done_on=date(2025, 2, 12)))
    assert parts.title == "逾期移送（2025-02-12）"
    assert parts.facts[1] == "2025-02-12 已移送。"


def test_facts_as_json_made_them_give_the_same_text() -> None:
    facts = Facts(months=MONTHS, paid_fen=3, done_on=date(2025, 2, 12))
    plain = msgspec.json.decode(msgspec.json.encode(facts))
    for language in ("zh", "en"):
        for cured in (True, False):
            assert render(CARD, "transfer", language, cured=cured, facts=facts) == render(
                CARD, "transfer", language, cured=cured, facts=plain
            )


def test_an_unknown_rule_is_an_error_that_names_the_known() -> None:
    with pytest.raises(CardError, match=r"no texts\.review; there are transfer"):
        render(CARD, "review", "zh", cured=False, facts=Facts())


def test_the_spring_festival_deadline_is_counted_day_by_day() -> None:
    deadline = CALENDAR.deadline(date(2025, 1, 24), Term("3 wd"))
    zh, en = chain(deadline, "zh", CALENDAR), chain(deadline, "en", CALENDAR)
    assert zh.split("。") == [
        "起算日 2025-01-24（星期五，当日不计）",
        "01-25 周末不计，第1个工作日 01-26（星期日，调休上班），第2个 01-27，"
        "01-28 至 02-04 春节放假不计，第3个 02-05",
        "期限届满日 2025-02-05",
        "无中止",
        "",
    ]
    assert en.split(". ") == [
        "From 2025-01-24 (a Friday, not counted)",
        "01-25 weekend; working day 1: 01-26 (a Sunday worked in exchange); day 2: 01-27; "
        "01-28 to 02-04 Spring Festival; day 3: 02-05",
        "Due 2025-02-05",
        "No suspension.",
    ]


def test_a_long_count_names_its_ends_its_holidays_and_its_made_up_days() -> None:
    text = chain(CALENDAR.deadline(date(2025, 1, 20), Term("15 wd")), "zh", CALENDAR)
    assert "第1个工作日 01-21" in text
    assert "01-26（星期日，调休上班）" in text
    assert "春节放假不计" in text
    assert "第15个 02-14" in text
    assert "第2个" not in text


@pytest.mark.parametrize(
    ("deadline", "told"),
    [
        (
            CALENDAR.deadline(
                date(2025, 8, 31), Term("1 m"), [Spell(date(2025, 9, 5), date(2025, 9, 9))]
            ),
            "2025-09-05 至 2025-09-09 中止，5 日不计。末日 2025-10-05（星期日）为国庆节，"
            "顺延至 2025-10-09（星期四）",
        ),
        (
            CALENDAR.deadline(
                date(2025, 3, 3), Term("3 wd"), [Spell(date(2025, 3, 4), date(2025, 3, 10))]
            ),
            "03-04 至 03-10 中止不计，第1个工作日 03-11",
        ),
        (
            CALENDAR.deadline(date(2025, 3, 3), Term("3 wd"), [Spell(date(2025, 3, 4))]),
            "自 2025-03-04 起中止，未见结束，届满日未定",
        ),
        (CALENDAR.deadline(date(2026, 12, 30), Term("9 wd")), "放假安排未知"),
        (Deadline(date(2025, 1, 1), "2 m", date(2025, 3, 20)), "以文书载明或者批准的期限为准"),
        (Deadline(date(2025, 1, 1), "", date(2025, 3, 20)), "以文书载明或者批准的期限为准"),
        (CALENDAR.deadline(date(2025, 9, 3), Term("1 m exact")), "期限1个月（不顺延）"),
    ],
)
def test_what_moved_a_deadline_is_told(deadline: Deadline, told: str) -> None:
    assert told in chain(deadline, "zh", CALENDAR)
    assert chain(deadline, "en", CALENDAR)


def test_months_are_shown_by_runs_with_subtotals_and_the_sum() -> None:
    rows = shown("{months:table}", Facts(months=MONTHS)).splitlines()
    assert rows == [
        "| 月份 | 性质 | 每月 | 小计 |",
        "| --- | --- | --- | --- |",
        "| 2024-04 至 2024-06（3） | 暂停 | 2,780.00 | 8,340.00 |",
        "| 2024-07 至 2024-09（3） | 停发 | 2,780.00 | 8,340.00 |",
        "| 2024-10 至 2025-02（5） | 停发 | 2,892.30 | 14,461.50 |",
        "| 合计 11 个月 |  |  | 31,141.50 |",
    ]
    gap = tuple(m for m in MONTHS if m.month != date(2024, 5, 1))
    assert "| 2024-04（1） |" in shown("{months:table}", Facts(months=gap)).replace(" 暂停 |", "")


class Member(msgspec.Struct):
    name: str
    registered_on: date
    tax_fen: int
    abnormal: bool
    case_no: str | None = None


def test_a_matrix_has_one_row_for_each_item_and_names_its_columns() -> None:
    members = {
        "members": [
            Member("甲商贸", date(2025, 3, 4), 0, True),
            Member("a|b", date(2025, 3, 5), 120, False),
        ]
    }
    text = shown(
        "{members:matrix|name=公司,registered_on=登记日,tax_fen=纳税,abnormal=异常,case_no=涉案}",
        members,
    )
    assert text.splitlines()[0] == "| 公司 | 登记日 | 纳税 | 异常 | 涉案 |"
    assert text.splitlines()[2] == "| 甲商贸 | 2025-03-04 | 0.00 | ✓ | – |"
    assert text.splitlines()[3] == "| a¦b | 2025-03-05 | 1.20 | – | – |"


@pytest.mark.parametrize(
    ("template", "facts", "text"),
    [
        ("{x}", {"x": None}, "—"),
        ("{x}", {"x": True}, "是"),
        ("{x}", {"x": 12}, "12"),
        ("{x:fen}", {"x": -123_450}, "-¥1,234.50"),
        ("{x:term}", {"x": "3 wd"}, "3个工作日"),
        ("{x:spell}", {"x": {"since": "2025-01-01"}}, "2025-01-01 起"),
        ("{x:month}", {"x": date(2025, 3, 1)}, "2025-03"),
        ("{x:percent}", {"x": 6 / 7}, "86%"),
        ("{x:no}", {"x": "11371102MB2857000X/东检意〔2025〕3号"}, "东检意〔2025〕3号"),
        ("{doc_no}", {"doc_no": "11371102MB2857000X/东检意〔2025〕3号"}, "东检意〔2025〕3号"),
        ("{x:party}", {"x": "王小明"}, "王＊＊"),
        ("{x:code}", {"x": ["低保", "nothing_known"]}, "最低生活保障金、nothing_known"),
        ("{x:code|Restraint.kind}", {"x": "arrest"}, "逮捕"),
        ("{x:date}", {"x": [date(2025, 1, 1), date(2025, 1, 2)]}, "2025-01-01、2025-01-02"),
        ("{x.y:each|[{z}]}", {"x": {"y": [{"z": 1}, {"z": 2}]}}, "[1][2]"),
        (
            "{x:each|{.:date}；}",
            {"x": [date(2025, 1, 1), date(2025, 1, 2)]},
            "2025-01-01；2025-01-02",
        ),
        (
            "{x:each|{.:date}; }.",
            {"x": [date(2025, 1, 1), date(2025, 1, 2)]},
            "2025-01-01; 2025-01-02.",
        ),
        ("{x:count}", {"x": []}, "0"),
        ("{x:age}", {"x": "80 y"}, "80周岁"),
        ("{x:age}", {"x": "6 m"}, "6个月"),
        ("{x:plural|day}", {"x": 1}, "1 day"),
        ("{x:plural|day}", {"x": [1, 2]}, "2 days"),
        ("{x:plural|day is|days are} left", {"x": 0}, "0 days are left"),
        ("尚欠{x:given|（{x:fen}）}", {"x": 100}, "尚欠（¥1.00）"),
        ("尚欠{x:given|（{x:fen}）}", {"x": None}, "尚欠"),
        ("尚欠{x:given|（{x:fen}）}", {"x": 0}, "尚欠"),
    ],
)
def test_a_value_is_shown_as_its_renderer_says(template: str, facts: Any, text: str) -> None:
    assert shown(template, facts) == text


def test_one_code_has_the_word_of_the_types_that_the_card_reads() -> None:
    assert word("arrest", "zh", field="kind", kinds=("Restraint",)) == "逮捕"
    assert word("arrest", "zh", field="kind", kinds=("Decision",)) == "批准逮捕"
    assert word("revoked", "en", field="end_reason", kinds=("CorrectionSpell",)) == "revoked"
    assert charge("266", "en") == "fraud (Criminal Law 266)"
    assert charge("120-11", "zh") == "刑法120条之十一"
    assert charge("120-11", "en") == "Criminal Law 120-11"


def test_a_card_brings_words_for_its_own_codes() -> None:
    raw = raw_card()
    raw["words"] = {"awaiting": {"zh": "在押未决", "en": "awaiting verdict"}}
    raw["texts"]["transfer"]["zh"]["title"] = "{kind:code}"
    card = read_card(raw, "x.toml")
    parts = render(card, "transfer", "zh", cured=False, facts={"kind": "awaiting", "months": []})
    assert parts.title == "在押未决"


def test_every_code_of_every_record_type_has_a_word() -> None:
    missing = [
        f"{name}.{field}: {code}"
        for name, kind in RECORD_TYPES.items()
        if kind.__module__.startswith("schemas.")
        for field, codes in kind.CODES.items()
        for code in codes
        if code not in lists().get(f"{name}.{field}", lists().get(field, {}))
    ]
    assert missing == []


def test_every_record_type_has_a_word() -> None:
    ours = {name for name, kind in RECORD_TYPES.items() if kind.__module__.startswith("schemas.")}
    assert ours <= lists()["record"].keys()


def test_every_field_of_every_record_type_has_a_word() -> None:
    ours = [kind for kind in RECORD_TYPES.values() if kind.__module__.startswith("schemas.")]
    fields = {slot.attribute for kind in ours for slot in slots_of(kind).values()}
    assert sorted(fields - lists()["field"].keys()) == []


@given(st.integers(-(10**15), 10**15))
def test_fen_lose_nothing(fen: int) -> None:
    text = fen_words(fen).replace(",", "").replace("¥", "")
    whole, _, cents = text.lstrip("-").partition(".")
    assert (int(whole) * 100 + int(cents)) * (-1 if text.startswith("-") else 1) == fen


@pytest.mark.parametrize(
    ("term", "zh", "en"),
    [
        ("1 d exact", "1日（不顺延）", "1 day, not rolled on"),
        ("2 m", "2个月", "2 months"),
        ("1 y", "1年", "1 year"),
        ("as stated", "as stated", "as stated"),
    ],
)
def test_a_term_has_words(term: str, zh: str, en: str) -> None:
    assert (term_words(term, "zh"), term_words(term, "en")) == (zh, en)


def test_an_open_spell_has_no_end() -> None:
    assert spell_words(Spell(date(2025, 1, 1)), "en") == "from 2025-01-01"


@pytest.mark.parametrize(
    "template", ["{x", "x}", "{}", "{x:}", "{X}", "{x y}", "{x:each|{y}", "{x:1}"]
)
def test_a_template_that_cannot_be_read_is_refused(template: str) -> None:
    with pytest.raises(TemplateError):
        parse(template)


def written(place: Place) -> str:
    how = f":{place.renderer}" if place.renderer else ""
    return (
        "{"
        + (".".join(place.path) or ".")
        + how
        + (f"|{place.option}" if place.option else "")
        + "}"
    )


@given(st.text(alphabet="{}:.ax", max_size=12))
def test_any_template_is_read_or_refused(template: str) -> None:
    try:
        parts = parse(template)
    except TemplateError:
        return
    assert "".join(part if isinstance(part, str) else written(part) for part in parts) == template


def test_the_example_passes_its_check() -> None:
    check_texts(CARD, "transfer", Facts)


@pytest.mark.parametrize(
    ("language", "texts", "told"),
    [
        (
            "zh",
            {"title": "{decided}"},
            "texts.transfer.zh.title: {decided}: no such fact; there are agency",
        ),
        ("en", {"sum": "{deadline:chain}"}, "texts.transfer.en: Facts.paid_fen is printed nowhere"),
        (
            "zh",
            {"done_late": "x", "facts": ["{decided_on:date}", "{agency}", "{kind:code}"]},
            "Facts.done_on",
        ),
        (
            "zh",
            {"title": "{deadline.end:date}"},
            "{deadline.end:date}: no such fact; there are start",
        ),
        ("zh", {"title": "{paid_fen}"}, "{paid_fen}: an amount in fen is printed with :fen"),
        (
            "zh",
            {"title": "{paid_fen:yuan}"},
            "{paid_fen:yuan}: no such renderer; there are age, chain",
        ),
        ("zh", {"title": "{kind:date}"}, "{kind:date}: cannot print str"),
        ("zh", {"title": "{kind:table}"}, "{kind:table}: table needs a list"),
        ("zh", {"title": "{deadline}"}, "{deadline}: cannot print Deadline; choose a renderer"),
        ("en", {"title": "{paid_fen:fen"}, "texts.transfer.en.title: '{' is not closed"),
        (
            "zh",
            {"title": "{months:each|{amount:fen}}"},
            "{amount:fen}: no such fact; there are month",
        ),
        ("zh", {"title": "{months:table|month,sum}"}, "no column 'sum'; there are month, standing"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_place(
    language: str, texts: dict[str, Any], told: str
) -> None:
    if "facts" in texts:
        raw = raw_card()
        raw["texts"]["transfer"][language].update(texts)
        card = read_card(raw, "x.toml")
    else:
        card = changed(language, **texts)
    with pytest.raises(CardError) as error:
        check_texts(card, "transfer", Facts)
    assert told in str(error.value)


def test_a_fact_inside_a_list_that_no_template_prints_is_told() -> None:
    raw = raw_card()
    for language in ("zh", "en"):
        texts = raw["texts"]["transfer"][language]
        texts["facts"][2] = "{months:each|{month:month} {amount_fen:fen}}"
        texts["sum"] = "{deadline:chain} {paid_fen:fen} {months:count}"
    with pytest.raises(CardError) as error:
        check_texts(read_card(raw, "x.toml"), "transfer", Facts)
    assert str(error.value).splitlines() == [
        "model X01: texts.transfer.zh: Facts.months.standing is printed nowhere",
        "model X01: texts.transfer.en: Facts.months.standing is printed nowhere",
    ]


class WithTerm(msgspec.Struct):
    deadline: Term


def test_facts_hold_what_can_be_encoded() -> None:
    with pytest.raises(CardError, match=r"deadline: facts are encoded; write str"):
        check_texts(CARD, "transfer", WithTerm)


class Days(msgspec.Struct):
    days: tuple[date, ...]


def test_a_list_of_plain_values_is_printed_by_each() -> None:
    raw = raw_card()
    for language in ("zh", "en"):
        raw["texts"]["transfer"][language] = {"title": "x", "facts": ["{days:each|{.:date}; }"]}
    check_texts(read_card(raw, "x.toml"), "transfer", Days)
    raw["texts"]["transfer"]["zh"]["facts"] = ["{days:each|on a day; }"]
    with pytest.raises(CardError, match=r"Days\.days is printed nowhere"):
        check_texts(read_card(raw, "x.toml"), "transfer", Days)


class Weight(msgspec.Struct):
    weighed_kg: int


class Weights(msgspec.Struct):
    weights: tuple[Weight, ...]
    doubted: bool


def weights(sum_: str) -> Card:
    raw = raw_card()
    for language in ("zh", "en"):
        raw["texts"]["transfer"][language] = {"title": "x", "facts": [], "sum": sum_}
    return read_card(raw, "x.toml")


def test_a_column_without_a_word_is_named_in_the_template() -> None:
    check_texts(weights("{weights:table|weighed_kg=kg} {doubted}"), "transfer", Weights)
    with pytest.raises(CardError, match="column 'weighed_kg' has no word; name it in the option"):
        check_texts(weights("{weights:table} {doubted}"), "transfer", Weights)


def test_what_is_said_only_where_a_fact_is_given_is_checked_against_the_same_facts() -> None:
    many = "{doubted:given|{weights:plural|weight}: {weights:each|{weighed_kg} kg; }}"
    with pytest.raises(CardError, match=r"Weights\.doubted is printed nowhere"):
        check_texts(weights(many.replace("doubted:given", "weights:given")), "transfer", Weights)
    check_texts(weights(many), "transfer", Weights)
    with pytest.raises(CardError, match=r"\{weighed_kg\}: no such fact"):
        check_texts(weights("{doubted:given|{weighed_kg} kg}"), "transfer", Weights)


def test_an_english_sentence_that_begins_with_the_word_of_a_code_has_a_capital() -> None:
    text = {
        "title": "{kind:code|Restraint.kind} of {name}",
        "facts": ["{name} was under {kind:code|Restraint.kind}.", "Known as {alias}."],
    }
    raw = raw_card()
    raw["texts"]["transfer"] = {"zh": text, "en": text}
    facts = {"kind": "arrest", "name": "ab", "alias": ""}
    parts = render(read_card(raw, "x.toml"), "transfer", "en", cured=False, facts=facts)
    assert parts.title == "Arrest of ab"
    assert parts.facts == ("ab was under arrest.",)  # and nothing is said of an empty name
