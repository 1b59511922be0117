"""The traffic police: checks, driving licences and penalties."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "traffic-check",
        "traffic.jg_jjjc",
        "jcbh",
        "jcbh:text gmsfhm:text xm:text jcsj:timestamp jjhl:int cllx:text yyfl:text sgzz:text"
        " zsty:text clrq:date cxrq:date",
    ),
    table(
        "traffic-licence",
        "traffic.jg_jsz",
        "dabh",
        "dabh:text gmsfhm:text xm:text zjcx:text clrq:date yxqz:date zt:text ztrq:date",
        full=False,
        lag=3,
    ),
    table(
        "traffic-penalty",
        "traffic.jg_jdcf",
        "jdsbh",
        "jdsbh:text gmsfhm:text xm:text wfdm:text cflb:text fkje:decimal2 wfrq:date larq:date"
        " jdrq:date sdrq:date cxrq:date",
    ),
)
