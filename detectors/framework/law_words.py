"""The article of each parameter that a finding rests on, and how far its wording was verified."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from detectors.framework.plain import term_words
from schemas.alert import Basis


def law_lines(basis: Iterable[Basis], language: str) -> Iterator[str]:
    """One line for each article; a product setting is never shown as law."""
    for row in basis:
        yield _zh(row) if language == "zh" else _en(row)


def _zh(row: Basis) -> str:
    if not row.legal:
        value = f" = {term_words(row.value, 'zh')}" if row.value else ""
        return f"产品参数 {row.parameter}{value}，非法律规定（{row.basis}）"
    text = f"{row.basis}（{row.in_force_from} 起）"
    if row.value:
        text += f"：{term_words(row.value, 'zh')}"
    if row.quote:
        text += f"“{row.quote}”"
    checked = "已核对" if row.verified else "未核对，使用前须核实"
    return f"{text}（{checked}{_note(row.note_zh or row.note, '；')}）"


def _en(row: Basis) -> str:
    if not row.legal:
        value = f" = {term_words(row.value, 'en')}" if row.value else ""
        return f"Product setting {row.parameter}{value}, not law ({row.basis})"
    text = f"{row.basis} (from {row.in_force_from})"
    if row.value:
        text += f": {term_words(row.value, 'en')}"
    if row.quote:
        text += f" “{row.quote}”"
    checked = "verified" if row.verified else "not verified: check before use"
    return f"{text} ({checked}{_note(row.note, '; ')})"


def _note(note: str, separator: str) -> str:
    return f"{separator}{note}" if note else ""
