"""Criminal cases and police measures: custody, drug orders, traffic checks, injuries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from schemas.codes import ARTICLE, ORGANS
from schemas.record import Record, record_type

#: 通缉, 拘留, 逮捕, 监视居住, 取保候审, 服刑, 行政拘留, 强制医疗.
RESTRAINTS = (
    "wanted",
    "detention",
    "arrest",
    "residence",
    "bail",
    "prison",
    "administrative_detention",
    "compulsory_medical",
)

#: Why a measure ended: in favour of the person (acquitted, not_prosecuted, withdrawn), by another
#: measure or form of serving, by time, or otherwise.
RESTRAINT_ENDS = (
    "acquitted",
    "not_prosecuted",
    "withdrawn",
    "changed",
    "probation",
    "parole",
    "temporary_release",
    "expired",
    "served",
    "lifted",
    "caught",
    "escaped",
    "died",
    "transferred",
)

DRUG_ORDERS = ("community", "compulsory", "recovery")  #: 社区戒毒, 强制隔离戒毒, 社区康复
VEHICLES = ("motor", "non_motor")


#: 移送审查起诉, 撤销案件, 终止侦查, 转行政处罚, 并案.
CLOSINGS = ("sent", "withdrawn", "ended", "administrative", "merged")

INCIDENTS = ("traffic", "assault", "work_injury", "crime", "fall")
INCIDENT_ROLES = ("victim", "liable", "both")  #: both: hurt, and liable for a part
HARMS = ("死亡", "重伤", "轻伤", "轻微")


@record_type
class Restraint(Record, frozen=True, kw_only=True):
    """A measure against a person's liberty, from the first to the last day."""

    DAY: ClassVar[str] = "since"
    KEY: ClassVar[tuple[str, ...]] = ("measure_no",)
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "kind": RESTRAINTS,
        "organ": ORGANS,
        "end_reason": RESTRAINT_ENDS,
    }
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"case": ("case_no",), "person": ("person",)}

    measure_no: str
    case_no: str = ""
    person: str
    kind: str
    organ: str = ""
    since: date
    until: date | None = None
    end_reason: str = ""
    place: str = ""
    name: str = ""


@record_type
class DrugOrder(Record, frozen=True, kw_only=True):
    """An order of treatment. It runs from ``reported_on`` (community) or ``decided_on``.

    ``until`` is the last day that the order names, ``ended`` the day on which it really ended,
    ``annulled_on`` the day on which it was set aside as wrong.
    """

    DAY: ClassVar[str] = "decided_on"
    KEY: ClassVar[tuple[str, ...]] = ("order_no",)
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"kind": DRUG_ORDERS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("person",)}

    order_no: str
    person: str
    kind: str
    decided_on: date
    reported_on: date | None = None
    until: date | None = None
    ended: date | None = None
    name: str = ""
    annulled_on: date | None = None


@record_type
class TrafficCheck(Record, frozen=True, kw_only=True):
    """A driver stopped on ``on``. ``bac_mg`` is mg of alcohol per 100 ml of blood, rounded down.

    ``handled_on`` is the day on which the driver came to be dealt with (接受处理) or the hearing
    ended; ``annulled_on`` the day on which the finding was set aside.
    """

    DAY: ClassVar[str] = "on"
    KEY: ClassVar[tuple[str, ...]] = ("check_no",)
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"vehicle": VEHICLES}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("person",)}

    check_no: str
    person: str
    on: date
    bac_mg: int | None = None  #: None: not measured
    vehicle: str = "motor"
    commercial: bool = False
    accident_crime: bool = False
    hit_and_run: bool = False
    name: str = ""
    handled_on: date | None = None
    annulled_on: date | None = None


@record_type
class PoliceCase(Record, frozen=True, kw_only=True):
    """A criminal case that the police opened (立案) against one suspect.

    ``filed_by_supervision``: opened because the procuratorate told them to. ``economic``: one of
    those that the economic crime departments handle.
    """

    DAY: ClassVar[str] = "filed_on"
    KEY: ClassVar[tuple[str, ...]] = ("police_case_no", "party")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"closing": CLOSINGS}
    FORMS: ClassVar[Mapping[str, re.Pattern[str]]] = {"charge": ARTICLE}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {
        "case": ("police_case_no",),
        "party": ("party",),
    }

    police_case_no: str
    party: str
    charge: str = ""
    filed_on: date
    filed_by_supervision: bool = False
    economic: bool = False
    closed_on: date | None = None
    closing: str = ""
    name: str = ""


@record_type
class Incident(Record, frozen=True, kw_only=True):
    """One person's part in an event that hurt somebody.

    ``liability_pct`` is this person's own share; ``payer_unknown``: whoever else is liable fled or
    is not known, so that nobody could be asked to pay.
    """

    DAY: ClassVar[str] = "on"
    KEY: ClassVar[tuple[str, ...]] = ("incident_no", "person", "role")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "role": INCIDENT_ROLES,
        "kind": INCIDENTS,
        "harm": HARMS,
    }
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("person",)}

    incident_no: str
    person: str
    role: str
    on: date
    kind: str
    harm: str = ""
    liability_pct: int | None = None
    compensated_fen: int | None = None
    compensated_on: date | None = None
    payer_unknown: bool = False
    case_no: str = ""
    name: str = ""
