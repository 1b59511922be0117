"""What every record is: one row of one agency table in our words, its source and its subjects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, TypeVar

import msgspec

#: Kinds of subject (whom or what a detector reasons about).
SUBJECT_KINDS = ("person", "organisation", "case", "project", "cell", "pair", "agency")


class Source(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Where a row comes from; intake fills it, a model reads only ``agency`` and ``region``."""

    feed: str
    key: str
    agency: str = ""
    region: str = ""


class Record(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    gc=False,
    omit_defaults=True,
    tag_field="type",
    tag=True,
):
    """One row of one agency table. A subclass names the field that dates it and its routes.

    ``KEY`` names the fields that make the row's key where its feed has no better one; ``CODES`` the
    legal values of the coded fields (an optional one may also be empty), ``FORMS`` the form of
    those whose codes are a public list that is too long to repeat.

    ``ROUTES`` maps a subject kind (or ``party``: a person or an organisation, told by the form of
    the number) to the fields whose value names such a subject; the values may be tuples, and a
    property may compute them. Routing is a function of the row alone. Identity numbers stand in
    rows in clear; a subject never does (see :mod:`schemas.subject`). ``PERSONS`` are the fields
    that hold the number of somebody to whom the row is not routed, and ``TOKENS`` those where a
    person's number is only compared, so that it is kept under its token. ``NAMES`` says which field
    names whom where a row names several parties.

    Fields are only ever appended, each with a default, so that stored rows stay readable.
    """

    DAY: ClassVar[str] = ""
    KEY: ClassVar[tuple[str, ...]] = ()
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    FORMS: ClassVar[Mapping[str, re.Pattern[str]]] = {}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {}
    PERSONS: ClassVar[tuple[str, ...]] = ()
    TOKENS: ClassVar[tuple[str, ...]] = ()
    NAMES: ClassVar[Mapping[str, str]] = {}
    DERIVED: ClassVar[bool] = False  #: made by a derivation, not by an agency: proves no absence

    source: Source
    sealed_basis: str = ""  #: permissions, joined by "+", that a model needs to see it; empty: none

    @property
    def day(self) -> date:
        """The date that orders the row in a dossier; the earliest date where the row has none."""
        value: date | None = getattr(self, self.DAY)
        return value or date.min

    def called(self, number: str) -> str:
        """The name that the row gives to whoever has this number; empty where it gives none."""
        if not self.NAMES:
            return getattr(self, "name", "")
        for field, names in self.NAMES.items():
            value, name = getattr(self, field), getattr(self, names)
            if value == number:
                return str(name)
            if isinstance(value, tuple) and number in value and len(name) == len(value):
                return str(name[value.index(number)])
        return ""


@lru_cache(maxsize=1_000)
def bases_of(sealed_basis: str) -> frozenset[str]:
    """The permissions that a row is sealed by; a derived row may need several."""
    return frozenset(sealed_basis.split("+")) if sealed_basis else frozenset()


def sealed_by(permissions: Iterable[str]) -> str:
    """The basis of a row that needs all of these permissions."""
    return "+".join(sorted(permissions))


#: Every record type by name, filled as the modules of ``schemas`` (and of packs) are imported.
RECORD_TYPES: dict[str, type[Record]] = {}

R = TypeVar("R", bound=Record)

_decoders: dict[str, msgspec.json.Decoder[Any]] = {}


def record_type(cls: type[R]) -> type[R]:
    """Register a record type; a second type of the same name is a mistake, not a replacement."""
    name = cls.__name__
    if RECORD_TYPES.setdefault(name, cls) is not cls:
        raise ValueError(f"record type {name} is defined twice: {cls} and {RECORD_TYPES[name]}")
    _decoders[name] = msgspec.json.Decoder(cls)
    return cls


def decode_record(name: str, data: bytes | msgspec.Raw) -> Record:
    """Decode one row of the named type; raises ``KeyError`` for an unknown type."""
    row: Record = _decoders[name].decode(data)
    return row
