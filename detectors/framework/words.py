"""Words for codes: record types, their code lists, fields and holidays, in Chinese and English."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

_ARTICLE = re.compile(r"([1-9]\d{0,2})(?:-([1-9]\d?))?")
_LANGUAGES = ("zh", "en")


@cache
def lists() -> dict[str, dict[str, tuple[str, str]]]:
    """The lists of ``codes.toml``: list, code, (Chinese, English)."""
    raw = tomllib.loads(Path(__file__).with_name("codes.toml").read_text("utf-8"))
    return {
        name: {code: (zh, en) for code, (zh, en) in codes.items()} for name, codes in raw.items()
    }


@cache
def _words(list_name: str, language: str) -> dict[str, str]:
    place = _LANGUAGES.index(language)
    return {code: words[place] for code, words in lists().get(list_name, {}).items()}


def word_in(list_name: str, code: str, language: str) -> str | None:
    """The word of a code in one list."""
    return _words(list_name, language).get(code)


@cache
def _in_order(field: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The lists in which a code of the field is looked up."""
    names = [f"{kind}.{field}" for kind in kinds]
    names += [name for kind in kinds for name in lists() if name.startswith(f"{kind}.")]
    names += [field, *(name for name in lists() if name.endswith(f".{field}"))]
    names += [name for name in lists() if name not in ("record", "field", "permission")]
    return tuple(name for name in dict.fromkeys(names) if name in lists())


@lru_cache(maxsize=8192)
def word(code: str, language: str, *, field: str = "", kinds: tuple[str, ...] = ()) -> str:
    """The word of a code; a code that no list has is printed as it is.

    One code may stand in several lists (an *arrest* is a decision and a measure). The list of
    ``field`` in one of the record types ``kinds`` comes first, then other lists of these types,
    then lists named as the field, then all others in the order of the file.
    """
    for name in _in_order(field, kinds):
        found = word_in(name, code, language)
        if found is not None:
            return found
    return article(code, language) or code


def article(code: str, language: str) -> str:
    """How an article of the criminal law is quoted; empty when the code is none."""
    found = _ARTICLE.fullmatch(code)
    if found is None:
        return ""
    if language == "en":
        return f"Criminal Law {code}"
    return f"刑法{found[1]}条" + (f"之{_numeral(int(found[2]))}" if found[2] else "")


def charge(code: str, language: str) -> str:
    """A charge by its article, with its name where it is known."""
    name, quoted = word_in("charge", code, language), article(code, language)
    if not name or not quoted:
        return name or quoted or code
    return f"{name}（{quoted}）" if language == "zh" else f"{name} ({quoted})"


def _numeral(number: int) -> str:
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
