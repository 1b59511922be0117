"""Markets and trades (市场监管, 公安交管, 交通, …): licences and certificates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

import msgspec

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
        return "" if self.point is None else ",".join(str(_hundredths(part)) for part in self.point)


def _hundredths(degrees: float) -> int:
    return math.floor(round(degrees * 100, 6))  # 119.29 is 119.28999… in binary
