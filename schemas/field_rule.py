"""Where one field of a record comes from: a column (or a constant), and how its value is read."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import msgspec

from schemas.record import Record

#: Kinds of value that fill a field of each Python type.
KINDS_OF: Mapping[object, tuple[str, ...]] = {
    str: ("text", "person", "organisation", "party", "number", "case_no", "token"),
    date: ("date",),
    int: ("money", "integer", "decimal"),
    bool: ("boolean",),
    tuple[str, ...]: ("list",),
    tuple[date, ...]: ("list",),
    tuple[int, ...]: ("list",),
    tuple[tuple[str, str], ...]: ("pairs",),
    tuple[float, float]: ("point",),
    tuple[tuple[float, float], ...]: ("points",),
}

#: 10 to this power makes fen of one unit: 分, 元, 万元.
MONEY_UNITS = {"fen": 0, "yuan": 2, "wan": 6}

#: Options of each kind beside those that every rule may have.
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "text": ("codes",),
    "person": (),
    "organisation": (),
    "party": (),
    "number": ("organ",),
    "case_no": ("organ",),
    "date": ("format", "zone"),
    "money": ("unit",),
    "integer": (),
    "decimal": ("factor", "round"),
    "boolean": ("codes",),
    "list": ("separator", "codes", "of", "format", "unit"),
    "pairs": ("codes",),
    "point": ("datum",),
    "points": ("separator", "datum"),
    "token": (),
}
COMMON_OPTIONS = ("column", "kind", "none", "optional")
LIST_ITEMS = ("text", "person", "organisation", "party", "token", "date", "money", "integer")


@dataclass(frozen=True, slots=True)
class Organ:
    """The organ that issued a number: its code or the column that has it; neither: the agency."""

    code: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How one field is filled. ``columns`` are tried in order, the first that is not empty counts;
    without columns ``value`` is the same for every row."""

    name: str
    columns: tuple[str, ...] = ()
    value: object = None
    kind: str = "text"
    none: frozenset[str] = frozenset()  #: texts that mean nothing, such as 9999-12-31
    optional: bool = False  #: rows may come without the column
    codes: Mapping[str, object] = field(default_factory=dict)
    format: str = "iso"
    zone: ZoneInfo | None = None
    unit: str = ""
    factor: str = "1"
    round_down: bool = False
    separator: str = ""
    of: str = "text"
    organ: Organ = Organ()
    datum: str = "cgcs2000"


@dataclass(frozen=True, slots=True)
class Slot:
    """A field of a record type as a contract may fill it; ``name`` is its name on the wire."""

    name: str
    attribute: str
    type: object
    required: bool
    kinds: tuple[str, ...]


def slots_of(cls: type[Record]) -> dict[str, Slot]:
    """The fields of a record type that a contract may fill, by their name on the wire.

    A field that names a subject is read as that kind of subject, one that only tells persons apart
    as a token, one that ends in ``_fen`` as money, and one that names a case as a number, so that
    no spelling, no number in clear and no unit slips through.
    """
    hints = get_type_hints(cls)
    found: dict[str, Slot] = {}
    for info in msgspec.structs.fields(cls):
        if info.name == "source":
            continue
        base = _without_none(hints[info.name])
        found[info.encode_name] = Slot(
            info.encode_name, info.name, base, info.required, _kinds(cls, info.name, base)
        )
    return found


def _kinds(cls: type[Record], name: str, base: object) -> tuple[str, ...]:
    if base is int:
        return ("money",) if name.endswith("_fen") else ("integer", "decimal")
    if base is str:
        if name in cls.TOKENS:
            return ("token",)
        if name in cls.PERSONS:
            return ("party", "person", "organisation") if name != "person" else ("person",)
        for subject, kinds in (
            ("person", ("person",)),
            ("organisation", ("organisation",)),
            ("party", ("party", "person", "organisation")),
            ("case", ("number", "case_no")),
        ):
            if name in cls.ROUTES.get(subject, ()):
                return kinds
        return ("text", "number", "case_no")
    return KINDS_OF.get(base, ())


def item_kinds(cls: type[Record], name: str) -> tuple[str, ...]:
    """What the items of a list field may be read as."""
    if name in cls.TOKENS:
        return ("token",)
    if name in cls.PERSONS:
        return ("person",)
    base = _without_none(get_type_hints(cls)[name])
    if base == tuple[date, ...]:
        return ("date",)
    if base == tuple[int, ...]:
        return ("money",) if name.endswith("_fen") else ("integer",)
    for subject in ("person", "organisation", "party"):
        if name in cls.ROUTES.get(subject, ()):
            return (subject,)
    return ("text",)


def _without_none(hint: Any) -> object:
    if get_origin(hint) in (Union, types.UnionType):
        rest = [part for part in get_args(hint) if part is not type(None)]
        return rest[0] if len(rest) == 1 else hint
    return hint
