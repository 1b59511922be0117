"""The fence in front of every state value: the log position that it comes from.

A value is ``8-byte big-endian log offset + cursor (UTF-8, usually empty) + NUL + payload``, so that
fences compare bytewise: of two values of one key the one with the higher fence wins, whoever wrote
it last. A deleted key is a value with an empty payload, never a missing one: the deletion needs a
fence too.
"""

from __future__ import annotations

_OFFSET_BYTES = 8


def fence(offset: int, cursor: str = "") -> bytes:
    """Make the beginning of a value: fence and NUL; the cursor has no NUL."""
    return offset.to_bytes(_OFFSET_BYTES, "big") + cursor.encode() + b"\0"


def fenced(offset: int, payload: bytes, cursor: str = "") -> bytes:
    """Put the fence of ``(offset, cursor)`` in front of a payload."""
    return fence(offset, cursor) + payload


def fence_of(value: bytes) -> bytes:
    """Return the fence; ``ValueError`` if the value carries none."""
    return value[: value.index(0, _OFFSET_BYTES)]


def payload_of(value: bytes) -> bytes:
    """Return what stands behind the fence; empty for a deleted key."""
    return value[value.index(0, _OFFSET_BYTES) + 1 :]


def position_of(value: bytes) -> tuple[int, str]:
    """Return the log offset and the cursor of a value."""
    end = value.index(0, _OFFSET_BYTES)
    return int.from_bytes(value[:_OFFSET_BYTES], "big"), value[_OFFSET_BYTES:end].decode()
