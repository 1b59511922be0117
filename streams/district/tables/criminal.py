"""Criminal cases: police, detention centre, the procuratorate's and the court's own steps."""

from __future__ import annotations

from streams.district.tables.table import table

_STEP = "lcxh:text ajbh:text sfzh:text lcdm:text fsrq:date jzrq:date wsh:text glah:text"

TABLES = (
    table("police-step", "police.xs_lc", "lcxh", f"{_STEP} yy:text"),
    table(
        "police-appraisal",
        "police.xs_jd",
        "jdbh",
        "jdbh:text ajbh:text gmsfhm:text ksrq:date jsrq:date jl:text",
    ),
    table(
        "lockup-step", "lockup.gy_tz", "lcxh", "lcxh:text ajbh:text sfzh:text lcdm:text fsrq:date"
    ),
    table("procuratorate-case", "procuratorate.xs_lc", "lcxh", f"{_STEP} cx:text"),
    table(
        "procuratorate-restraint",
        "procuratorate.zc_qzcs",
        "csbh",
        "csbh:text ajbh:text sfzh:text xm:text cslx:text ksrq:date jsrq:date jsyy:text",
    ),
    table(
        "court-restraint",
        "court.xs_qzcs",
        "csbh",
        "csbh:text ajbh:text sfzh:text xm:text cslx:text ksrq:date jsrq:date jsyy:text",
    ),
    table("court-case", "court.xs_jdlc", "lcxh", f"{_STEP} cx:text"),
    table(
        "justice-event",
        "justice.sq_sx",
        "sxbh",
        "sxbh:text jzbh:text ah:text sfzh:text sxlx:text fsrq:date jzrq:date zxrq:date",
    ),
)
