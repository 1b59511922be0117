"""Schools with their gates, and the licences of net cafés with the point where they are."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "culture-licence",
        "culture.wb_xk",
        "xkzh",
        "xkzh:text tyshxydm:text dwmc:text jd:text wd:text fzrq:date yxqz:date zt:text zxrq:date",
        every=3,
        lag=5,
    ),
    table(
        "education-school",
        "education.xx_jbxx",
        "xxbsm",
        "xxbsm:text xxmc:text xxlb:text xmzb:text jxrq:date cbrq:date zxs:int",
        every=7,
        lag=30,
    ),
)
