"""Civil affairs: cremations, and the benefits that it grants, pays and takes back."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "civil-cremation",
        "civil.hh_jl",
        "hhbh",
        "hhbh:text szsfzh:text szxm:text swrq:date hhrq:date",
        every=7,
        lag=5,
    ),
    table(
        "civil-benefit",
        "civil.sh_dy",
        "dybh",
        "dybh:text sfzh:text xm:text lb:text ksrq:date tzrq:date zhwh:text rzrq:date",
        lag=5,
    ),
    table(
        "civil-payment",
        "civil.sh_ff",
        "ffxh",
        "ffxh:text dybh:text sfzh:text lb:text ssq:text ffrq:date je:decimal2 thrq:date",
        every=3,
    ),
    table(
        "civil-refund",
        "civil.sh_tk",
        "tkbh",
        "tkbh:text dybh:text sfzh:text tkrq:date je:decimal2",
        every=7,
    ),
)
