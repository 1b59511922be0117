"""Medical insurance (医保): what the fund paid for whom, where and for what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from schemas.record import Record, record_type

SETTLEMENTS = ("住院", "门诊", "药店")

#: A diagnosis of the insurers' edition of ICD-10, such as S06.500x002.
DIAGNOSIS = re.compile(r"[A-Z]\d{2}(\.[0-9A-Za-z+*]*)?")


@record_type
class Settlement(Record, frozen=True, kw_only=True):
    """One settlement of the medical insurance fund with an institution for a person.

    ``external_cause`` is the code of what caused an injury; ``promise_no_third_party``: whether the
    patient declared in writing that nobody else is liable; ``place`` is a region's code.
    """

    DAY: ClassVar[str] = "settled_on"
    KEY: ClassVar[tuple[str, ...]] = ("settlement_no",)
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"kind": SETTLEMENTS}
    FORMS: ClassVar[Mapping[str, re.Pattern[str]]] = {
        "diagnoses": DIAGNOSIS,
        "external_cause": DIAGNOSIS,
    }
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {
        "organisation": ("institution",),
        "person": ("person",),
    }
    NAMES: ClassVar[Mapping[str, str]] = {"person": "name", "institution": "institution_name"}

    settlement_no: str
    person: str
    institution: str = ""
    kind: str
    in_on: date | None = None
    out_on: date | None = None
    settled_on: date
    diagnoses: tuple[str, ...] = ()
    external_cause: str = ""
    total_fen: int | None = None
    fund_fen: int
    promise_no_third_party: bool | None = None
    place: str = ""
    name: str = ""
    institution_name: str = ""
