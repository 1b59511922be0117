"""The procuratorate's case cards, and what police and court enter in its cases."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "procuratorate-card",
        "procuratorate.aj_ak",
        "akxh",
        "akxh:text bmsah:text slrq:date ay:text cbbm:text qzcs:text sycx:text qszm:text pjzm:text",
    ),
    table(
        "police-supervision",
        "police.ljjd_lc",
        "lcxh",
        "lcxh:text bmsah:text lcdm:text fsrq:date",
    ),
    table(
        "court-supervision",
        "court.jc_lc",
        "lcxh",
        "lcxh:text bmsah:text lcdm:text fsrq:date jzrq:date",
    ),
)
