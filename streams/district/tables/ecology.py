"""Hazardous waste: what was bought, taken in, stored and handed over, and what was approved."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "ecology-flow",
        "ecology.wf_ld",
        "ldbh",
        "ldbh:text tyshxydm:text dwmc:text dfdm:text dfmc:text ldlx:text fldm:text fsrq:date"
        " zl:decimal2 sl:decimal2 jydw:text",
        every=7,
        lag=5,
    ),
    table(
        "ecology-step",
        "ecology.wf_sp",
        "spxh",
        "spxh:text spwh:text tyshxydm:text lcdm:text fsrq:date jzrq:date",
        every=7,
        lag=5,
    ),
)
