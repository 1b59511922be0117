"""Rows as people write them, in cases and replay files: a type, fields, and maybe a source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from schemas.codes import check_codes
from schemas.errors import RecordError
from schemas.keys import record_key
from schemas.record import RECORD_TYPES, Record, Source

_SOURCE = ("feed", "key", "agency", "region")


def read_row(table: Mapping[str, Any], token: Callable[[str], str] | None = None) -> Record:
    """Make a record of ``{type = "Death", person = ..., ...}``; raises :class:`RecordError`.

    The feed defaults to the type's name in lower case, the key to the type's key fields. What the
    source has else stands in ``source = {feed, key, agency, region}`` or beside the fields; a type
    with an ``agency`` or ``region`` of its own takes the value there too. ``token`` hides persons'
    numbers in the key.
    """
    name = table.get("type")
    kind = RECORD_TYPES.get(name) if isinstance(name, str) else None
    if kind is None:
        legal = ", ".join(sorted(RECORD_TYPES))
        raise RecordError("bad_type", "type", f"{name!r} is no record type; there are {legal}")
    fields = {key: value for key, value in table.items() if key not in ("type", "source")}
    given = table.get("source", {})
    if not isinstance(given, Mapping) or not given.keys() <= set(_SOURCE):
        raise RecordError("bad_type", "source", f"a table of {', '.join(_SOURCE)}")
    source = {"feed": kind.__name__.lower(), "key": "", **given}
    for part in _SOURCE:
        if part in fields:
            own = part in kind.__struct_fields__
            source.setdefault(part, fields[part]) if own else source.update(
                {part: fields.pop(part)}
            )
    for unknown in sorted(fields.keys() - set(kind.__struct_fields__)):
        legal = ", ".join(f for f in kind.__struct_fields__ if f != "source")
        raise RecordError("unknown_field", unknown, f"{kind.__name__} has {legal}")
    try:
        row: Record = msgspec.convert({"type": name, **fields, "source": source}, kind)
    except msgspec.ValidationError as error:
        raise RecordError("bad_type", "", f"{kind.__name__}: {error}") from error
    check_codes(row)
    if row.source.key:
        return row
    keyed = msgspec.structs.replace(row.source, key=record_key(row, token))
    return msgspec.structs.replace(row, source=Source(*msgspec.structs.astuple(keyed)))
