"""Civil suits, executions and the list of defaulters, as the court keeps them."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "court-civil",
        "court.ms_aj",
        "ah",
        "ah:text ay:text larq:date jarq:date jafs:text ssbd:decimal2 pjje:decimal2 lxje:decimal2"
        " sxrq:date yg:text ygmc:text bg:text bgmc:text dlr:text dlrlb:text dlrf:text bgqx:text"
        " jkbh:text fdtz:text ylksrq:date yljsrq:date ylje:decimal2",
    ),
    table(
        "court-execution",
        "court.zx_aj",
        "ah bzxr",
        "ah:text yjwh:text bzxr:text bzxrmc:text sqr:text sqrmc:text ay:text larq:date jarq:date"
        " jafs:text sqje:decimal2 wdwje:decimal2",
    ),
    table(
        "court-dishonest",
        "court.zx_sx",
        "ah sfzh",
        "ah:text sfzh:text xm:text yjwh:text larq:date xwqx:text fbrq:date ycqzr:date xzrq:date",
    ),
    table(
        "court-step",
        "court.aj_lc",
        "lcxh",
        "lcxh:text ah:text zjhm:text lcdm:text fsrq:date jzrq:date wsh:text",
    ),
    table(
        "court-receipt",
        "court.zx_sk",
        "skpzh",
        "skpzh:text ah:text sfzh:text skrq:date skje:decimal2",
    ),
)
