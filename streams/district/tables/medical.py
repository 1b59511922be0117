"""Medical insurance: settlements, what came back, recourse taken, and cards known to be misused."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "medical-settlement",
        "medical.jz_js",
        "jslsh",
        "jslsh:text sfzh:text xm:text jgdm:text jgmc:text yllb:text ryrq:date cyrq:date jsrq:date"
        " zddm:text wbyy:text zfy:decimal2 tczf:decimal2 wdsf:text jzd:text",
    ),
    table(
        "medical-refund",
        "medical.jj_th",
        "thpzh",
        "thpzh:text jslsh:text sfzh:text thrq:date thje:decimal2",
        every=7,
    ),
    table(
        "medical-recourse",
        "medical.zc_zt",
        "zcxh",
        "zcxh:text jslsh:text sfzh:text lcdm:text fsrq:date",
        every=7,
        lag=5,
    ),
    table(
        "medical-card",
        "medical.kp_md",
        "mdxh",
        "mdxh:text sfzh:text xm:text ksrq:date jsrq:date",
        every=7,
    ),
)
