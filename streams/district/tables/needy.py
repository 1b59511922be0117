"""Lists of people in need, people hurt, and the aid of the procuratorate."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "civil-listing",
        "civil.kn_md",
        "mdxh",
        "mdxh:text sfzh:text xm:text mdlb:text ksrq:date jsrq:date",
        every=3,
        lag=5,
    ),
    table(
        "disabled-listing",
        "disabled.cj_zs",
        "zsbh",
        "zsbh:text sfzh:text xm:text cjdj:text fzrq:date zxrq:date",
        every=7,
        lag=5,
    ),
    table(
        "police-incident",
        "police.jq_sh",
        "jqbh sfzh",
        "jqbh:text sfzh:text xm:text js:text fsrq:date jqlb:text shcd:text zrbl:int pcje:decimal2"
        " pcrq:date zrrbm:text ajbh:text",
    ),
    table(
        "procuratorate-aid",
        "procuratorate.jz_ff",
        "ffxh",
        "ffxh:text dybh:text sfzh:text ffrq:date ffje:decimal2",
    ),
)
