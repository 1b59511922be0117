"""Penalties of market supervision, as 双公示 publishes them."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "market-penalty",
        "market.xzcf",
        "cf_wsh",
        "cf_wsh:text cf_xdr_mc:text cf_xdr_lb:text cf_xdr_dm:text cf_fddbr:text cf_wfxw:text"
        " cf_wfss:text cf_yj:text cf_cflb:text cf_nr:text cf_nr_fk:decimal6 cf_jdrq:text"
        " cf_yxq:text cf_gsjzq:text larq:text sdrq:text",
        lag=7,
    ),
)
