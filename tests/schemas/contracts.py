"""A legal contract per kind of question, in TOML, for the tests of contracts and mappings."""

from __future__ import annotations

from schemas.contract import Contract, load_contract
from tests.factories import COURT, MARKET, PENSIONS

PAYMENTS = f"""
feed = "pension-payments"
title = {{zh = "养老金发放", en = "pension payments"}}
topic = "agency.pension.payments"
envelope = "plain"
table = "rs.payment"
record = "BenefitPayment"
agency = "{PENSIONS}"
agency_name = {{zh = "人社局", en = "pensions bureau"}}
region = "371102"
key = ["lsh"]
deletion = "correction"

[fields]
benefit_no = {{column = "dybh"}}
person = {{column = "sfz", kind = "person"}}
scheme = {{column = "xz", codes = {{"110" = "employee_pension", "120" = "resident_pension"}}}}
month = {{column = "ssq", kind = "date", format = "%Y%m"}}
paid_on = {{column = "ffrq", kind = "date"}}
amount_fen = {{column = "je", kind = "money", unit = "yuan"}}
returned_on = {{column = "thrq", kind = "date", none = ["9999-12-31"]}}

[[supplies]]
which = {{scheme = ["employee_pension"]}}
since = 2015-01-01
lag = "2 d"

[coverage]
mode = "heartbeat"
"""

PENALTIES = """
feed = "penalties"
title = {zh = "双公示", en = "published penalties"}
topic = "agency.penalties"
envelope = "canal"
table = "credit.xzcf"
record = "Penalty"
agency = {column = "cfjg"}
agency_name = {zh = "各执法机关", en = "enforcing agencies"}
region = {column = "xzqh"}
key = ["cfjg", "wsh"]
deletion = "expiry"

[fields]
decision_no = {column = "wsh", kind = "number"}
party = {column = ["xydm", "zjhm"], kind = "party"}
name = {column = "mc"}
cause = {column = "wflx", codes = {"醉驾" = "drunk_driving", "盗窃" = "theft"}}
kinds = {column = "cflb", kind = "list", separator = ";"}
fine_fen = {column = "fkje", kind = "money", unit = "wan"}
decided_on = {column = "jdrq", kind = "date"}
agency = {column = "cfjg"}
suit_notice = {column = "jzss", kind = "boolean"}
mass_g = {column = "zl", kind = "decimal", factor = 1000, optional = true}
sealed_basis = {column = "fc", codes = {"1" = "public_security", "0" = ""}}
"""

_CHARGES = '{"盗窃罪" = "264", "危险驾驶罪" = "133-1"}'

JUDGMENTS = f"""
feed = "judgments"
title = {{zh = "刑事裁判", en = "criminal judgments"}}
topic = "agency.court.judgments"
envelope = "debezium"
table = "court.judgment"
record = "Judgment"
agency = "{MARKET}"
agency_name = {{zh = "法院", en = "court"}}
region = "371102"
key = ["ah", "sfz"]
deletion = {{ends = "ban_until"}}

[fields]
case_no = {{column = "ah", kind = "case_no", organ = {{column = "fydm"}}}}
case_no_raw = {{column = "ah"}}
party = {{column = "sfz", kind = "person"}}
charges = {{column = "zm", kind = "list", separator = ",", codes = {_CHARGES}}}
outcome = {{value = "guilty"}}
pronounced_on = {{column = "xprq", kind = "date", format = "epoch_days"}}
effective_on = {{column = "sxrq", kind = "date", format = "epoch_ms", zone = "UTC"}}
organisations = {{column = "dw", kind = "list", separator = "、", of = "organisation"}}
"""


def _court_table(feed: str, record: str, key: str, fields: str) -> str:
    return f"""
feed = "{feed}"
title = {{zh = "数据", en = "rows"}}
topic = "agency.{feed}"
envelope = "plain"
table = "court.{feed}"
record = "{record}"
agency = "{COURT}"
agency_name = {{zh = "法院", en = "court"}}
region = "371102"
key = ["{key}"]
deletion = "correction"

[fields]
{fields}
"""


CIVIL = _court_table(
    "civil",
    "CivilCase",
    "ah",
    """
case_no = {column = "ah", kind = "case_no"}
filed_on = {column = "larq", kind = "date"}
plaintiffs = {column = "yg", kind = "list", separator = ";", of = "party"}
defendants = {column = "bg", kind = "list", separator = ";", of = "party"}
agents = {column = "dlr", kind = "list", separator = ";", of = "token"}
agent_kinds = {column = "dlrlb", kind = "list", separator = ";", codes = {"1" = "lawyer", "2" = "citizen"}}
""",  # noqa: E501
)

ITEMS = _court_table(
    "items",
    "PropertyItem",
    "bh",
    """
case_no = {column = "ah", kind = "case_no"}
party = {column = "zjhm", kind = "party"}
kind = {value = "fine"}
effective_on = {column = "sxrq", kind = "date"}
instalments_due = {column = "fqrq", kind = "list", separator = ",", of = "date", format = "%Y%m%d"}
instalments_fen = {column = "fqje", kind = "list", separator = ",", of = "money", unit = "yuan"}
""",
)

CARDS = _court_table(
    "cards",
    "CaseCard",
    "ah",
    """
case_no = {column = "ah", kind = "case_no"}
fields = {column = ["rzrf", "gzrq"], kind = "pairs", codes = {rzrf = "是否认罪认罚"}}
""",
)

SCHOOLS = _court_table(
    "schools",
    "School",
    "bsm",
    """
school_no = {column = "bsm"}
kind = {column = "lb"}
gates = {column = "xm", kind = "points"}
""",
)

COMPANIES = _court_table(
    "companies",
    "Company",
    "xydm",
    """
uscc = {column = "xydm", kind = "organisation"}
registered_on = {column = "djrq", kind = "date"}
representative = {column = "frzjh", kind = "token"}
""",
)

ALL = {
    "payments": PAYMENTS,
    "penalties": PENALTIES,
    "judgments": JUDGMENTS,
    "civil": CIVIL,
    "items": ITEMS,
    "cards": CARDS,
    "schools": SCHOOLS,
    "companies": COMPANIES,
}


def contract(text: str, *changes: tuple[str, str]) -> Contract:
    """The contract with parts of its text replaced; each part must be there exactly once."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return load_contract(text)
