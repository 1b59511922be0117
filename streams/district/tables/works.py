"""Building sites: permits (housing), what happened on them (housing, labour), the wage rolls."""

from __future__ import annotations

from streams.district.tables.table import table

_EVENT = "sjbh:text xkzh:text sjlx:text fsrq:date jsrq:date je:decimal2 wsh:text xqrq:date"

TABLES = (
    table(
        "housing-project",
        "housing.gc_xm",
        "xkzh",
        "xkzh:text xmmc:text jsdw:text jsdwmc:text zcb:text zcbmc:text xkrq:date htrq:date"
        " kgrq:date tgrq:date jgrq:date htje:decimal2",
        lag=5,
    ),
    table("housing-site-event", "housing.gc_sj", "sjbh", _EVENT, lag=5),
    table("hrss-site-event", "hrss.gz_sj", "sjbh", _EVENT, lag=3),
    table(
        "hrss-site-wage",
        "hrss.gz_tz",
        "xkzh sfzh ny",
        "xkzh:text sfzh:text xm:text ny:text kqts:int yfje:decimal2 sfje:decimal2 ffrq:date",
        every=7,
        lag=40,  # a month is entered when it is over
    ),
)
