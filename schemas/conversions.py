"""How a column's value is read, per kind: exact, loud, and compiled once per feed.

A converter takes a value that is not null and returns the field's value, or raises
:class:`RecordError` with a quarantine code. Money never passes through a binary fraction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from schemas.datum import DATUMS, Point
from schemas.errors import RecordError
from schemas.field_rule import MONEY_UNITS, FieldRule
from schemas.identifiers import credit_code, party_id, quoted, resident_id

Converter = Callable[[object], object]

_AMOUNT = re.compile(r"([+-]?)(\d{1,20})(?:\.(\d{0,20}))?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,20}(\.\d{0,20})?([eE][+-]?\d{1,2})?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,20}", re.ASCII)
_LARGEST = 2**63 - 1
_TRUE, _FALSE = ("1", "true", "t", "y"), ("0", "false", "f", "n")
_EPOCH = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))
_DAY_ZERO = date(1970, 1, 1).toordinal()


def converter(rule: FieldRule, zone: ZoneInfo) -> Converter:
    """Compile the rule's reading; ``zone`` is that of the table's times."""
    match rule.kind:
        case "text":
            return partial(_coded, codes=rule.codes) if rule.codes else text
        case "person":
            return lambda value: resident_id(text(value)).number
        case "organisation":
            return lambda value: credit_code(text(value))
        case "party":
            return lambda value: party_id(text(value))
        case "date":
            return _dates(rule, rule.zone or zone)
        case "money":
            return partial(fen, scale=MONEY_UNITS[rule.unit])
        case "integer":
            return integer
        case "decimal":
            return partial(scaled, factor=Decimal(rule.factor), down=rule.round_down)
        case "boolean":
            return partial(_coded, codes=rule.codes) if rule.codes else boolean
        case "list":
            return _lists(rule, zone)
        case "points":
            return partial(points, separator=rule.separator or ";", datum=DATUMS[rule.datum])
        case "number" | "case_no":
            return text  # the issuing organ may be in another column: the mapper goes on from here
    raise AssertionError(f"kind {rule.kind!r} has no converter")


def text(value: object) -> str:
    """A text without the blanks that fixed-width columns add; a whole number as it is written."""
    if type(value) is str:
        return value.strip()
    if type(value) is int:
        return str(value)
    raise RecordError("bad_type", detail=f"{type(value).__name__} where a text is needed")


def integer(value: object) -> int:
    """A whole number; ``12.0`` is one too, ``12.5`` is not."""
    if type(value) is int:
        number = value
    else:
        plain = text(value)
        if not _INTEGER.fullmatch(plain):
            return scaled(plain, Decimal(1), False)
        number = int(plain)
    if abs(number) > _LARGEST:
        raise RecordError("bad_integer", detail="more than 63 bits")
    return number


def scaled(value: object, factor: Decimal, down: bool) -> int:
    """A decimal number times the factor, as a whole number; rounded towards zero only if asked."""
    plain = text(value)
    if not _DECIMAL.fullmatch(plain):
        raise RecordError("bad_integer", detail=f"{quoted(value)} is no decimal number")
    number = Decimal(plain) * factor
    whole = int(number)
    if whole != number and not down:
        raise RecordError("bad_integer", detail=f"{quoted(value)} leaves a fraction")
    if abs(whole) > _LARGEST:
        raise RecordError("bad_integer", detail="more than 63 bits")
    return whole


def fen(value: object, scale: int) -> int:
    """An amount in fen; ``scale`` is the power of ten from the column's unit to fen."""
    if type(value) is int:
        amount = value * int(10**scale)
    else:
        found = _AMOUNT.fullmatch(text(value))
        if found is None:
            raise RecordError("bad_money", detail=f"{quoted(value)} is no amount such as 1234.50")
        sign, whole, part = found.groups()
        part = (part or "").rstrip("0")
        if len(part) > scale:
            raise RecordError("bad_money", detail=f"{quoted(value)} is not a whole number of fen")
        amount = int(f"{sign}{whole}{part.ljust(scale, '0')}")
    if abs(amount) > _LARGEST:
        raise RecordError("bad_money", detail="more than 63 bits of fen")
    return amount


def boolean(value: object) -> bool:
    """True or false as databases write them; other words need ``codes``."""
    if type(value) is bool:
        return value
    word = text(value).lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise RecordError("unknown_code", detail=f"{quoted(value)} is neither true nor false")


def degrees(longitude: object, latitude: object) -> tuple[float, float]:
    """A point in or near China, longitude first."""
    point = tuple(text(part) for part in (longitude, latitude))
    if all(_DECIMAL.fullmatch(part) for part in point):
        east, north = (float(part) for part in point)
        if 70 <= east <= 140 and 0 <= north <= 60:
            return east, north
    raise RecordError("bad_point", detail="not longitude and latitude in degrees")


def points(
    value: object, separator: str, datum: Callable[[Point], Point]
) -> tuple[tuple[float, float], ...]:
    """Several points in one column, or an array of pairs; a point is ``longitude,latitude``."""
    items = value if isinstance(value, list) else text(value).split(separator)
    found = []
    for item in items:
        parts = item if isinstance(item, list) else text(item).split(",")
        if parts in ([], [""]):
            continue
        if len(parts) != 2:
            raise RecordError("bad_point", detail="not longitude,latitude")
        found.append(datum(degrees(*(repr(p) if type(p) is float else p for p in parts))))
    return tuple(found)


def _coded(value: object, codes: Mapping[str, object]) -> object:
    word = str(value).lower() if type(value) is bool else text(value)
    try:
        return codes[word]
    except KeyError:
        raise RecordError(
            "unknown_code", detail=f"{quoted(value)}; the contract knows: {', '.join(codes)}"
        ) from None


def _lists(rule: FieldRule, zone: ZoneInfo) -> Converter:
    read: Converter = text
    if rule.codes:
        read = partial(_coded, codes=rule.codes)
    elif rule.of != "text":
        read = converter(replace(rule, kind=rule.of), zone)
    separator = rule.separator

    def items(value: object) -> tuple[object, ...]:
        parts: list[object]
        if isinstance(value, list):
            parts = value
        else:
            whole = text(value)
            parts = list(whole.split(separator)) if separator else [whole]
        return tuple(read(part) for part in parts if part not in (None, "") and part != " ")

    return items


def _dates(rule: FieldRule, zone: ZoneInfo) -> Converter:
    read: Callable[[object], date]
    if rule.format == "iso":
        read = partial(_iso, zone=zone)
    elif rule.format == "epoch_days":
        read = _from_days
    elif rule.format in ("epoch_ms", "epoch_us"):
        read = partial(_from_count, unit=1000 if rule.format == "epoch_ms" else 1, zone=zone)
    else:
        read = partial(_by_form, form=rule.format, zone=zone)
    first = rule.name == "month"  # the month a payment is for is kept as its first day

    def day(value: object) -> date:
        try:
            found = read(value)
        except (ValueError, OverflowError):
            raise _bad_date(value, rule.format) from None
        except RecordError as error:
            raise (
                _bad_date(value, rule.format) if error.reason == "bad_integer" else error
            ) from None
        if not 1800 <= found.year <= 2200:
            raise RecordError(
                "bad_date", detail=f'{quoted(value)}: if it means no date, say so by none = ["…"]'
            )
        return found.replace(day=1) if first else found

    known = lru_cache(maxsize=8192)(day)  # dates repeat, and reading one costs most of a row
    return lambda value: known(value) if type(value) is str else day(value)


def _iso(value: object, zone: ZoneInfo) -> date:
    plain = text(value)
    if plain[4:5] != "-" or plain[7:8] != "-":
        raise ValueError(plain)
    if len(plain) == 10:
        return date.fromisoformat(plain)
    return _local(datetime.fromisoformat(plain), zone)


def _by_form(value: object, form: str, zone: ZoneInfo) -> date:
    return _local(datetime.strptime(text(value), form), zone)


def _from_days(value: object) -> date:
    return date.fromordinal(integer(value) + _DAY_ZERO)


def _from_count(value: object, unit: int, zone: ZoneInfo) -> date:
    return (_EPOCH + timedelta(microseconds=integer(value) * unit)).astimezone(zone).date()


def _local(moment: datetime, zone: ZoneInfo) -> date:
    """The day of a time: as written without a zone, in the table's zone with one."""
    return moment.date() if moment.tzinfo is None else moment.astimezone(zone).date()


def _bad_date(value: object, form: str) -> RecordError:
    return RecordError("bad_date", detail=f"{quoted(value)} is no date of the form {form}")
