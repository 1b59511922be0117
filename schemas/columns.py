"""Taking values out of the columns of a row: which is empty, which meant, what is wrong where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from schemas.conversions import Converter, text
from schemas.errors import RecordError
from schemas.field_rule import FieldRule

Row = Mapping[str, object]


def is_empty(value: object) -> bool:
    """Null, or the blanks of a fixed-width column; zero and false are values."""
    return value is None or (type(value) is str and (not value or value.isspace()))


def taken(row: Row, columns: tuple[str, ...], rule: FieldRule) -> tuple[str, object]:
    """The first of the columns whose value is not empty, with it; all of them and None if none."""
    for column in columns:
        try:
            value = row[column]
        except KeyError:
            if rule.optional:
                continue
            raise RecordError("missing_column", column) from None
        if not is_empty(value) and str(value) not in rule.none:
            return column, value
    return " or ".join(columns), None


def pairs(row: Row, rule: FieldRule) -> tuple[tuple[str, str], ...]:
    """Every column that came, by its name or by ours, with its text; an empty one stays, empty."""
    found = []
    for column in rule.columns:
        came, value = taken(row, (column,), rule)
        if column in row:
            plain = "" if value is None else read_in(came, text, value)
            found.append((str(rule.codes.get(column, column)), str(plain)))
    return tuple(found)


def each(items: Callable[[object], Any], read: Converter, value: object) -> tuple[object, ...]:
    """The items of a list, each read once more."""
    return tuple(read(item) for item in items(value))


def read_in(column: str, read: Callable[..., Any], *values: object) -> Any:
    """Read the values, and let an error name their column."""
    try:
        return read(*values)
    except RecordError as error:
        raise RecordError(error.reason, column, error.detail) from None
