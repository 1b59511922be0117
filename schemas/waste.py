"""Hazardous waste (生态环境): what was bought, produced, stored and handed over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from schemas.record import Record, record_type

#: Purchase of what becomes waste, 转移联单, 申报, stock at a date, 收贮.
FLOWS = ("purchase", "manifest", "declaration", "stock", "inflow")


@record_type
class MaterialFlow(Record, frozen=True, kw_only=True):
    """An amount of a material at ``organisation``; a manifest goes from it to ``other``.

    ``code`` is that of the national list of hazardous waste (900-214-08) or names the material
    bought. ``licensed_operator``: the organisation is licensed to handle others' waste.
    """

    DAY: ClassVar[str] = "on"
    KEY: ClassVar[tuple[str, ...]] = ("flow_no", "organisation", "kind", "code", "on")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"kind": FLOWS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"organisation": ("organisation", "other")}
    NAMES: ClassVar[Mapping[str, str]] = {"organisation": "name", "other": "other_name"}

    flow_no: str = ""
    organisation: str
    other: str = ""
    kind: str
    code: str = ""
    on: date
    mass_g: int | None = None
    volume_ml: int | None = None
    licensed_operator: bool = False
    name: str = ""
    other_name: str = ""
