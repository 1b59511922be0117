"""The schema that Kafka Connect's JsonConverter puts into every message, compiled once.

With ``schemas.enable=true`` a message is ``{"schema": {…}, "payload": {…}}`` and the schema is some
kilobytes long and the same for hours. It is compiled to the few columns that need a conversion, and
a message that begins with the very bytes of a known schema is not parsed but for its payload.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import msgspec

from schemas.errors import EnvelopeError
from streams.envelopes import connect_values, exact_json
from streams.envelopes.connect_values import Converter
from streams.envelopes.row import Row

_KNOWN_SCHEMAS = 512  # tables of all feeds of a worker, in a few versions each
_RECENT_HEADS = 64  # keys and values of the tables of a worker, whose chunks take turns


@dataclass(frozen=True, slots=True)
class ConnectSchema:
    """The converters of one struct: of its own columns, and of its nested structs by field."""

    name: str = ""
    converters: tuple[tuple[str, Converter], ...] = ()
    structs: dict[str, ConnectSchema] = field(default_factory=dict)

    def convert(self, row: Row) -> None:
        """Replace the encoded values of a row by what they mean."""
        for column, convert in self.converters:
            value = row.get(column)
            if value is not None:
                try:
                    row[column] = convert(value)
                except (TypeError, ValueError) as error:
                    raise EnvelopeError("bad_value", f"column {column}: {error}") from None


NO_SCHEMA = ConnectSchema()


class _Wrapped(msgspec.Struct):
    schema: msgspec.Raw
    payload: msgspec.Raw


_wrapped = msgspec.json.Decoder(_Wrapped)
_by_text: dict[bytes, ConnectSchema] = {}
_heads: list[tuple[bytes, ConnectSchema]] = []  # the most recently seen first


def unwrap(message: bytes) -> tuple[object, ConnectSchema, bytes]:
    """Take the payload out of a message, with or without a schema around it.

    The bytes returned contain the payload's text, and as little else as is known at no cost.
    """
    if not message.startswith(b'{"schema":'):
        payload, schema = _unwrap_parsed(exact_json.read(message))
        return payload, schema, message
    for entry in _heads:
        head, schema = entry
        if message.startswith(head) and message.endswith(b"}"):
            text = message[len(head) : -1]
            try:
                payload = exact_json.read(text)
            except EnvelopeError:
                break  # the full parse below says what is wrong, and where
            if entry is not _heads[0]:
                _heads.remove(entry)
                _heads.insert(0, entry)
            return payload, schema, text
    payload, schema = _unwrap_slowly(message)
    return payload, schema, message


def _unwrap_parsed(message: object) -> tuple[object, ConnectSchema]:
    if type(message) is dict and len(message) == 2 and "schema" in message and "payload" in message:
        return message["payload"], compiled(message["schema"])
    return message, NO_SCHEMA


def _unwrap_slowly(message: bytes) -> tuple[object, ConnectSchema]:
    whole = exact_json.read_object(message)  # also the check that all of it is JSON
    if whole.keys() != {"schema", "payload"}:
        return whole, NO_SCHEMA
    text = bytes(_wrapped.decode(message).schema)
    schema = _by_text.get(text)
    if schema is None:
        schema = compiled(whole["schema"])
        if len(_by_text) >= _KNOWN_SCHEMAS:
            _by_text.clear()
        _by_text[text] = schema
    head = b'{"schema":' + text + b',"payload":'
    if message.startswith(head) and all(head != known for known, _ in _heads):
        _heads.insert(0, (head, schema))
        del _heads[_RECENT_HEADS:]
    return whole["payload"], schema


def compiled(schema: object) -> ConnectSchema:
    """Compile a struct schema; null (no schema for a null payload) has nothing to convert."""
    if schema is None:
        return NO_SCHEMA
    if type(schema) is not dict:
        raise EnvelopeError(
            "bad_schema", f"a schema is an object, not {exact_json.kind_of(schema)}"
        )
    fields = schema.get("fields") or []
    if type(fields) is not list:
        raise EnvelopeError("bad_schema", "the fields of a schema are an array")
    converters: list[tuple[str, Converter]] = []
    structs: dict[str, ConnectSchema] = {}
    for entry in fields:
        name = entry.get("field") if type(entry) is dict else None
        if type(name) is not str:
            raise EnvelopeError("bad_schema", "a field of the schema has no name")
        convert = _converter(entry)
        if convert is not None:
            converters.append((name, convert))
        elif entry.get("type") == "struct":
            structs[name] = compiled(entry)
    return ConnectSchema(str(schema.get("name") or ""), tuple(converters), structs)


def _converter(schema: Row) -> Converter | None:
    name = schema.get("name")
    parameters = schema.get("parameters")
    parameters = parameters if type(parameters) is dict else {}
    if name == "org.apache.kafka.connect.data.Decimal":
        return _decimal_converter(parameters)
    if type(name) is str and name in connect_values.BY_NAME:
        return connect_values.BY_NAME[name]
    if schema.get("type") == "array" and type(schema.get("items")) is dict:
        items = _converter(schema["items"])  # type: ignore[arg-type]  # checked to be a dict above
        return partial(connect_values.each, convert=items) if items else None
    source_type = parameters.get("__debezium.source.column.type")
    if schema.get("type") == "int64" and "UNSIGNED" in str(source_type).upper():
        return connect_values.unsigned
    return None


def _decimal_converter(parameters: Row) -> Converter:
    try:
        scale = int(str(parameters.get("scale", "0")))
    except ValueError:
        raise EnvelopeError("bad_schema", "the scale of a Decimal is not a number") from None
    if scale == 0 and "connect.decimal.precision" not in parameters:
        return connect_values.whole_decimal
    return partial(connect_values.decimal, scale=scale)
