"""Reads ``[fields]`` of a contract: one rule per field of the record, checked against its type."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.codes import PERMISSIONS, check_code
from schemas.contract_reader import Reader
from schemas.datum import DATUMS
from schemas.errors import RecordError
from schemas.field_rule import (
    COMMON_OPTIONS,
    LIST_ITEMS,
    MONEY_UNITS,
    OPTIONS,
    FieldRule,
    Organ,
    Slot,
    item_kinds,
)
from schemas.record import Record

_EPOCHS = ("epoch_days", "epoch_ms", "epoch_us")


def read_fields(
    reader: Reader, cls: type[Record], slots: Mapping[str, Slot]
) -> tuple[FieldRule, ...]:
    """Read the table ``fields``; every required field of the type must have a rule."""
    inside = reader.child("fields")
    if inside is None:
        reader.mistake("fields", f"missing; legal: a table with {', '.join(_needed(slots))} …")
        return ()
    rules = []
    for name in inside.table:
        slot = slots.get(name)
        if slot is None:
            inside.mistake(name, f"no field of {cls.__name__}; legal: {', '.join(slots)}")
            continue
        one = inside.child(name)
        if one is None:
            continue
        if one.has("value"):
            rules.append(_constant(one, cls, slot))
        else:
            rule = read_rule(one, name, slot.kinds)
            _check_codes(one, cls, slot, rule)
            rules.append(rule)
    for name in _needed(slots):
        if name not in inside.table:
            inside.mistake(name, f"missing: {cls.__name__} needs it; legal: a column or a value")
    return tuple(rules)


def read_rule(reader: Reader, name: str, kinds: tuple[str, ...]) -> FieldRule:
    """Read one rule with a column. ``kinds`` are legal, the first is meant where none is named."""
    columns = reader.texts("column", required=True)
    if not kinds:
        reader.mistake("", "a field of this type cannot be mapped")
        return FieldRule(name, columns)
    default = "text" if "text" in kinds else None
    kind = reader.text("kind", default, choices=kinds)
    none = frozenset(reader.texts("none"))
    optional = reader.flag("optional", False)
    if kind not in kinds:
        return FieldRule(name, columns)
    if kind == "point" and len(columns) != 2:
        reader.mistake("column", "a point has two: longitude, latitude, in degrees")
    item = reader.text("of", "text", choices=LIST_ITEMS) if kind == "list" else kind
    form = _read_format(reader, name) if item == "date" else "iso"
    for option, whose in (("format", "date"), ("unit", "money")):
        if kind == "list" and item != whose and reader.has(option):
            reader.mistake(option, f"is of no use: only a list of {whose} has it")
    rule = FieldRule(
        name,
        columns,
        kind=kind,
        none=none,
        optional=optional,
        codes=_read_codes(reader, kind) if "codes" in OPTIONS[kind] else {},
        format=form,
        zone=_read_zone_of(reader, form) if item == "date" else None,
        unit=reader.text("unit", choices=tuple(MONEY_UNITS)) if item == "money" else "",
        factor=_read_factor(reader) if kind == "decimal" else "1",
        round_down=kind == "decimal"
        and reader.text("round", "exact", choices=("exact", "down")) == "down",
        separator=reader.text("separator", "", means="what stands between two items")
        if "separator" in OPTIONS[kind]
        else "",
        of=item if kind == "list" else "text",
        organ=_read_organ(reader) if kind in ("number", "case_no") else Organ(),
        datum=reader.text("datum", "cgcs2000", choices=tuple(DATUMS))
        if "datum" in OPTIONS[kind]
        else "cgcs2000",
    )
    reader.done(*COMMON_OPTIONS, *OPTIONS[kind])
    return rule


def read_zone(reader: Reader, key: str, default: str | None) -> ZoneInfo | None:
    """Read the name of a time zone; None without one."""
    name = reader.text(key, default, means="a zone's name, such as Asia/Shanghai or UTC")
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        reader.mistake(key, f"{name!r} is no time zone; legal: such as Asia/Shanghai or UTC")
        return None


def _needed(slots: Mapping[str, Slot]) -> list[str]:
    return [slot.name for slot in slots.values() if slot.required]


def _constant(reader: Reader, cls: type[Record], slot: Slot) -> FieldRule:
    value = reader.take("value")
    if slot.type == tuple[str, ...] and isinstance(value, list):
        value = tuple(value) if all(isinstance(item, str) for item in value) else value
    right = isinstance(value, tuple) if slot.type == tuple[str, ...] else type(value) is slot.type
    if isinstance(value, datetime) or not right:
        wanted: dict[object, str] = {str: "a text", date: "a date", int: "a whole number"}
        legal = wanted.get(slot.type, "true, false" if slot.type is bool else "a list of texts")
        reader.mistake("value", f"is {value!r:.60}; legal: {legal}")
    elif slot.required and value == "":
        reader.mistake("value", "is empty; legal: a text")
    else:
        _check_value(reader, "value", cls, slot, value)
    reader.done()
    return FieldRule(slot.name, value=value)


def _check_value(reader: Reader, key: str, cls: type[Record], slot: Slot, value: object) -> None:
    if slot.name == "sealed_basis" and value not in ("", *PERMISSIONS):
        reader.mistake(key, f"{value!r:.60} is no permission; legal: {', '.join(PERMISSIONS)}")
    try:
        check_code(cls, slot.attribute, value)
    except RecordError as error:
        reader.mistake(key, error.detail)


def _check_codes(reader: Reader, cls: type[Record], slot: Slot, rule: FieldRule) -> None:
    """Check what the codes stand for, and that a list of parties is read as parties."""
    if rule.kind == "list":
        legal = item_kinds(cls, slot.attribute)
        if rule.of not in legal:
            reader.mistake("of", f"{rule.of!r} is not legal here; legal: {', '.join(legal)}")
    if rule.kind in ("text", "list"):
        for code, value in rule.codes.items():
            _check_value(reader, f"codes.{code}", cls, slot, value)


def _read_codes(reader: Reader, kind: str) -> dict[str, object]:
    inside = reader.child("codes")
    if inside is None:
        return {}
    wanted: type = bool if kind == "boolean" else str
    found: dict[str, object] = {}
    for code in inside.table:
        value = inside.take(code)
        if type(value) is not wanted:
            legal = "true, false" if wanted is bool else "a text"
            inside.mistake(code, f"is {value!r:.60}; legal: {legal}")
        else:
            found[code] = value
    if not found and not inside.table:
        inside.mistake("", 'is empty; legal: {"code in the table" = what it means}')
    return found


def _read_format(reader: Reader, name: str) -> str:
    legal = f"iso, {', '.join(_EPOCHS)}, or the parts of a date such as %Y%m%d"
    form = reader.text("format", "iso", means=legal)
    if form == "iso" or form in _EPOCHS:
        return form
    parts = ("%Y", "%m") if name == "month" else ("%Y", "%m", "%d")
    sample = datetime(2024, 11, 23, 10, 30, 59)
    try:
        readable = datetime.strptime(sample.strftime(form), form)
    except (ValueError, UnicodeError):
        readable = None
    if readable is None or any(part not in form for part in parts):
        reader.mistake("format", f"{form!r:.60} is no form of a date; legal: {legal}")
        return "iso"
    return form


def _read_zone_of(reader: Reader, form: str) -> ZoneInfo | None:
    """A count of milliseconds may be a moment, or a clock on a wall counted as if it were UTC."""
    if form not in ("epoch_ms", "epoch_us"):
        return read_zone(reader, "zone", "") if reader.has("zone") else None
    if not reader.has("zone"):
        reader.mistake(
            "zone",
            f"missing: {form} needs it; legal: UTC where the column has no zone (Debezium counts "
            "its wall clock as UTC), the agency's zone such as Asia/Shanghai where it is a moment",
        )
        return None
    return read_zone(reader, "zone", None)


def _read_factor(reader: Reader) -> str:
    value = reader.take("factor")
    if value is None:
        return "1"
    text = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    whole, _, part = text.partition(".")
    if not (text.isascii() and whole.isdigit() and (part.isdigit() or "." not in text)):
        reader.mistake("factor", f'is {value!r:.60}; legal: a number such as 1000 or "666.67"')
        return "1"
    return text


def _read_organ(reader: Reader) -> Organ:
    value = reader.table.get("organ")
    if isinstance(value, dict):
        inside = reader.child("organ")
        column = inside.text("column", means="a column") if inside else ""
        if inside:
            inside.done()
        return Organ(column=column)
    return Organ(code=reader.text("organ", "", means='a code, or {column = "…"}'))
