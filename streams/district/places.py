"""The invented district: its region code, its agencies and the numbers on their papers.

Region ``379902`` and the prefix of every identity number belong to no county: GB/T 2260 assigns no
prefecture 3799, so no number made here can be that of a living person. Codes of agencies and
companies carry the same region and valid check characters.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

REGION = "379902"
DISTRICT = "望潮区"
COURT_CODE = "鲁9902"


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency that keeps tables; ``schema`` is its database's name on the wire."""

    schema: str
    code: str  #: 统一社会信用代码
    zh: str
    en: str


def _agency(schema: str, code: str, zh: str, en: str) -> Agency:
    return Agency(schema, code, DISTRICT + zh, f"Wangchao District {en}")


AGENCIES = {
    agency.schema: agency
    for agency in (
        _agency("procuratorate", "113799020000421047", "人民检察院", "People's Procuratorate"),
        _agency("police", "113799020000424703", "公安分局", "Public Security Branch"),
        _agency("traffic", "11379902000042841R", "交通警察大队", "Traffic Police"),
        _agency("civil", "11379902000043211U", "民政局", "Civil Affairs Bureau"),
        _agency(
            "hrss",
            "11379902000043588R",
            "人力资源和社会保障局",
            "Human Resources and Social Security Bureau",
        ),
        _agency("health", "11379902000043959G", "卫生健康局", "Health Bureau"),
        _agency("court", "11379902000044329J", "人民法院", "People's Court"),
        _agency("justice", "11379902000044695E", "司法局", "Justice Bureau"),
        _agency("prison", "11379902000045065G", "监狱", "Prison"),
        _agency("market", "113799020000454367", "市场监督管理局", "Market Supervision Bureau"),
        _agency("transport", "11379902000045807X", "交通运输局", "Transport Bureau"),
    )
}


class Numbering:
    """Document numbers as agencies write them, counted by kind and year."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, int], int] = defaultdict(int)

    def next(self, word: str, year: int) -> str:
        """``潮检刑不诉〔2025〕12号`` for the word ``潮检刑不诉``."""
        self._last[word, year] += 1
        return f"{word}〔{year}〕{self._last[word, year]}号"

    def court(self, kind: str, year: int) -> str:
        """``（2025）鲁9902刑初31号`` for the kind ``刑初``."""
        self._last[kind, year] += 1
        return f"（{year}）{COURT_CODE}{kind}{self._last[kind, year]}号"

    def serial(self, prefix: str, width: int = 7) -> str:
        """A plain serial number: ``QZ-0000012``."""
        self._last[prefix, 0] += 1
        return f"{prefix}{self._last[prefix, 0]:0{width}d}"
