"""Debezium's placeholder for a value it did not get: a TOAST column or LOB that did not change."""

from __future__ import annotations

import base64
import hashlib
import uuid
from functools import lru_cache

import msgspec

from streams.envelopes.row import Row


@lru_cache(maxsize=64)
def _traces(placeholder: str) -> tuple[bytes, ...]:
    """Bytes one of which is in every message that holds the placeholder in any form."""
    raw = placeholder.encode()
    return (
        msgspec.json.encode(placeholder)[1:-1],
        base64.b64encode(raw).rstrip(b"="),
        base64.urlsafe_b64encode(raw).rstrip(b"="),
        raw.hex().encode(),
        b"[" + b",".join(b"%d" % byte for byte in raw[:4]),
        str(_uuid_form(placeholder)).encode(),
    )


@lru_cache(maxsize=64)
def _texts(placeholder: str) -> frozenset[str]:
    raw = placeholder.encode()
    return frozenset(
        (
            placeholder,
            base64.b64encode(raw).decode(),
            base64.urlsafe_b64encode(raw).decode(),
            raw.hex(),
        )
    )


def _uuid_form(placeholder: str) -> uuid.UUID:
    """Java's ``UUID.nameUUIDFromBytes``: MD5 without a namespace, the form inside uuid arrays."""
    digest = hashlib.md5(placeholder.encode(), usedforsecurity=False).digest()
    return uuid.UUID(bytes=digest, version=3)


def may_occur(message: bytes, placeholder: str) -> bool:
    """Look cheaply whether any form of the placeholder can be in the message."""
    return any(trace in message for trace in _traces(placeholder))


def drop(image: Row | None, placeholder: str) -> tuple[str, ...]:
    """Take the columns that hold the placeholder out of an image, and name them."""
    if image is None:
        return ()
    names = tuple(name for name, value in image.items() if _is(value, placeholder))
    for name in names:
        del image[name]
    return names


def _is(value: object, placeholder: str) -> bool:
    if type(value) is str:
        return value in _texts(placeholder)
    if type(value) is list:
        raw = placeholder.encode()
        return (
            value == [placeholder] or value == list(raw) or value == [str(_uuid_form(placeholder))]
        )
    return type(value) is dict and value == {placeholder: placeholder}
