"""Sharing: equal strings and dates of all rows are one object, which is most of their memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

import msgspec

from schemas.record import Record

#: Strings and dates kept for sharing; numbers that occur once would else be kept for ever.
SHARED_AT_MOST = 400_000

_shared: dict[object, object] = {}
_Fields = tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]
_fields: dict[type, _Fields] = {}
_set = msgspec.structs.force_setattr
_SOURCE = ("feed", "agency", "region")
_source = attrgetter(*_SOURCE)


def interned(record: Record) -> Record:
    """The record with its strings and dates shared with others': most of a dossier's memory.

    Only a fresh, unshared record may be given: its fields are replaced by equal objects.
    """
    kind = type(record)
    names, values = _fields.get(kind) or _fields_of(kind)
    if len(_shared) > SHARED_AT_MOST:
        _shared.clear()  # sharing is only thrift: what is shared already stays shared
    share = _shared.setdefault
    own = values(record)
    for name, value, other in zip(names, own, map(share, own, own), strict=True):
        if value is not other:
            _set(record, name, other)
    source = record.source
    own = _source(source)
    for name, value, other in zip(_SOURCE, own, map(share, own, own), strict=True):
        if value is not other:
            _set(source, name, other)
    return record


def _fields_of(kind: type[Record]) -> _Fields:
    """The fields of a type that hold a text or a date, and a getter of all of them at once."""
    hints = get_type_hints(kind)
    names = tuple(
        name
        for name in kind.__struct_fields__
        if name not in ("source", "sealed_basis") and _is_plain(hints[name])
    )
    # Of fewer than two names attrgetter gives no tuple.
    several = attrgetter(*names) if len(names) > 1 else partial(_one_by_one, names)
    return _fields.setdefault(kind, (names, several))


def _is_plain(hint: object) -> bool:
    parts = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    return all(one in (str, date, NoneType) for one in parts)


def _one_by_one(names: tuple[str, ...], record: Record) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in names)
