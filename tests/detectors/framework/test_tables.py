"""Tables in texts stay readable, however long the list of facts is."""

from __future__ import annotations

from datetime import date

from detectors.framework.months import PaidMonth
from detectors.framework.tables import LINES_AT_MOST, table

MONTHS = [date(1900 + n // 12, n % 12 + 1, 1) for n in range(LINES_AT_MOST + 60)]


def cell(_: str, value: object) -> str:
    return str(value)


def test_a_long_table_is_cut_and_its_sum_is_of_all() -> None:
    rows = [PaidMonth(month, 100 + n) for n, month in enumerate(MONTHS)]
    lines = table(rows, "en", cell).splitlines()
    assert len(lines) == LINES_AT_MOST + 4  # header, rule, the cut, the sum
    assert lines[-2].startswith("| … 60 more months |")
    total_fen = sum(row.amount_fen for row in rows)
    assert f"{total_fen / 100:,.2f}" in lines[-1]


def test_a_short_table_is_whole() -> None:
    lines = table([PaidMonth(month, 100) for month in MONTHS], "zh", cell).splitlines()
    assert len(lines) == 4  # equal months follow one another: one line
