"""An alert in full, in the order in which a prosecutor reads it."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text as Line

from schemas.alert import Text, Transition

_HEADINGS = {
    "zh": ("事实", "计算", "依据", "已查未见", "先排除", "建议", "证据"),
    "en": (
        "Facts",
        "Arithmetic",
        "Law",
        "Looked for, not found",
        "Rule out first",
        "Next",
        "Evidence",
    ),
}

#: Evidence lines shown unless said otherwise; the alert has all of them.
_EVIDENCE = 12


def panel(alert: Transition, language: str, *, evidence: int = _EVIDENCE) -> Panel:
    """The alert as a panel of text; at most so many lines of evidence."""
    text = alert.texts.get(language)
    if text is None:
        return Panel(f"{alert.model} {alert.obligation} {alert.status}", title=alert.alert)
    parts: list[RenderableType] = [Line(text.status, style="dim"), Line(text.subject, style="bold")]
    for heading, lines in zip(_HEADINGS[language], _sections(text, evidence), strict=True):
        if lines:
            parts += [Line(""), Line(heading, style="bold cyan"), *(Line(line) for line in lines)]
    parts += [Line(""), Line(text.footer, style="italic dim")]
    return Panel(Group(*parts), title=Line(text.title, style="bold"), title_align="left")


def _sections(text: Text, shown: int) -> tuple[tuple[str, ...], ...]:
    evidence = text.evidence[:shown]
    if len(text.evidence) > shown:
        evidence = (*evidence, f"… +{len(text.evidence) - shown}")
    return (
        text.facts,
        (text.sum,) if text.sum else (),
        text.law,
        text.looked_for,
        text.innocent,
        (text.respond,) if text.respond else (),
        evidence,
    )
