"""What the demonstration calls things, in Chinese and English."""

from __future__ import annotations

from schemas.alert import Kind

WORDS = {
    "en": {
        "heading": "Dongjian · two years of a synthetic district",
        "starting": "starting",
        "playing": "playing",
        "settling": "waiting until everything is through",
        "over": "over",
        "stage": "stage",
        "done": "done",
        "rate": "a second",
        "lag": "waiting",
        "source": "agencies → log",
        "intake": "intake",
        "detect": "detect",
        "delivery": "delivery → Redis",
        "coverage": "feeds, complete until so many days ago",
        "model": "model",
        "open": "open",
        "ended": "ended",
        "last": "last alerts",
        "full": "one alert in full",
        "dossiers": "dossiers",
        "ticks": "ticks",
    },
    "zh": {
        "heading": "东检 · 模拟区县两年数据",
        "starting": "启动中",
        "playing": "播放中",
        "settling": "等待全部处理完毕",
        "over": "结束",
        "stage": "环节",
        "done": "已处理",
        "rate": "每秒",
        "lag": "待处理",
        "source": "各机关 → 日志",
        "intake": "接入",
        "detect": "检测",
        "delivery": "投递 → Redis",
        "coverage": "各数据源完整至几天前",
        "model": "模型",
        "open": "成立",
        "ended": "终止",
        "last": "最新线索",
        "full": "线索全文",
        "dossiers": "档案",
        "ticks": "时钟",
    },
}

KINDS: dict[Kind, tuple[str, str, str]] = {
    Kind.RAISED: ("raised", "发现", "bold red"),
    Kind.REOPENED: ("reopened", "重新成立", "red"),
    Kind.UPDATED: ("updated", "更新", "yellow"),
    Kind.CURED: ("cured", "补正", "green"),
    Kind.WITHDRAWN: ("withdrawn", "撤回", "cyan"),
    Kind.LAPSED: ("lapsed", "终止", "blue"),
    Kind.SUPERSEDED: ("superseded", "替代", "blue"),
}
"""English, Chinese and colour of each kind of transition."""


def word(name: str, language: str) -> str:
    """One word, in Chinese only where nothing else was asked for."""
    return WORDS["zh" if language == "zh" else "en"][name]


def kind_word(kind: Kind, language: str) -> str:
    """What happened to an alert, in one word."""
    return KINDS[kind][1 if language == "zh" else 0]


def languages(language: str) -> tuple[str, ...]:
    """The languages of the alerts' texts, in order."""
    return ("zh", "en") if language == "both" else (language,)
