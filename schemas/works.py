"""Building works (住建, 人社): projects, what happened on them, who was paid for which month."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from schemas.codes import REGION
from schemas.record import Record, record_type

#: 工资专户开立, 工资保证金, 支付担保, 人工费用拨付, 停工, 复工, 投诉, 责令改正, 改正, 销户.
PROJECT_EVENTS = (
    "account_opened",
    "deposit",
    "guarantee",
    "allocation",
    "stop",
    "restart",
    "complaint",
    "inspection_order",
    "order_complied",
    "account_closed",
)


@record_type
class Project(Record, frozen=True, kw_only=True):
    """A building project: the permit's number, the builder (建设单位), the contractor (总包)."""

    DAY: ClassVar[str] = "permit_on"
    KEY: ClassVar[tuple[str, ...]] = ("project_no",)
    FORMS: ClassVar[Mapping[str, re.Pattern[str]]] = {"region": REGION}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {
        "organisation": ("builder", "contractor"),
        "project": ("project_no",),
    }
    NAMES: ClassVar[Mapping[str, str]] = {
        "project_no": "name",
        "builder": "builder_name",
        "contractor": "contractor_name",
    }

    project_no: str
    name: str = ""
    builder: str = ""
    builder_name: str = ""
    contractor: str = ""
    contractor_name: str = ""
    permit_on: date | None = None
    contract_on: date | None = None
    started_on: date | None = None
    stopped_on: date | None = None
    finished_on: date | None = None
    cost_fen: int | None = None
    region: str = ""


@record_type
class ProjectEvent(Record, frozen=True, kw_only=True):
    """Something that happened on a project; ``due_on`` is the last day that an order gives."""

    DAY: ClassVar[str] = "on"
    KEY: ClassVar[tuple[str, ...]] = ("project_no", "kind", "on")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"kind": PROJECT_EVENTS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"project": ("project_no",)}

    project_no: str
    kind: str
    on: date
    until: date | None = None
    amount_fen: int | None = None
    doc_no: str = ""
    due_on: date | None = None


@record_type
class WageMonth(Record, frozen=True, kw_only=True):
    """One worker's days, wage and payment for one month of a project."""

    DAY: ClassVar[str] = "month"
    KEY: ClassVar[tuple[str, ...]] = ("project_no", "person", "month")
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"project": ("project_no",)}
    PERSONS: ClassVar[tuple[str, ...]] = ("person",)
    NAMES: ClassVar[Mapping[str, str]] = {"person": "name"}

    project_no: str
    person: str
    month: date
    days: int | None = None
    due_fen: int
    paid_fen: int = 0
    paid_on: date | None = None
    name: str = ""
