"""JSON read without losing a digit: fractions stay the text they were, integers are exact."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from schemas.errors import EnvelopeError
from streams.envelopes.row import Row

T = TypeVar("T")

# msgspec hands the literal itself to the hook, so "0.10" never becomes a binary float.
_ANY = msgspec.json.Decoder(float_hook=str)


def typed(kind: type[T]) -> msgspec.json.Decoder[T]:
    """Make a decoder of one type that keeps fractions as text."""
    return msgspec.json.Decoder(kind, float_hook=str)


def read(text: bytes | memoryview) -> object:
    """Decode any JSON value.

    Raises:
        EnvelopeError: ``bad_utf8``, ``bad_json``, ``too_deep``.
    """
    try:
        return _ANY.decode(text)
    except (ValueError, RecursionError) as error:
        raise unreadable(error) from None


def read_object(text: bytes | memoryview) -> Row:
    """Decode a JSON object; anything else is ``not_an_object``."""
    value = read(text)
    if type(value) is not dict:
        raise EnvelopeError("not_an_object", f"a JSON object is needed, this is {kind_of(value)}")
    return value


def unreadable(error: Exception) -> EnvelopeError:
    """Turn what the JSON library raised into a typed reason that quotes nothing of the message."""
    if isinstance(error, RecursionError):
        return EnvelopeError("too_deep", "the JSON is nested too deeply")
    if isinstance(error, UnicodeDecodeError):
        return EnvelopeError("bad_utf8", f"byte {error.start} of a text is not UTF-8")
    if isinstance(error, msgspec.ValidationError):
        return EnvelopeError("bad_shape", str(error))
    return EnvelopeError("bad_json", str(error))


def kind_of(value: object) -> str:
    """Name the JSON type of a value, for error texts; the value itself may be personal."""
    names = {dict: "an object", list: "an array", str: "a text or fraction", int: "an integer"}
    if value is None:
        return "null"
    return "a boolean" if isinstance(value, bool) else names.get(type(value), "something else")
