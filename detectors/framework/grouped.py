"""Rows put together by the value of one field, so that a model looks at each row once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from schemas.record import Record

R = TypeVar("R", bound=Record)


def grouped(rows: Iterable[R], field: str) -> dict[str, tuple[R, ...]]:
    """The rows by the value of ``field``, in their order; asking row by row would be quadratic."""
    found: dict[str, list[R]] = {}
    for row in rows:
        found.setdefault(getattr(row, field), []).append(row)
    return {value: tuple(group) for value, group in found.items()}
