"""Offences near a crime: penalties with their measures, transfers to the police, police cases."""

from __future__ import annotations

from streams.district.tables.table import table

# 双公示 and, behind it, the agency's own case system: the sums of the act, when it was reported.
_PENALTY = (
    "cf_wsh:text cf_xdr_mc:text cf_xdr_dm:text cf_wfxw:text cf_cflb:text cf_nr_fk:decimal6"
    " cf_jdrq:date wfrq:date ysbgrq:date hzje:decimal2 xsje:decimal2 wfsd:decimal2 se:decimal2"
    " sezb:int sl:decimal2 mj:int dl:text cxrq:date"
)
_TRANSFER = "ysbh:text cf_wsh:text xdr_dm:text lcdm:text ysrq:date"

_AGENCIES = tuple(
    part
    for agency in ("market", "tobacco", "tax", "ecology", "resources")
    for part in (
        table(f"{agency}-case", f"{agency}.xz_aj", "cf_wsh", _PENALTY, lag=7),
        table(f"{agency}-transfer", f"{agency}.xz_ys", "ysbh", _TRANSFER, lag=3),
    )
)
_OTHERS = (
    table(
        "tax-arrears",
        "tax.bj_rk",
        "pzh",
        "pzh:text cf_wsh:text nsr:text jkrq:date jkje:decimal2",
        lag=5,
    ),
    table(
        "police-case",
        "police.xs_la",
        "ajbh sfzh",
        "ajbh:text sfzh:text xm:text ay:text larq:date jarq:date jafs:text jjfz:text jd:text",
    ),
)

TABLES = (*_AGENCIES, *_OTHERS)
