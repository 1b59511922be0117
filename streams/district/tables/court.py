"""Judgments of the criminal court."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "court-judgment",
        "court.aj_pj",
        "ah sfzh",
        "ah:text sfzh:text xm:text zm:text pjjg:text xz:text xqys:int xprq:date sxrq:date"
        " xqqr:date xqzr:date hxqz:date bqzz:date jzzz:date jzhy:text yajh:text"
        " sadw:text",
    ),
)
