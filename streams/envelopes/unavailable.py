"""Debezium's placeholder for a value it did not get: a TOAST column or LOB that did not change."""

from __future__ import annotations

import base64
import hashlib
import uuid
from functools import lru_cache

from streams.envelopes.row import Row


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


@lru_cache(maxsize=64)
def _arrays(placeholder: str) -> tuple[list[object], ...]:
    """The placeholder as an array of texts, of the numbers of its bytes, of UUIDs."""
    raw = placeholder.encode()
    # Java's UUID.nameUUIDFromBytes: a version 3 UUID without a namespace.
    digest = hashlib.md5(raw, usedforsecurity=False).digest()
    return [placeholder], list(raw), [str(uuid.UUID(bytes=digest, version=3))]


def drop(image: Row | None, placeholder: str) -> tuple[str, ...]:
    """Take the columns that hold the placeholder out of an image, and name them."""
    if image is None:
        return ()
    texts = _texts(placeholder)
    try:
        if texts.isdisjoint(image.values()):
            return ()
    except TypeError:
        pass  # an array or map among the values: look at each
    names = tuple(name for name, value in image.items() if _is(value, placeholder))
    for name in names:
        del image[name]
    return names


def _is(value: object, placeholder: str) -> bool:
    if type(value) is str:
        return value in _texts(placeholder)
    if type(value) is list:
        return value in _arrays(placeholder)
    return type(value) is dict and value == {placeholder: placeholder}
