"""Plain values in words: dates, money, terms, spells, yes and no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from detectors.framework.spell import Spell
from detectors.framework.term import Term

_ZH_UNITS = {"d": "日", "wd": "个工作日", "m": "个月", "y": "年"}
_EN_UNITS = {"d": "day", "wd": "working day", "m": "month", "y": "year"}
NOTHING = "—"


def date_words(value: object) -> str:
    """A day in ISO form; nothing as a dash. The day may come as JSON has it."""
    if value is None:
        return NOTHING
    return value.isoformat() if isinstance(value, date) else str(value)


def fen_words(value: object, sign: str = "¥") -> str:
    """Integer fen as yuan: ¥1,234.50."""
    if not isinstance(value, int):
        return NOTHING
    yuan, fen = divmod(abs(value), 100)
    return f"{'-' if value < 0 else ''}{sign}{yuan:,}.{fen:02}"


def term_words(value: object, language: str) -> str:
    """``3 wd`` as 3个工作日 or 3 working days; a text that is no term as it is."""
    if value is None:
        return NOTHING
    try:
        term = Term(str(value))
    except ValueError:
        return str(value)
    if language == "zh":
        return f"{term.number}{_ZH_UNITS[term.unit]}" + ("（不顺延）" if term.exact else "")
    unit = _EN_UNITS[term.unit] + "s" * (term.number != 1)
    return f"{term.number} {unit}" + (", not rolled on" if term.exact else "")


def age_words(value: object, language: str) -> str:
    """``80 y`` as 80周岁 or 80 years of age; any other term as a term."""
    words = term_words(value, language)
    if language == "zh":
        return f"{words[:-1]}周岁" if words.endswith("年") else words
    return f"{words} of age" if words.endswith(("year", "years")) else words


def counted_words(value: object, option: str) -> str:
    """A number with its English noun: ``day`` gives 1 day, 2 days; ``one|many`` both forms."""
    number = value if isinstance(value, int) else len(value) if isinstance(value, Sequence) else 0
    one, _, many = option.partition("|")
    return f"{number} {one if number == 1 else many or one + 's'}"


def spell_words(value: object, language: str) -> str:
    """Both ends of a spell; an open one by its beginning."""
    if isinstance(value, Mapping):
        value = msgspec.convert(value, Spell)
    if not isinstance(value, Spell):
        return NOTHING
    if language == "zh":
        return f"{value.since} 起" if value.until is None else f"{value.since} 至 {value.until}"
    return f"from {value.since}" if value.until is None else f"{value.since} to {value.until}"


def yes_no(value: bool, language: str) -> str:
    if language == "zh":
        return "是" if value else "否"
    return "yes" if value else "no"


def joined(words: list[str], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(words)
