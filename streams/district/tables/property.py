"""What people own and for whom they work: the registers that a court asks."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "fund-holding",
        "fund.gjj_zh",
        "zhbh",
        "zhbh:text sfzh:text xm:text ye:decimal2 djje:decimal2 khrq:date xhrq:date",
        every=7,
        lag=5,
    ),
    table(
        "hrss-enrolment",
        "hrss.cb_dj",
        "cbxh",
        "cbxh:text sfzh:text xm:text tyshxydm:text dwmc:text xzlx:text ksrq:date jsrq:date bj:text",
        every=3,
        lag=5,
    ),
    table(
        "hrss-inspection",
        "hrss.ldjc_lc",
        "lcxh",
        "lcxh:text ah:text zjhm:text lcdm:text fsrq:date wsh:text",
        lag=5,
    ),
    table(
        "resources-holding",
        "resources.bdc_dj",
        "bdcqzh zjhm",
        "bdcqzh:text zjhm:text qlr:text gyfe:int pgjz:decimal2 dyje:decimal2 djrq:date zxrq:date",
        every=7,
        lag=5,
    ),
    table(
        "tax-receipt",
        "tax.lx_js",
        "pzh",
        "pzh:text ah:text nsr:text jkrq:date jkje:decimal2",
        every=7,
        lag=5,
    ),
)
