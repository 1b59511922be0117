"""The record type that this pack brings."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from schemas import Record, record_type


@record_type
class WaterUse(Record):
    """What a permit allowed in one year, and what the meter counted."""

    DAY: ClassVar[str] = "read_on"
    KEY: ClassVar[tuple[str, ...]] = ("permit_no", "year")
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"organisation": ("holder",)}

    permit_no: str
    year: int
    holder: str
    allowed_m3: int
    used_m3: int
    read_on: date
    charged_on: date | None = None  #: the water authority charged for the excess
