"""The transport bureau: penalties and certificates of carriers."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "transport-penalty",
        "transport.ys_cf",
        "cfwsh",
        "cfwsh:text dsrdm:text dsrmc:text ay:text cflb:text fkje:decimal2 larq:date jdrq:date"
        " sdrq:date",
        lag=5,
    ),
    table(
        "transport-certificate",
        "transport.cy_zg",
        "zgzh",
        "zgzh:text sfzh:text xm:text zglb:text fzrq:date yxqz:date zt:text zxrq:date",
        lag=3,
    ),
)
