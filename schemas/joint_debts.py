"""Joint debts: a derived record, for those who owe a property item together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from schemas.codes import PROPERTY_ITEMS
from schemas.record import Record, record_type


@record_type
class JointPaid(Record, frozen=True, kw_only=True):
    """Told to a party: what others paid of a property item that they owe together, and when last.

    Each owes the whole, so what one pays frees all; ``kind`` is that of the item.
    """

    DERIVED: ClassVar[bool] = True
    DAY: ClassVar[str] = "last_on"
    KEY: ClassVar[tuple[str, ...]] = ("case_no", "party", "kind")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"kind": PROPERTY_ITEMS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"party": ("party",)}

    case_no: str
    party: str
    kind: str
    paid_fen: int
    last_on: date
