"""A synthetic district: seeded people, agencies and years of records, and the truth about them."""

from __future__ import annotations

from streams.district.contracts import (
    captured_contracts,
    contract_text,
    contracts,
    write_contracts,
)
from streams.district.district import LISTS, SINCE, UNTIL, District
from streams.district.event import Event
from streams.district.rendering import Rendering
from streams.district.tables import TABLES, Table
from streams.district.truth import Expected, Score, Truth

__all__ = [
    "LISTS",
    "SINCE",
    "TABLES",
    "UNTIL",
    "District",
    "Event",
    "Expected",
    "Rendering",
    "Score",
    "Table",
    "Truth",
    "captured_contracts",
    "contract_text",
    "contracts",
    "write_contracts",
]
