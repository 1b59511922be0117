"""Property parts of criminal judgments: what is owed, relief, the treasury, and commutation."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "court-item",
        "court.xs_ccx",
        "ah zjhm lb",
        "ah:text zjhm:text mc:text lb:text je:decimal2 gtcd:text sxrq:date jnqx:date",
    ),
    table(
        "court-treasury",
        "court.zx_sjgk",
        "jkspzh",
        "jkspzh:text ah:text zjhm:text sjrq:date sjje:decimal2",
    ),
    table(
        "court-relief",
        "court.xs_jm",
        "jmxh",
        "jmxh:text ah:text zjhm:text sqrq:date cdrq:date",
    ),
    table(
        "prison-step",
        "prison.jx_lc",
        "lcxh",
        "lcxh:text ah:text sfzh:text lcdm:text fsrq:date",
    ),
)
