"""A legal contract per kind of question, in TOML, for the tests of contracts and mappings."""

from __future__ import annotations

from schemas.contract import Contract, load_contract
from tests.factories import MARKET, PENSIONS

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

ALL = {"payments": PAYMENTS, "penalties": PENALTIES, "judgments": JUDGMENTS}


def contract(text: str, *changes: tuple[str, str]) -> Contract:
    """The contract with parts of its text replaced; each part must be there exactly once."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return load_contract(text)
