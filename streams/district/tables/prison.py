"""The register of the prison."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "prison-restraint",
        "prison.fx_zy",
        "fxbh",
        "fxbh:text ah:text sfzh:text xm:text ryrq:date cyrq:date cyyy:text jym:text",
    ),
)
