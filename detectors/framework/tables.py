"""Lists of facts as tables: months with runs and a sum, or one row for each item."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import msgspec

from detectors.framework.plain import date_words, fen_words
from detectors.framework.words import word_in

Cell = Callable[[str, object], str]

#: Lines of a table in a text: twenty years of months. All of it is among the facts.
LINES_AT_MOST = 240


def fields_of(item: object) -> dict[str, Any]:
    """The fields of an item, which is a struct or what JSON made of one."""
    if isinstance(item, msgspec.Struct):
        return msgspec.structs.asdict(item)
    return dict(item) if isinstance(item, Mapping) else {"value": item}


def table(items: Sequence[object], language: str, cell: Cell, option: str = "") -> str:
    """A pipe table. ``option`` (``field=Header, field=Header``) picks, orders and names columns.

    Items that have a ``month`` are shown by runs of months in which nothing else differs, with
    the amount per month, the subtotal and, last, the sum.
    """
    rows = [fields_of(item) for item in items]
    if not rows:
        return ""
    columns = _columns(rows, language, option)
    money = next((name for name in columns if name.endswith("_fen")), None)
    if "month" in columns and money is not None:
        return _months(rows, columns, money, language, cell)
    shown = rows[:LINES_AT_MOST]
    lines = [[cell(name, row.get(name)) for name in columns] for row in shown]
    if more := len(rows) - len(shown):
        lines.append([f"… +{more}", *("" for _ in list(columns)[1:])])
    return _lines(list(columns.values()), lines)


def _columns(rows: Sequence[dict[str, Any]], language: str, option: str) -> dict[str, str]:
    if option:
        pairs = [part.partition("=") for part in option.split(",")]
        return {name.strip(): (header or name).strip() for name, _, header in pairs}
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: word_in("field", name, language) or name for name in names}


def _months(
    rows: Sequence[dict[str, Any]], columns: dict[str, str], money: str, language: str, cell: Cell
) -> str:
    zh = language == "zh"
    others = [name for name in columns if name not in ("month", money)]
    headers = [columns["month"], *(columns[name] for name in others)]
    headers += ["每月", "小计"] if zh else ["a month", "subtotal"]
    lines = []
    ordered = sorted(rows, key=lambda row: date_words(row["month"]))
    runs = _alike(ordered, (*others, money))
    for months in runs[:LINES_AT_MOST]:
        amount, count = months[0].get(money) or 0, len(months)
        first, last = (date_words(m["month"])[:7] for m in (months[0], months[-1]))
        span = first if first == last else f"{first} {'至' if zh else 'to'} {last}"
        shown = [cell(name, months[0].get(name)) for name in others]
        span += f"（{count}）" if zh else f" ({count})"
        lines.append([span, *shown, fen_words(amount, ""), fen_words(amount * count, "")])
    if more := sum(map(len, runs[LINES_AT_MOST:])):
        rest = f"… 另有 {more} 个月" if zh else f"… {more} more months"
        lines.append([rest, *("" for _ in others), "", ""])
    total = f"合计 {len(rows)} 个月" if zh else f"Total, {len(rows)} month{'s' * (len(rows) != 1)}"
    whole = fen_words(sum(row.get(money) or 0 for row in rows), "")
    lines.append([total, *("" for _ in others), "", whole])
    return _lines(headers, lines)


def _alike(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> list[list[dict[str, Any]]]:
    """Runs of months that follow one another and are alike in everything else."""

    def run(pair: tuple[int, dict[str, Any]]) -> tuple[object, ...]:
        place, row = pair
        month = row["month"]
        month = month if isinstance(month, date) else date.fromisoformat(str(month))
        return (month.year * 12 + month.month - place, *[row.get(name) for name in names])

    return [[row for _, row in group] for _, group in groupby(enumerate(rows), key=run)]


def _lines(headers: list[str], rows: list[list[str]]) -> str:
    shown = [headers, ["---"] * len(headers), *rows]
    return "\n".join(
        "| " + " | ".join(text.replace("|", "¦") for text in row) + " |" for row in shown
    )
