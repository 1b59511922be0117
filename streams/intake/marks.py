"""The fence of a registry value: which owner of the partition wrote it, and how far it had read.

Orders and messages come on two topics and have no common order, so an owner that was frozen may
know more messages than its successor, and not the orders that this one has carried out meanwhile.
Each owner therefore takes a term, higher than any before it, and claims it before it reads on: of
two values of a record that of the later owner counts, whatever the earlier one still writes. What
that wrote of records which its successor did not touch may lie ahead of what the successor has
read; each value says how far it has read, so a message that it knows already is a repeat for this
record, whatever the others know.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.fence import fence

_TERM, _READ = slice(0, 8), slice(8, 24)  # of a value; what was read in hexadecimal digits


def read_mark(count: int) -> bytes:
    """How many messages were read, comparable with ``read_of``."""
    return b"%016x" % count


def read_of(value: bytes) -> bytes:
    """How many messages the writer of a value had read."""
    return value[_READ]


def mark(term: int, read: bytes) -> bytes:
    """The fence of a value that an owner wrote in its term."""
    return fence(term, read.decode())


def known_by_any(values: Iterable[bytes]) -> tuple[int, int]:
    """The last term, and how many messages were read in any."""
    term, read = b"", b"0"
    for value in values:
        term, read = max(term, value[_TERM]), max(read, value[_READ])
    return int.from_bytes(term, "big"), int(read, 16)
