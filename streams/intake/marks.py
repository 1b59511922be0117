"""The fence of a registry value: how many orders, then how many messages, its writer knew.

Orders and messages come on two topics and have no common order, so a value must say both. Orders
count first: an owner that was frozen and writes on knows more messages, but not the order that its
successor has carried out meanwhile, and must not undo it. What it wrote of other records may then
lie ahead of what the successor has read; each value says how far it has read, so a message that it
knows already is a repeat for this record, whatever the others know.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.fence import fence

_READ = slice(8, 24)  # of a value: the count of messages, in hexadecimal digits


def read_mark(count: int) -> bytes:
    """How many messages were read, comparable with ``read_of``."""
    return b"%016x" % count


def read_of(value: bytes) -> bytes:
    """How many messages the writer of a value had read."""
    return value[_READ]


def mark(ordered: int, read: bytes) -> bytes:
    """The fence of a value that knows this many orders and messages."""
    return fence(ordered, read.decode())


def known_by_any(values: Iterable[bytes]) -> tuple[int, int]:
    """How many orders and how many messages any of the writers knew."""
    ordered, read = b"", b"0"
    for value in values:
        ordered, read = max(ordered, value[:8]), max(read, value[_READ])
    return int.from_bytes(ordered, "big"), int(read, 16)
