"""The whole text of an alert: every part, both languages, nothing of today."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import msgspec
import pytest

from detectors import load_card
from detectors.framework.anatomy import FOOTER, anatomy
from schemas.alert import (
    Basis,
    Cause,
    Evidence,
    Kind,
    Proof,
    Reason,
    Status,
    Text,
    Transition,
)
from schemas.change import Position

from .example import PATH, Facts

CARD = load_card(PATH)
RAISED = 1_740_096_000_000  # 2025-02-21 08:00 in China, the 21st in UTC too
LATE = 1_740_153_900_000  # 2025-02-22 00:05 in China, still the 21st in UTC


def transition(**changes: Any) -> Transition:
    known: dict[str, Any] = {
        "alert": "a1",
        "revision": 1,
        "kind": Kind.RAISED,
        "status": Status.HOLDS,
        "model": "X01",
        "rule": "transfer",
        "subject": "person:0011223344",
        "obligation": "o",
        "agency": "11371102",
        "agency_name": "第一检察部",
        "facts": msgspec.Raw(msgspec.json.encode(Facts())),
        "basis": (
            Basis(
                "transfer",
                "工作指引 第二章",
                date(2024, 11, 26),
                False,
                True,
                "3 wd",
                "三个工作日内",
            ),
            Basis(
                "penalty",
                "行政处罚法60",
                date(2021, 7, 15),
                True,
                True,
                "90 d",
                note="other laws may differ",
                note_zh="其他法律另有规定的从其规定",
            ),
            Basis("wait", "产品默认", date(1979, 1, 1), False, False, "5 wd"),
        ),
        "evidence": (
            Evidence(
                "Decision",
                "decisions",
                "11371102/JD-12",
                "东港区人民检察院",
                date(2025, 1, 24),
                Position(1, 0, 5),
                {"kind": "non_prosecution_relative", "charges": ["133-1"], "amount_fen": 1200},
            ),
        ),
        "evidence_count": 3,
        "evidence_hash": "19b0",
        "looked_for": (
            Proof(
                "CaseStep",
                date(2025, 1, 24),
                date(2025, 2, 5),
                {"step": ("transferred",), "organ": ("procuratorate",)},
                ("steps",),
                date(2019, 1, 1),
                date(2025, 2, 5),
            ),
        ),
        "at_ms": RAISED,
        "raised_ms": RAISED,
        "party": "李＊（3711**********0033）",
        "cause": Cause(0, 1, "put"),
    }
    return Transition(**{**known, **changes})


def told(language: Literal["zh", "en"] = "zh", **changes: Any) -> Text:
    return anatomy(CARD, transition(**changes), language)


def test_every_part_is_there_in_both_languages() -> None:
    for language in ("zh", "en"):
        text = told(language)
        empty = [name for name in Text.__struct_fields__ if not getattr(text, name)]
        assert empty == []
        assert text.footer == FOOTER[language]


def test_the_status_line_says_how_it_stands_and_against_whom() -> None:
    assert told().status == (
        "X01 示例 · 成立 · 中 · 第1版 · 首次发现 2025-02-21 · 被监督单位：第一检察部"
    )
    assert "term running out" in told("en", stage="notice").status
    assert "待数据完整后确认" in told(unconfirmed=True).status
    assert "¥1,234.00" in told(amount_fen=123_400).status


def test_days_are_those_of_people_in_china() -> None:
    assert "首次发现 2025-02-21 · 最近变化 2025-02-22" in told(at_ms=LATE, revision=2).status


def test_law_shows_whether_it_was_verified_and_what_is_only_a_setting() -> None:
    zh, en = told().law, told("en").law
    assert zh[0] == (
        "工作指引 第二章（2024-11-26 起）：3个工作日“三个工作日内”（未核对，使用前须核实）"
    )
    assert zh[1] == "行政处罚法60（2021-07-15 起）：90日（已核对；其他法律另有规定的从其规定）"
    assert zh[2] == "产品参数 wait = 5个工作日，非法律规定（产品默认）"
    assert en[1] == "行政处罚法60 (from 2021-07-15): 90 days (verified; other laws may differ)"
    assert "not law" in en[2]


def test_what_was_looked_for_has_its_days_and_its_completeness() -> None:
    assert told().looked_for == (
        "案件节点（内部移送；检察院）：2025-01-24 至 2025-02-05 未见相反记录"
        "（steps，数据完整 2019-01-01 至 2025-02-05）",
    )


def test_records_that_were_not_granted_are_named() -> None:
    text = anatomy(CARD, transition(), "en", withheld=("public_security",))
    assert text.looked_for[-1] == "not used, because not granted: sealed public-security records"


def test_evidence_has_fields_positions_and_what_was_left_out() -> None:
    assert told().evidence == (
        "东港区人民检察院·检察决定 JD-12（种类 相对不起诉，罪名 危险驾驶（刑法133条之一），"
        "金额 ¥12.00） @ decisions 1/0/5",
        "另有 2 条",
        "摘要 19b0",
    )


def test_innocent_explanations_are_a_check_list() -> None:
    assert told().innocent == ("□ 已移送未登录", "□ 决定日期录入错误")


def test_a_repaired_alert_asks_for_nothing() -> None:
    facts = msgspec.Raw(msgspec.json.encode(Facts(done_on=date(2025, 2, 12))))
    text = told(status=Status.CURED, kind=Kind.CURED, facts=facts)
    assert text.title == "逾期移送（2025-02-12）"
    assert text.respond == "已补正，仅列入统计。"


@pytest.mark.parametrize("reason", list(Reason))
def test_a_withdrawn_alert_says_so_in_its_title_and_why(reason: Reason) -> None:
    text = told(status=Status.WITHDRAWN, kind=Kind.WITHDRAWN, reason=reason)
    assert text.title.startswith("【已撤回】逾期未移送")
    assert "已撤回（" in text.status
    assert "复核" in text.respond
    english = told("en", status=Status.WITHDRAWN, kind=Kind.WITHDRAWN, reason=reason)
    assert english.title.startswith("Withdrawn: Not passed on")


def test_an_excuse_is_told_in_the_card_s_words() -> None:
    text = told(
        "en",
        status=Status.WITHDRAWN,
        kind=Kind.WITHDRAWN,
        reason=Reason.EXEMPT,
        excuse="decision_revoked",
    )
    assert "withdrawn (the decision was revoked)" in text.status


def test_what_took_its_place_is_named() -> None:
    text = told(status=Status.SUPERSEDED, kind=Kind.SUPERSEDED, superseded_by="a2")
    assert text.title.startswith("【已由新线索取代】")
    assert "取代线索 a2" in text.status
    assert "承接线索 a0" in told(replaces="a0").status


def test_a_case_is_shown_by_its_number_and_a_person_never_by_a_token() -> None:
    assert told(party="", subject="case:11371102/K1").subject == "对象：K1"
    assert told(party="").subject == "对象：（身份信息从略）"


def test_an_alert_without_facts_is_still_told() -> None:
    text = told(facts=msgspec.Raw(b"{}"))
    assert text.title == "逾期未移送（期限 —）"
    assert text.facts == ()
