"""Companies (市场监管, 税务, 人社): the register, what happened to them, what they do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from schemas.codes import INDUSTRY
from schemas.record import Record, record_type

COMPANY_STATUSES = ("存续", "吊销", "注销", "撤销", "歇业")

#: 变更, 年报, 列入与移出经营异常名录, 歇业, 吊销, 注销, 解散, 成立清算组, 公告, 破产申请与终结,
#: 重整, 撤销登记, 责令关闭.
COMPANY_EVENTS = (
    "change_address",
    "change_phone",
    "change_representative",
    "change_agent",
    "annual_report",
    "abnormal_in",
    "abnormal_out",
    "suspension",
    "revoked",
    "cancelled",
    "dissolution",
    "group_set",
    "published",
    "bankruptcy_applied",
    "bankruptcy_ended",
    "restructured",
    "annulled",
    "closed_by_order",
)


@record_type
class Company(Record, frozen=True, kw_only=True):
    """A company as the register has it now.

    ``address_unit`` is the address in one spelling down to the room. ``representative`` and
    ``agent`` (who handled the registration) tell one person from another; they are never shown.
    """

    DAY: ClassVar[str] = "registered_on"
    KEY: ClassVar[tuple[str, ...]] = ("uscc",)
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"status": COMPANY_STATUSES}
    FORMS: ClassVar[Mapping[str, re.Pattern[str]]] = {"sectors": INDUSTRY}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"organisation": ("uscc",)}
    TOKENS: ClassVar[tuple[str, ...]] = ("representative", "agent")

    uscc: str
    name: str = ""
    kind: str = ""
    address: str = ""
    address_unit: str = ""
    phone: str = ""
    email: str = ""
    representative: str = ""
    representative_name: str = ""
    agent: str = ""
    agent_name: str = ""
    capital_fen: int | None = None
    scope: str = ""
    sectors: tuple[str, ...] = ()
    registered_on: date
    status: str = ""
    status_on: date | None = None


@record_type
class CompanyEvent(Record, frozen=True, kw_only=True):
    """Something that happened to a company; ``old`` and ``new`` are what a change replaced."""

    DAY: ClassVar[str] = "on"
    KEY: ClassVar[tuple[str, ...]] = ("uscc", "kind", "on")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"kind": COMPANY_EVENTS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"organisation": ("uscc",)}
    TOKENS: ClassVar[tuple[str, ...]] = ("old", "new")

    uscc: str
    kind: str
    on: date
    until: date | None = None
    doc_no: str = ""
    old: str = ""
    new: str = ""


@record_type
class Activity(Record, frozen=True, kw_only=True):
    """What a company did in one month: persons insured, invoices, taxes, wages; None: not told."""

    DAY: ClassVar[str] = "month"
    KEY: ClassVar[tuple[str, ...]] = ("uscc", "month")
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"organisation": ("uscc",)}

    uscc: str
    month: date
    insured: int | None = None
    invoices_fen: int | None = None
    tax_fen: int | None = None
    payroll_fen: int | None = None
