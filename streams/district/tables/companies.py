"""Companies: the register and its events (market supervision), the month's activity (taxes)."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "market-company",
        "market.sc_zt",
        "tyshxydm",
        "tyshxydm:text ztmc:text ztlx:text zs:text zsdybm:text lxdh:text dzyx:text"
        " fddbr_zjhm:text fddbr:text blr_zjhm:text blr:text zczb:decimal6 jyfw:text hydm:text"
        " clrq:date zt:text ztrq:date",
        lag=3,
    ),
    table(
        "market-company-event",
        "market.sc_sx",
        "tyshxydm sxlx fsrq",
        "tyshxydm:text sxlx:text fsrq:date jzrq:date wsh:text bgq:text bgh:text",
        every=7,
        lag=5,
    ),
    table(
        "tax-activity",
        "tax.sb_yd",
        "tyshxydm ssq",
        "tyshxydm:text ssq:text cbrs:int kpje:decimal2 rkse:decimal2 gzze:decimal2 sbrq:date",
        every=7,
        lag=50,  # a month is declared in the middle of the next
    ),
)
