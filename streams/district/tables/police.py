"""The police: residents, deaths, measures of restraint, drug orders and penalties."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "police-resident",
        "police.hj_czrk",
        "gmsfhm",
        "gmsfhm:text xm:text xb:text csrq:date hh:text xzqh:text hjrq:date zn:text",
        every=7,
        lag=7,
    ),
    table(
        "police-death",
        "police.hj_swzx",
        "zxbh",
        "zxbh:text gmsfhm:text xm:text swrq:text swyy:text cxbz:text djsj:timestamp",
    ),
    table(
        "police-number-change",
        "police.hj_hmbg",
        "bgbh",
        "bgbh:text ygmsfhm:text gmsfhm:text xm:text bgrq:date bgyy:text",
    ),
    table(
        "police-restraint",
        "police.zf_qzcs",
        "csbh",
        "csbh:text ajbh:text gmsfhm:text xm:text cslx:text ksrq:date jsrq:date jsyy:text zxcs:text",
    ),
    table(
        "police-drug-order",
        "police.jd_jdjl",
        "jdbh",
        "jdbh:text gmsfhm:text xm:text jdlx:text jdrq:date bdrq:date dqrq:date jcrq:date cxrq:date",
        full=False,
    ),
    table(
        "police-penalty",
        "police.za_xzcf",
        "cfwsh",
        "cfwsh:text gmsfhm:text xm:text ay:text cflb:text fkje:decimal2 wfrq:date larq:date"
        " jdrq:date sdrq:date cxrq:date sazz:decimal2",
        lag=3,
    ),
)
