"""Envelopes: the change formats on the wire, each read in its own module.

``decode(envelope, key, value, …)`` turns one Kafka message into the row changes it holds, in order;
``decoder(envelope, …)`` is the same with everything looked up once, for a feed that reads millions.
Every failure is an ``EnvelopeError`` whose ``reason`` is one of ``REASONS``; its text never quotes
a value of the message, because that may be personal.

Adding an envelope: one module with ``decode(key, value, options)`` and ``read_key(key, options)``,
one line in ``_MODULES``.
"""

from __future__ import annotations

from functools import partial

import msgspec

from schemas.errors import EnvelopeError, SettingsError
from streams.envelopes import canal, debezium, maxwell, plain
from streams.envelopes.row import EVERY_OTHER_COLUMN, DecodeOptions, Decoder, Row, RowChange

__all__ = [
    "ENVELOPES",
    "EVERY_OTHER_COLUMN",
    "REASONS",
    "DecodeOptions",
    "Decoder",
    "EnvelopeError",
    "Row",
    "RowChange",
    "decode",
    "decode_key",
    "decoder",
]

_DECODE = {
    "debezium": debezium.decode,
    "canal": canal.decode,
    "maxwell": maxwell.decode,
    "plain": plain.decode,
}
_READ_KEY = {
    "debezium": debezium.read_key,
    "canal": canal.read_key,
    "maxwell": maxwell.read_key,
    "plain": plain.read_key,
}

ENVELOPES = tuple(_DECODE)
REASONS = (
    "bad_image",
    "bad_json",
    "bad_key",
    "bad_position",
    "bad_schema",
    "bad_shape",
    "bad_source",
    "bad_time",
    "bad_type",
    "bad_utf8",
    "bad_value",
    "misaligned_old",
    "missing_after",
    "missing_data",
    "missing_field",
    "missing_key",
    "naive_time",
    "not_an_object",
    "not_canal",
    "not_debezium",
    "not_maxwell",
    "too_deep",
    "unknown_op",
    "unknown_type",
)


def decoder(envelope: str, **options: object) -> Decoder:
    """Make the decoder of a feed; ``options`` are the fields of ``DecodeOptions``."""
    _known(envelope)
    return partial(_DECODE[envelope], options=_options(options))


def decode(
    envelope: str, key: bytes | None, value: bytes | None, **options: object
) -> list[RowChange]:
    """Decode one message into its row changes.

    Raises:
        EnvelopeError: the message does not decode; nothing of it was taken.
        SettingsError: there is no such envelope or option.
    """
    return decoder(envelope, **options)(key, value)


def decode_key(envelope: str, key: bytes | None, **options: object) -> Row | None:
    """Read the row's key from the message key alone, for a message whose value does not decode.

    None when this envelope, or this message, does not tell the key outside the value.
    """
    _known(envelope)
    return _READ_KEY[envelope](key, _options(options))


def _known(envelope: str) -> None:
    if envelope not in _DECODE:
        raise SettingsError(f"no envelope {envelope!r}: one of {', '.join(ENVELOPES)}")


def _options(options: dict[str, object]) -> DecodeOptions:
    try:
        return msgspec.convert(options, DecodeOptions, strict=True) if options else DecodeOptions()
    except msgspec.ValidationError as error:
        raise SettingsError(f"decode options: {error}") from None
