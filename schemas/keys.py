"""The key of a row: from the fields that its type names, with identity numbers under a token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

from schemas.identifiers import party_kind
from schemas.record import Record


@cache
def identity_fields(cls: type[Record]) -> frozenset[str]:
    """The fields of a type that may hold a person's number, whether or not they route to one."""
    routes = cls.ROUTES
    return frozenset((*routes.get("person", ()), *routes.get("party", ()), *cls.PERSONS))


def record_key(record: Record, token: Callable[[str], str] | None = None) -> str:
    """The row's key, its parts joined by ``/``; ``token`` (``Tokens.person``) hides persons.

    A feed contract may name better columns; this is the key where nothing says otherwise.
    """
    cls = type(record)
    hidden = identity_fields(cls)
    return "/".join(
        key_part(getattr(record, name), token if name in hidden else None) for name in cls.KEY
    )


def key_part(value: object, token: Callable[[str], str] | None = None) -> str:
    """One part of a key: dates in ISO, nothing as empty, a person's number under its token."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return token(text) if token is not None and text and party_kind(text) == "person" else text
