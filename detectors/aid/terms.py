"""What the model of aid that was not given asks of the law."""

from __future__ import annotations

import msgspec

from detectors import Term


class Entitlement(msgspec.Struct, frozen=True):
    """Who may draw a benefit: everyone of an age, or everyone on all of some lists."""

    scheme: str
    age: Term | None = None
    lists: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()  #: of the first list; empty: any


class AidLaw(msgspec.Struct, frozen=True):
    harms: tuple[str, ...]
    hardship: tuple[str, ...]
    aid: Term
    maintenance: tuple[str, ...]
    entitlements: tuple[Entitlement, ...]
    granted: Term
    child_age: Term
    child_lists: tuple[str, ...]
    child_listed: Term
