"""The stored table as Markdown, for the README in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from tests.catalogue.agreement import Agreement
from tests.catalogue.run import Table
from tests.catalogue.score import Line
from tests.catalogue.trade_off import TradeOff

STORED = Path(__file__).resolve().parents[1] / "data" / "catalogue.json"
Language = Literal["en", "zh"]

_HEAD = {
    "en": (
        "model", "planted", "found", "false", "precision", "recall", "withdrawn or lapsed",
        "cured", "look-alikes", "raised", "SQL agrees", "evaluations", "µs p50", "µs p99",
    ),
    "zh": (
        "模型", "埋设", "发现", "误报", "精确率", "召回率", "撤销或终止", "已纠正",
        "近似情形", "误触发", "SQL 一致", "评估次数", "µs p50", "µs p99",
    ),
}  # fmt: skip
_SCORE_HEAD = {
    "en": ("score", "threshold", "planted", "found", "false", "precision", "recall"),
    "zh": ("评分规则", "阈值", "埋设", "发现", "误报", "精确率", "召回率"),
}
_TOTAL = {"en": "all", "zh": "合计"}
_MADE = {
    "en": "{people:,} people, {organisations:,} organisations, {since} to {until}, seed {seed}: "
    "{messages:,} messages, {alerts:,} alerts. {scores}",
    "zh": "{people:,} 人、{organisations:,} 个单位，{since} 至 {until}，种子 {seed}："
    "{messages:,} 条消息，{alerts:,} 条线索。{scores}",
}
_SCORES = {
    "en": "A model marked \\* has a rule that is a score: where it holds from is a choice. "
    "The table below shows what other thresholds would find on the last day.",
    "zh": "标 \\* 的模型含评分规则，阈值是一种选择；下表列出最后一日在其他阈值下的结果。",
}
_CARD = {"en": " (card)", "zh": "（卡片值）"}


def stored() -> Table:
    return msgspec.json.decode(STORED.read_bytes(), type=Table)


def catalogue_table(table: Table, language: Language) -> list[str]:
    """What it was made of, the models, and the trade-offs of scores."""
    scores = {one.model for one in table.trade_offs}
    made = _MADE[language].format(
        scores=_SCORES[language] if scores else "", **msgspec.structs.asdict(table.made)
    )
    agreed = {one.model: one for one in table.agreements}
    rows = [
        _row(line, "\\*" if line.model in scores else "", agreed.get(line.model))
        for line in table.models
    ]
    lines = [made.rstrip(), "", *_table(_HEAD[language], [*rows, _total(table, language)])]
    if scores:
        points = [row for one in table.trade_offs for row in _points(one, language)]
        lines += ["", *_table(_SCORE_HEAD[language], points)]
    return lines


def _row(line: Line, mark: str, agreement: Agreement | None) -> tuple[str, ...]:
    return (
        line.model + mark,
        f"{line.planted:,}",
        f"{line.found:,}",
        f"{line.false:,}",
        _share(line.precision),
        _share(line.recall),
        f"{line.withdrawn:,}",
        f"{line.cured:,}",
        f"{line.look_alikes:,}",
        f"{line.raised:,}",
        _agreed(agreement),
        f"{line.evaluations:,}",
        f"{line.p50_us:,.0f}",
        f"{line.p99_us:,.0f}",
    )


def _total(table: Table, language: Language) -> tuple[str, ...]:
    def of(name: str) -> int:
        return sum(getattr(line, name) for line in table.models)

    names = ("planted", "found", "false", "withdrawn", "cured", "look_alikes", "raised")
    sums = {name: of(name) for name in names}
    whole = Line("", **sums, evaluations=of("evaluations"), p50_us=0, p99_us=0)
    both = table.agreements
    agreed = Agreement(
        "",
        sum(one.agreed for one in both),
        sum(one.only_model for one in both),
        sum(one.only_oracle for one in both),
    )
    return (_TOTAL[language], *_row(whole, "", agreed)[1:-2], "", "")


def _agreed(agreement: Agreement | None) -> str:
    """So many active alerts of the last day found by both, of all that either finds."""
    if agreement is None:
        return ""
    either = agreement.agreed + agreement.only_model + agreement.only_oracle
    return f"{agreement.agreed:,} / {either:,}"


def _points(one: TradeOff, language: Language) -> list[tuple[str, ...]]:
    return [
        (
            f"{one.model} `{one.rule}`" if number == 0 else "",
            f"`{one.parameter}` {point.value}{_CARD[language] if point.card else ''}",
            f"{point.planted:,}",
            f"{point.found:,}",
            f"{point.false:,}",
            _share(point.precision),
            _share(point.recall),
        )
        for number, point in enumerate(one.points)
    ]


def _share(share: float) -> str:
    """Never rounded up to 1: one that is missed in ten thousand is missed."""
    return "1" if share == 1 else f"{int(share * 10_000) / 10_000:.4f}"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    lines = ["| " + " | ".join(row) + " |" for row in (head, *rows)]
    return [lines[0], "|---|" + "---:|" * (len(head) - 1), *lines[1:]]
