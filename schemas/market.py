"""Trades (市场监管, 公安交管, 人社, …): licences and certificates, posts, and what people own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

import msgspec

from schemas.codes import INDUSTRY
from schemas.grid import square
from schemas.record import Record, record_type

LICENCES = (
    "driving",
    "occupation",
    "food",
    "tobacco",
    "net_cafe",
    "entertainment",
    "lottery",
    "teacher",
    "guard",
    "ride_hailing",
    "hazardous_waste",
)
LICENCE_STATUSES = ("valid", "suspended", "revoked", "cancelled", "withdrawn", "expired")
LICENCE_ENDS = ("revoked", "cancelled", "withdrawn", "expired")  #: 吊销, 注销, 撤销, 届满

#: Posts: 法定代表人, 董事, 监事, 高管, 经理, 食品安全管理员, 教师, 接触未成年人的员工, 保安,
#: 驾驶员, 股东 (which is no post), 个体工商户经营者.
ROLES = (
    "legal_rep",
    "director",
    "supervisor",
    "executive",
    "manager",
    "food_safety",
    "teacher",
    "staff_minors",
    "guard",
    "driver",
    "shareholder",
    "operator",
)

#: 公积金, 不动产, 车辆, 股权, 养老金, 狱内账户, 征收补偿, 应收款.
HOLDINGS = (
    "fund",
    "realty",
    "vehicle",
    "equity",
    "pension",
    "prison_account",
    "demolition",
    "receivable",
)


@record_type
class Licence(Record, frozen=True, kw_only=True):
    """A licence or certificate that a person or an organisation holds.

    ``licence_no`` is the file number (档案编号) for driving licences: the number printed on them is
    the holder's identity number. ``point`` is longitude and latitude in degrees (CGCS2000).
    """

    DAY: ClassVar[str] = "issued_on"
    KEY: ClassVar[tuple[str, ...]] = ("licence_no",)
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "kind": LICENCES,
        "status": LICENCE_STATUSES,
        "end_kind": LICENCE_ENDS,
    }
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"cell": ("cell",), "party": ("holder",)}

    licence_no: str
    holder: str
    kind: str
    class_: str = msgspec.field(default="", name="class")  #: of a driving licence: A1, C1, …
    issued_on: date
    valid_until: date | None = None
    status: str = ""
    ended_on: date | None = None
    end_kind: str = ""
    sector: str = ""
    point: tuple[float, float] | None = None
    city: str = ""
    name: str = ""

    @property
    def cell(self) -> str:
        """The square of a hundredth of a degree that the point lies in; empty without a point."""
        return "" if self.point is None else square(self.point)


@record_type
class Appointment(Record, frozen=True, kw_only=True):
    """A person's post in an organisation (任职, staff rolls), from the first to the last day.

    It goes to the organisation; the person is told by the derived :class:`schemas.derived.Post`.
    """

    DAY: ClassVar[str] = "since"
    KEY: ClassVar[tuple[str, ...]] = ("organisation", "person", "role", "since")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"role": ROLES}
    FORMS: ClassVar[Mapping[str, re.Pattern[str]]] = {"sectors": INDUSTRY}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"organisation": ("organisation",)}
    PERSONS: ClassVar[tuple[str, ...]] = ("person",)
    NAMES: ClassVar[Mapping[str, str]] = {
        "person": "person_name",
        "organisation": "organisation_name",
    }

    person: str
    organisation: str
    role: str
    since: date
    until: date | None = None
    sectors: tuple[str, ...] = ()
    person_name: str = ""
    organisation_name: str = ""


@record_type
class Holding(Record, frozen=True, kw_only=True):
    """Something that a party owns, as a register has it. ``exempt``: not open to execution."""

    DAY: ClassVar[str] = "since"
    KEY: ClassVar[tuple[str, ...]] = ("register", "object_no", "owner")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"kind": HOLDINGS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"party": ("owner",)}

    register: str = ""
    object_no: str
    owner: str
    kind: str
    value_fen: int | None = None
    encumbered_fen: int | None = None
    share_pct: int | None = None
    since: date | None = None
    until: date | None = None
    exempt: bool = False
    name: str = ""
