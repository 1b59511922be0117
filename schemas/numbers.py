"""Numbers of papers and cases: one way of writing each, so that a quoted number finds its case."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from schemas.errors import RecordError
from schemas.identifiers import quoted

_OPEN, _CLOSE = "(〔[【﹝{<〈《", ")〕]】﹞}>〉》"
_BRACKETS = str.maketrans(dict.fromkeys(_OPEN, "（") | dict.fromkeys(_CLOSE, "）"))
_PAPER = re.compile(r"(.+?)（(\d{4})）(\D*?)第?0*(\d+)号?(\D.*)?")
_CASE = re.compile(
    r"（(?P<year>\d{4})）"
    r"(?P<court>最高法|\D\d{2,4}|\D{1,6}?)"
    r"(?P<type>[民刑行执知商赔司认委清破强催督调保财减暂假惩][^\d字第]*)"
    r"字?第?0*(?P<serial>\d+)号"
    r"(?:之(?P<suffix>[一二三四五六七八九十百]+|\d+))?"
)
_DIGITS = "零一二三四五六七八九十"


class CaseNumber(NamedTuple):
    """A court's case number (案号): 2024, 鲁1102, 刑初, 301, 一 of 之一; ``raw`` is as it came."""

    raw: str
    year: int
    court: str
    type: str
    serial: int
    suffix: str = ""

    @property
    def case(self) -> str:
        """The case, as the court writes it: a ruling 之一 is another paper of the same case."""
        return f"（{self.year}）{self.court}{self.type}{self.serial}号"

    @property
    def paper(self) -> str:
        return f"{self.case}之{self.suffix}" if self.suffix else self.case


@lru_cache(maxsize=16_384)
def case_number(text: str) -> CaseNumber:
    """Read a court's case number; raises :class:`RecordError` ``bad_number``."""
    found = _CASE.fullmatch(_plain(text))
    if found is None:
        raise RecordError("bad_number", detail=f"{quoted(text)} is not a case number （年）…号")
    suffix = found["suffix"] or ""
    if suffix.isdigit():
        suffix = _chinese(int(suffix))
    return CaseNumber(
        text, int(found["year"]), found["court"], found["type"], int(found["serial"]), suffix
    )


@lru_cache(maxsize=16_384)
def paper_number(text: str) -> str:
    """One way of writing a paper's number: 东检刑不诉〔2025〕12号. Brackets, width and zeros vary.

    A number without a year in brackets only loses its blanks and its full-width forms. Raises
    :class:`RecordError` ``bad_number`` for an empty one.
    """
    plain = _plain(text)
    if not plain:
        raise RecordError("bad_number", detail="the number is empty")
    found = _PAPER.fullmatch(plain)
    if found is not None:
        head, year, middle, serial, rest = found.groups()
        return f"{head}〔{year}〕{middle}{serial}号{rest or ''}"
    return case_number(text).paper if _CASE.fullmatch(plain) else plain


def of_organ(organ: str, number: str) -> str:
    """A number as records keep it: with the code of the organ that gave it."""
    return f"{organ}/{number}"


def printed(number: str) -> str:
    """A kept number as people write it, without the organ's code."""
    return number.partition("/")[2] or number


def _plain(text: str) -> str:
    """One width, no blanks, one kind of bracket."""
    tight = "".join(unicodedata.normalize("NFKC", text).split())
    return unicodedata.normalize("NFKC", tight).translate(_BRACKETS)


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")
