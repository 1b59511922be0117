"""Places: schools and where their gates are (教育)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from schemas.grid import squares_within
from schemas.record import Record, record_type

SCHOOL_KINDS = ("幼儿园", "小学", "中学", "高校", "特教")

#: No distance that a rule asks for is longer; the squares this near to a gate see the school.
SEEN_FROM_M = 1000


@record_type
class School(Record, frozen=True, kw_only=True):
    """A school. ``gates`` are points, each longitude and latitude in degrees (CGCS2000)."""

    DAY: ClassVar[str] = "opened_on"
    KEY: ClassVar[tuple[str, ...]] = ("school_no",)
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"kind": SCHOOL_KINDS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"cell": ("cells",)}

    school_no: str
    name: str = ""
    kind: str
    gates: tuple[tuple[float, float], ...] = ()
    opened_on: date | None = None
    closed_on: date | None = None
    pupils: int | None = None
    city: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The squares of a hundredth of a degree that lie within a kilometre of a gate."""
        near = {cell for gate in self.gates for cell in squares_within(gate, SEEN_FROM_M)}
        return tuple(sorted(near))
