"""Deaths as the clinics certify them."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "health-death",
        "health.sw_zm",
        "zmbh",
        "zmbh:text sfzh:text xm:text swsj:text swyy:text zfbz:text",
        every=3,
        lag=5,
    ),
)
