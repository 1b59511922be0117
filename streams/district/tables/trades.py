"""Posts and certificates of trades: market, schools, guards, ride-hailing, and who was queried."""

from __future__ import annotations

from streams.district.tables.table import table

_POST = "rzbh:text dwdm:text dwmc:text sfzh:text xm:text gw:text rzrq:date lrrq:date hydm:text"

TABLES = (
    table("market-post", "market.ry_rz", "rzbh", _POST, lag=5),
    table(
        "market-food",
        "market.sp_xk",
        "xkzh",
        "xkzh:text czrdm:text czrmc:text fzrq:date yxqz:date zt:text zxrq:date",
        lag=5,
    ),
    table("education-post", "education.jg_rz", "rzbh", _POST, every=7, lag=10),
    table(
        "education-teacher",
        "education.js_zg",
        "zsbh",
        "zsbh:text sfzh:text xm:text fzrq:date zt:text zxrq:date",
        every=7,
        lag=10,
    ),
    table("police-guard-post", "police.ba_rz", "rzbh", _POST, lag=5),
    table(
        "police-guard",
        "police.ba_zj",
        "zjbh",
        "zjbh:text sfzh:text xm:text fzrq:date zt:text zxrq:date",
        lag=5,
    ),
    table(
        "transport-ride-hailing",
        "transport.wy_zj",
        "zjbh",
        "zjbh:text sfzh:text xm:text fzrq:date yxqz:date zt:text zxrq:date",
        lag=3,
    ),
    table(
        "procuratorate-query",
        "procuratorate.cx_cy",
        "cxbh",
        "cxbh:text sfzh:text dwdm:text cxrq:date",
    ),
)
