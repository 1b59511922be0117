"""Courts: judgments and their property parts, civil cases, executions, the defaulters' list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from schemas.codes import ARTICLE, PROPERTY_ITEMS
from schemas.record import Record, record_type

OUTCOMES = ("guilty", "acquitted", "exempt")  #: exempt: guilty, punishment remitted (免予刑事处罚)
PENALTIES = ("管制", "拘役", "有期徒刑", "无期", "死缓", "死刑", "fine_only")

#: 判决, 调解, 司法确认, 撤诉, 驳回, 移送, 其他.
CLOSE_MODES = (
    "judgment",
    "mediation",
    "confirmation",
    "withdrawal",
    "dismissal",
    "transfer",
    "other",
)
AGENT_KINDS = ("lawyer", "employee", "citizen")
SIDES = ("plaintiff", "defendant", "third_party")
#: What a loan suit shows of how the lender works: 借条统一格式, 款项付给第三人或实际出借人存疑,
#: 诉称现金交付无凭证, 预扣利息, 原告不到庭或虚假陈述.
LOAN_SIGNS = ("uniform_note", "third_party", "cash", "prepaid_interest", "plaintiff_untrue")
EXECUTION_CLOSINGS = ("执行完毕", "终本", "终结", "销案", "恢复")

#: Limbs of article 1 of 法释〔2017〕7号; the text of 2013 counts them in another order.
DEFAULT_LIMBS = ("1", "2", "3", "4", "5", "6")


@record_type
class Judgment(Record, frozen=True, kw_only=True):
    """A criminal judgment on one party. Probation (缓刑) is ``probation_until`` set.

    ``case_no`` names the case; ``case_no_raw`` is the number as it came, with its 之一.
    ``months`` is the length of the term. ``sentence_until`` already counts the days in custody.
    ``replaces`` is the number of the case whose judgment a retrial took the place of.
    """

    DAY: ClassVar[str] = "pronounced_on"
    KEY: ClassVar[tuple[str, ...]] = ("case_no", "party")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"outcome": OUTCOMES, "penalty": PENALTIES}
    FORMS: ClassVar[Mapping[str, re.Pattern[str]]] = {"charges": ARTICLE}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {
        "case": ("case_no",),
        "organisation": ("organisations",),
        "party": ("party",),
    }
    NAMES: ClassVar[Mapping[str, str]] = {"party": "name"}

    case_no: str
    party: str
    court: str = ""
    charges: tuple[str, ...] = ()
    outcome: str
    penalty: str = ""
    months: int | None = None
    effective_on: date | None = None  #: None: not yet final
    pronounced_on: date
    sentence_since: date | None = None
    sentence_until: date | None = None
    probation_until: date | None = None
    rights_until: date | None = None  #: end of the loss of political rights
    ban_until: date | None = None  #: end of a ban from a trade
    minor_at_act: bool = False
    organisations: tuple[str, ...] = ()  #: credit codes of units convicted or companies used
    replaces: str = ""
    name: str = ""
    case_no_raw: str = ""
    ban_sectors: tuple[str, ...] = ()  #: industries that the ban or the order names (GB/T 4754)


@record_type
class PropertyItem(Record, frozen=True, kw_only=True):
    """One property part of one judgment for one party.

    ``due_on`` is the last day that the judgment gives for payment; of instalments the first stands
    in ``instalments_due`` and ``instalments_fen`` at the same place. Without a sum the item is all
    property, or is named in ``object``.
    """

    DAY: ClassVar[str] = "effective_on"
    KEY: ClassVar[tuple[str, ...]] = ("case_no", "party", "kind")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"kind": PROPERTY_ITEMS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"case": ("case_no",), "party": ("party",)}

    item_no: str = ""
    case_no: str
    party: str
    kind: str
    amount_fen: int | None = None
    joint: bool = False  #: owed with others, each for the whole
    effective_on: date
    due_on: date | None = None
    instalments_due: tuple[date, ...] = ()
    instalments_fen: tuple[int, ...] = ()
    object: str = ""
    name: str = ""


@record_type
class CivilCase(Record, frozen=True, kw_only=True):
    """A civil case. Who stands at one place of ``agents`` has kind and side at the same place.

    ``cause`` is the name of the cause of action (案由), such as 民间借贷纠纷: numbers of causes
    change with every version of the list. ``loan`` tells one loan from another: suits about the
    same one share it. ``medical_…`` are the treatment for which the judgment awards costs.
    """

    DAY: ClassVar[str] = "filed_on"
    KEY: ClassVar[tuple[str, ...]] = ("case_no",)
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "close_mode": CLOSE_MODES,
        "agent_kinds": AGENT_KINDS,
        "agent_sides": SIDES,
        "loan_signs": LOAN_SIGNS,
    }
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {
        "case": ("case_no",),
        "party": ("plaintiffs", "defendants", "third_parties"),
    }
    TOKENS: ClassVar[tuple[str, ...]] = ("agents",)
    NAMES: ClassVar[Mapping[str, str]] = {
        "plaintiffs": "plaintiff_names",
        "defendants": "defendant_names",
        "third_parties": "third_party_names",
    }

    case_no: str
    court: str = ""
    city: str = ""
    cause: str = ""
    filed_on: date
    closed_on: date | None = None
    close_mode: str = ""
    amount_fen: int | None = None  #: claimed
    judged_fen: int | None = None
    interest_fen: int | None = None  #: of it, interest
    effective_on: date | None = None
    loan: str = ""
    plaintiffs: tuple[str, ...] = ()
    plaintiff_names: tuple[str, ...] = ()
    defendants: tuple[str, ...] = ()
    defendant_names: tuple[str, ...] = ()
    third_parties: tuple[str, ...] = ()
    third_party_names: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    agent_kinds: tuple[str, ...] = ()
    agent_sides: tuple[str, ...] = ()
    absent_defendant: bool = False
    interest_rate_bp: int | None = None  #: a year, in hundredths of a per cent
    medical_since: date | None = None
    medical_until: date | None = None
    medical_fen: int | None = None
    notes: str = ""
    loan_signs: tuple[str, ...] = ()


@record_type
class Execution(Record, frozen=True, kw_only=True):
    """An execution case against one debtor. ``base_no`` is the paper that is executed (执行依据).

    ``cause`` is what it is about, such as 赡养费; ``outstanding_fen`` what was not found.
    """

    DAY: ClassVar[str] = "filed_on"
    KEY: ClassVar[tuple[str, ...]] = ("case_no", "debtor")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"closing": EXECUTION_CLOSINGS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {
        "case": ("case_no",),
        "party": ("debtor", "creditor"),
    }
    NAMES: ClassVar[Mapping[str, str]] = {"debtor": "debtor_name", "creditor": "creditor_name"}

    case_no: str
    base_no: str = ""
    debtor: str
    creditor: str = ""
    court: str = ""
    cause: str = ""
    filed_on: date
    closed_on: date | None = None
    closing: str = ""
    claim_fen: int | None = None
    outstanding_fen: int | None = None
    debtor_name: str = ""
    creditor_name: str = ""


@record_type
class Dishonest(Record, frozen=True, kw_only=True):
    """An entry of the list of dishonest debtors (失信被执行人), with the fields of the list.

    ``filed_on`` is 立案时间, ``base_no`` 执行依据文号, ``base_organ`` 作出依据单位, ``limb`` the
    limb of 失信被执行人行为具体情形. ``extended_until`` is the last day of a prolonged term.
    """

    DAY: ClassVar[str] = "listed_on"
    KEY: ClassVar[tuple[str, ...]] = ("case_no", "party")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"limb": DEFAULT_LIMBS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"case": ("case_no",), "party": ("party",)}

    case_no: str
    party: str
    name: str = ""
    court: str = ""
    province: str = ""
    base_no: str = ""
    base_organ: str = ""
    filed_on: date | None = None
    duty: str = ""
    performance: str = ""
    limb: str = ""
    representative: str = ""
    listed_on: date
    delisted_on: date | None = None
    extended_until: date | None = None
