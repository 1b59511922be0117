"""Positions in MySQL's binary log as numbers that can be compared."""

from __future__ import annotations


def file_number(name: str) -> int | None:
    """Number of a binlog file: 123 of ``mysql-bin.000123``; None if the name has no number."""
    digits = name.rpartition(".")[2]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else None
