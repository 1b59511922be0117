"""Fines: what urban management imposes and enforces, what banks collect, what the court reviews."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "finance-fine",
        "finance.fk_sk",
        "pzh",
        "pzh:text jddw:text cfwsh:text jkr:text jkrq:date jkje:decimal2",
    ),
    table(
        "urban-penalty",
        "urban.xzcf",
        "cfwsh",
        "cfwsh:text dsrdm:text dsrmc:text ay:text cflb:text cfnr:text fkje:decimal2 mswf:decimal2"
        " jdrq:date sdrq:date gzsq:text xqcc:text cxrq:date",
        lag=3,
    ),
    table(
        "urban-step",
        "urban.cf_lc",
        "lcxh",
        "lcxh:text cfwsh:text dsrdm:text lcdm:text fsrq:date jzrq:date wsh:text je:decimal2",
        lag=3,
    ),
    table(
        "urban-pause",
        "urban.cf_fy",
        "fyxh",
        "fyxh:text cfwsh:text dsrdm:text fylx:text ksrq:date jsrq:date",
        lag=3,
    ),
    table(
        "court-review-step",
        "court.xs_lc",
        "lcxh",
        "lcxh:text cfwsh:text sqdw:text dsrdm:text ah:text lcdm:text fsrq:date",
    ),
)
