"""The record types of the pack."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from schemas.record import Record, record_type


@record_type
class Firm(Record):
    """A registered firm."""

    DAY: ClassVar[str] = "registered_on"
    KEY: ClassVar[tuple[str, ...]] = ("firm",)
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"organisation": ("firm",)}

    firm: str
    address: str
    registered_on: date
    closed_on: date | None = None


@record_type
class Member(Record):
    """Derived: a firm as its address sees it."""

    DAY: ClassVar[str] = "since"
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"pair": ("address",)}
    DERIVED: ClassVar[bool] = True

    firm: str
    address: str
    since: date
    until: date | None = None


@record_type
class Neighbours(Record):
    """Derived from members: how many firms an address has, told to each of them."""

    DAY: ClassVar[str] = "since"
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"organisation": ("firms",)}
    DERIVED: ClassVar[bool] = True

    firms: tuple[str, ...]
    address: str
    since: date
