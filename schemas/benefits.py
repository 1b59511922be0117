"""Benefits (人社, 民政, 医保): who is entitled and insured, what was paid, raised, given back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from schemas.record import Record, record_type

#: Schemes; the last two are owed to the heirs and are no overpayment after a death.
SCHEMES = (
    "employee_pension",
    "resident_pension",
    "civil_service_pension",
    "低保",
    "高龄",
    "残疾生活",
    "残疾护理",
    "特困",
    "funeral",
    "survivor",
)
#: Insurances: 养老, 工伤, 医疗.
INSURANCES = ("pension", "work_injury", "medical")

_SCHEME: Mapping[str, tuple[str, ...]] = {"scheme": SCHEMES}
_TO_PERSON: dict[str, tuple[str, ...]] = {"person": ("person",)}


@record_type
class Benefit(Record, frozen=True, kw_only=True):
    """One person's entitlement under one scheme, from the first to the last day."""

    DAY: ClassVar[str] = "since"
    KEY: ClassVar[tuple[str, ...]] = ("benefit_no",)
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = _SCHEME
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = _TO_PERSON

    benefit_no: str
    person: str
    scheme: str
    since: date
    stopped_on: date | None = None  #: None: still paid
    account_last4: str = ""
    last_proof_on: date | None = None  #: of the last proof that the person lives
    name: str = ""


@record_type
class BenefitPayment(Record, frozen=True, kw_only=True):
    """One payment. ``month`` is the first day of the month that it is for (所属期)."""

    DAY: ClassVar[str] = "month"
    KEY: ClassVar[tuple[str, ...]] = ("benefit_no", "month", "paid_on")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = _SCHEME
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = _TO_PERSON

    benefit_no: str
    person: str
    scheme: str
    month: date
    paid_on: date | None = None
    amount_fen: int
    returned_on: date | None = None  #: the bank sent it back: nothing was received
    name: str = ""


@record_type
class BenefitAdjustment(Record, frozen=True, kw_only=True):
    """A rise of the monthly sum (调待), by ``delta_fen`` a month from ``effective_on``."""

    DAY: ClassVar[str] = "effective_on"
    KEY: ClassVar[tuple[str, ...]] = ("benefit_no", "effective_on")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = _SCHEME
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = _TO_PERSON

    benefit_no: str
    person: str
    scheme: str
    effective_on: date
    delta_fen: int


@record_type
class Refund(Record, frozen=True, kw_only=True):
    """Money given back for a benefit, a settlement or an adjustment, whose number is ``for_no``."""

    DAY: ClassVar[str] = "refunded_on"
    KEY: ClassVar[tuple[str, ...]] = ("for_no", "refunded_on", "amount_fen", "month")
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = _TO_PERSON

    for_no: str
    person: str
    refunded_on: date
    amount_fen: int
    month: date | None = None  #: the month that is given back, where the voucher says


@record_type
class Enrolment(Record, frozen=True, kw_only=True):
    """A person insured by an employer, from the first to the last day.

    ``back_paid`` marks one that was entered later for the time before (补缴).
    """

    DAY: ClassVar[str] = "since"
    KEY: ClassVar[tuple[str, ...]] = ("person", "organisation", "kind", "since")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"kind": INSURANCES}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {
        "organisation": ("organisation",),
        "person": ("person",),
    }
    NAMES: ClassVar[Mapping[str, str]] = {
        "person": "person_name",
        "organisation": "organisation_name",
    }

    person: str
    organisation: str
    kind: str
    since: date
    until: date | None = None
    back_paid: bool = False
    back_paid_on: date | None = None
    person_name: str = ""
    organisation_name: str = ""
