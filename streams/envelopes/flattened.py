"""A row unwrapped by Debezium's ExtractNewRecordState, and the metadata it left in the row."""

from __future__ import annotations

from streams.envelopes.row import Row

_PREFIX = "__"


def is_marked(payload: Row) -> bool:
    """Tell whether a row carries metadata of the transform (``add.fields``, ``__deleted``)."""
    return any(name.startswith(_PREFIX) for name in payload)


def split(payload: Row) -> tuple[bool, Row, Row]:
    """Part a flattened message into: is it a deletion, the row, the source.

    ``add.fields=op,source.ts_ms`` writes ``__op`` and ``__source_ts_ms``; of both spellings the
    source has one name (``ts_ms`` of the source wins over that of the connector).
    """
    row: Row = {}
    source: Row = {}
    for name, value in payload.items():
        if not name.startswith(_PREFIX):
            row[name] = value
            continue
        word = name.removeprefix(_PREFIX)
        if word.startswith("source_"):
            source[word.removeprefix("source_")] = value
        else:
            source.setdefault(word, value)
    deleted = source.pop("deleted", None) in ("true", True) or source.get("op") == "d"
    return deleted, row, source
