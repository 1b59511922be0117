"""Rows put together, or told apart, by the value of one field."""

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


def by_number(rows: Iterable[R], field: str) -> tuple[R, ...]:
    """One row for each value of ``field``, the last in their order.

    Agencies enter one paper twice, under keys of their own; its number makes one obligation.
    """
    return tuple({getattr(row, field): row for row in rows}.values())


def distinct(*rows: Record | None) -> tuple[Record, ...]:
    """The rows that are there, each once: what a finding rests on."""
    return tuple({id(row): row for row in rows if row is not None}.values())
