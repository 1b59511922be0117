"""The invented district: its region code, its agencies and the numbers on their papers.

Region ``379902`` and the prefix of every identity number belong to no county: GB/T 2260 assigns no
prefecture 3799, so no number made here can be that of a living person. Codes of agencies and
companies carry the same region and valid check characters.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

REGION = "379902"
CITY = "379900"
DISTRICT, CITY_NAME = "望潮区", "滨澜市"
COURT_CODE, CITY_COURT_CODE = "鲁9902", "鲁99"


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency that keeps tables; ``schema`` is its database's name on the wire."""

    schema: str
    code: str  #: 统一社会信用代码
    zh: str
    en: str
    envelope: str  #: what its changes come in where every agency has its own
    region: str = REGION


def _agency(schema: str, code: str, zh: str, en: str, envelope: str) -> Agency:
    return Agency(schema, code, DISTRICT + zh, f"Wangchao District {en}", envelope)


def _of_city(schema: str, code: str, zh: str, en: str, envelope: str) -> Agency:
    return Agency(schema, code, CITY_NAME + zh, f"Binlan City {en}", envelope, CITY)


AGENCIES = {
    agency.schema: agency
    for agency in (
        _agency(
            "procuratorate",
            "113799020000421047",
            "人民检察院",
            "People's Procuratorate",
            "debezium",
        ),
        _agency("police", "113799020000424703", "公安分局", "Public Security Branch", "debezium"),
        _agency("traffic", "11379902000042841R", "交通警察大队", "Traffic Police", "debezium"),
        _agency("civil", "11379902000043211U", "民政局", "Civil Affairs Bureau", "canal"),
        _agency(
            "hrss",
            "11379902000043588R",
            "人力资源和社会保障局",
            "Human Resources and Social Security Bureau",
            "maxwell",
        ),
        _agency("health", "11379902000043959G", "卫生健康局", "Health Bureau", "plain"),
        _agency("court", "11379902000044329J", "人民法院", "People's Court", "maxwell"),
        _agency("justice", "11379902000044695E", "司法局", "Justice Bureau", "canal"),
        _agency("prison", "11379902000045065G", "监狱", "Prison", "plain"),
        _agency(
            "market", "113799020000454367", "市场监督管理局", "Market Supervision Bureau", "plain"
        ),
        _agency("transport", "11379902000045807X", "交通运输局", "Transport Bureau", "canal"),
        _agency(
            "medical", "113799020000461725", "医疗保障局", "Healthcare Security Bureau", "maxwell"
        ),
        _agency("tax", "11379902000046543U", "税务局", "Tax Bureau", "canal"),
        _agency(
            "housing",
            "11379902000046914J",
            "住房和城乡建设局",
            "Housing and Construction Bureau",
            "canal",
        ),
        _agency(
            "ecology", "1137990200004728XN", "生态环境局", "Ecology and Environment Bureau", "plain"
        ),
        _agency("education", "11379902000047650G", "教育局", "Education Bureau", "plain"),
        _agency("tobacco", "11379902000048020J", "烟草专卖局", "Tobacco Monopoly Bureau", "canal"),
        _agency(
            "culture", "11379902000048397G", "文化和旅游局", "Culture and Tourism Bureau", "maxwell"
        ),
        _agency(
            "resources", "113799020000487687", "自然资源局", "Natural Resources Bureau", "debezium"
        ),
        _agency(
            "fund",
            "113799020000491389",
            "住房公积金管理部",
            "Housing Provident Fund Office",
            "plain",
        ),
        _agency(
            "disabled",
            "113799020000495090",
            "残疾人联合会",
            "Disabled Persons' Federation",
            "plain",
        ),
        _agency("lockup", "11379902000049875U", "看守所", "Detention Centre", "debezium"),
        _agency(
            "urban", "113799020000502437", "综合行政执法局", "Urban Management Bureau", "maxwell"
        ),
        _agency(
            "emergency", "11379902000050614X", "应急管理局", "Emergency Management Bureau", "plain"
        ),
        _agency("agriculture", "11379902000050980R", "农业农村局", "Agriculture Bureau", "canal"),
        _agency("water", "11379902000051350U", "水务局", "Water Bureau", "maxwell"),
        _agency(
            "veterans", "11379902000051721J", "退役军人事务局", "Veterans Affairs Bureau", "plain"
        ),
        _agency(
            "street",
            "11379902000052097U",
            "人民政府望潮街道办事处",
            "Wangchao Subdistrict Office",
            "plain",
        ),
        _agency("finance", "11379902MA0054005X", "财政局", "Finance Bureau", "plain"),
        _of_city(
            "city_court",
            "11379900000052468M",
            "中级人民法院",
            "Intermediate People's Court",
            "maxwell",
        ),
        _of_city(
            "city_procuratorate",
            "11379900000052839C",
            "人民检察院",
            "People's Procuratorate",
            "debezium",
        ),
        _of_city(
            "city_police", "11379900000053209E", "公安局", "Public Security Bureau", "debezium"
        ),
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

    def court(self, kind: str, year: int, code: str = COURT_CODE) -> str:
        """``（2025）鲁9902刑初31号`` for the kind ``刑初``."""
        self._last[code + kind, year] += 1
        return f"（{year}）{code}{kind}{self._last[code + kind, year]}号"

    def serial(self, prefix: str, width: int = 7) -> str:
        """A plain serial number: ``QZ-0000012``."""
        self._last[prefix, 0] += 1
        return f"{prefix}{self._last[prefix, 0]:0{width}d}"
