"""Values as Kafka Connect and Debezium encode them, by the name of their schema.

Semantic types: Debezium's ``io.debezium.time.*`` and ``io.debezium.data.*``, and the three of
Kafka Connect itself (``org.apache.kafka.connect.data.Decimal|Date|Time|Timestamp``). A type that is
not listed keeps its JSON value (text, integer, boolean). Converters raise ValueError or TypeError.
"""

from __future__ import annotations

import binascii
import datetime as dt
from collections.abc import Callable
from functools import lru_cache, partial

Converter = Callable[[object], object]

_DAY_ZERO = dt.date(1970, 1, 1).toordinal()
_MAX_SCALE = 1000  # PostgreSQL's numeric knows no more digits before or after the point than 16383

# What Debezium sends for PostgreSQL's 'infinity': in timestamps the milliseconds of java.sql,
# whatever the unit, in dates its own number of days since 2000, wrapped around 32 bits (3.6).
_INFINITE = {9223372036825200000: "infinity", -9223372036832400000: "-infinity"}
_INFINITE_DAYS = {-2147472692: "infinity", -2147472691: "-infinity"}


def decimal_text(unscaled: int, scale: int) -> str:
    """Write an exact decimal: ``decimal_text(12340, 2) == "123.40"``."""
    if not -_MAX_SCALE <= scale <= _MAX_SCALE:
        raise ValueError(f"a scale of {scale} is beyond any database")
    if scale <= 0:
        return str(unscaled * 10**-scale)
    digits = str(abs(unscaled)).zfill(scale + 1)
    return f"{'-' if unscaled < 0 else ''}{digits[:-scale]}.{digits[-scale:]}"


def unscaled_integer(value: object) -> int:
    """Read the base64 of a big-endian two's complement integer (java.math.BigInteger)."""
    if type(value) is not str:
        raise TypeError("base64 text is needed")
    return int.from_bytes(binascii.a2b_base64(value, strict_mode=True), "big", signed=True)


def decimal(value: object, scale: int) -> str:
    """Connect Decimal, as base64 (the default) or as a number (``decimal.format=NUMERIC``)."""
    if type(value) is int:
        return str(value)
    # A fraction arrives here as its literal; "." and "-" are no letters of base64.
    if type(value) is str and ("." in value or "-" in value):
        return value
    return decimal_text(unscaled_integer(value), scale)


def whole_decimal(value: object) -> int:
    """Connect Decimal of scale 0 without a precision: Debezium's exact BIGINT UNSIGNED."""
    return value if type(value) is int else unscaled_integer(value)


def variable_decimal(value: object) -> object:
    """``{"scale": 2, "value": base64}``: PostgreSQL's numeric without a declared scale."""
    if type(value) is not dict:
        return value  # decimal.handling.mode=string keeps the schema name off, but costs nothing
    scale, unscaled = value.get("scale"), value.get("value")
    if type(scale) is not int:
        raise TypeError("the scale is not an integer")
    return decimal_text(unscaled_integer(unscaled), scale)


def date(value: object) -> str:
    """Days since 1970-01-01."""
    days = _integer(value)
    return _INFINITE_DAYS.get(days) or _day(days)


def timestamp(value: object, per_second: int) -> str:
    """Time since 1970-01-01 00:00 of a column without zone: it stays without one."""
    units = _integer(value)
    if units in _INFINITE:
        return _INFINITE[units]
    seconds, rest = divmod(units, per_second)
    days, second = divmod(seconds, 86_400)
    whole = f"{_day(days)} {_clock(second)}"
    return whole + _fraction(rest, per_second) if rest else whole


def time(value: object, per_second: int) -> str:
    """Time since midnight; MySQL's TIME may be negative or longer than a day."""
    units = _integer(value)
    seconds, rest = divmod(abs(units), per_second)
    clock = _clock(seconds) + _fraction(rest, per_second)
    return "-" + clock if units < 0 else clock


# A feed's days and clock times come again and again, and formatting one costs a microsecond.


@lru_cache(maxsize=50_000)
def _day(days: int) -> str:
    try:
        return dt.date.fromordinal(days + _DAY_ZERO).isoformat()
    except (OverflowError, ValueError):
        # Legal in the database, no date here: the contract refuses the column, not the row's key.
        return f"{days} days since 1970-01-01"


@lru_cache(maxsize=86_400)
def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def without_invented_zone(value: object) -> object:
    """``IsoDate``, ``IsoTime``, ``IsoTimestamp``: Debezium adds a Z that the column has not."""
    if type(value) is not str:
        raise TypeError("text is needed")
    return value.removesuffix("Z").replace("T", " ")


def bits(value: object) -> int:
    """``io.debezium.data.Bits``: base64 of little-endian bytes."""
    if type(value) is not str:
        raise TypeError("base64 text is needed")
    return int.from_bytes(binascii.a2b_base64(value, strict_mode=True), "little")


def unsigned(value: object) -> int:
    """BIGINT UNSIGNED under ``bigint.unsigned.handling.mode=long``, which wraps above 2**63."""
    number = _integer(value)
    return number + 2**64 if number < 0 else number


def each(value: object, convert: Converter) -> object:
    """An array, element by element."""
    if type(value) is not list:
        raise TypeError("an array is needed")
    return [None if item is None else convert(item) for item in value]


def _integer(value: object) -> int:
    if type(value) is not int:
        raise TypeError("an integer is needed")
    return value


def _fraction(units: int, per_second: int) -> str:
    return f".{units:0{len(str(per_second)) - 1}}" if units else ""


_SECOND = {"": 1_000, "Micro": 1_000_000, "Nano": 1_000_000_000}

_TIMES: dict[str, Converter] = {}
for _unit, _per_second in _SECOND.items():
    _TIMES[f"io.debezium.time.{_unit}Time"] = partial(time, per_second=_per_second)
    _TIMES[f"io.debezium.time.{_unit}Timestamp"] = partial(timestamp, per_second=_per_second)

BY_NAME: dict[str, Converter] = {
    **_TIMES,
    "io.debezium.time.Date": date,
    "org.apache.kafka.connect.data.Date": date,
    "org.apache.kafka.connect.data.Time": partial(time, per_second=1_000),
    "org.apache.kafka.connect.data.Timestamp": partial(timestamp, per_second=1_000),
    "io.debezium.time.IsoDate": without_invented_zone,
    "io.debezium.time.IsoTime": without_invented_zone,
    "io.debezium.time.IsoTimestamp": without_invented_zone,
    "io.debezium.data.VariableScaleDecimal": variable_decimal,
    "io.debezium.data.Bits": bits,
}
