"""Community correction, kept by the justice bureau."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "justice-correction",
        "justice.sq_jz",
        "jzbh",
        "jzbh:text ah:text sfzh:text xm:text jzlb:text sxrq:date rjrq:date qmrq:date"
        " jjyy:text jzd:text",
    ),
)
