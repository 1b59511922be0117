"""Human resources: pensions granted, paid, raised and given back."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "hrss-benefit",
        "hrss.yl_dy",
        "dybh",
        "dybh:text sfzh:text xm:text xzlb:text dyksrq:date dytzrq:date zhwh:text rzrq:date",
        lag=5,
    ),
    table(
        "hrss-payment",
        "hrss.yl_ff",
        "ffxh",
        "ffxh:text dybh:text sfzh:text xzlb:text ssny:text ffrq:date ffje:decimal2 thrq:date",
        lag=3,
    ),
    table(
        "hrss-adjustment",
        "hrss.yl_tz",
        "tzbh",
        "tzbh:text dybh:text sfzh:text xzlb:text sxrq:date yzje:decimal2",
        every=7,
    ),
    table(
        "hrss-refund",
        "hrss.yl_tk",
        "tkpzh",
        "tkpzh:text dybh:text sfzh:text tkrq:date tkje:decimal2 ssny:text",
        every=7,
    ),
)
