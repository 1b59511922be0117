"""``dongjian decode``: show what row changes the messages of an envelope hold."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from typing import IO, TypeAlias

import click
import msgspec

from schemas.errors import EnvelopeError
from streams.envelopes import ENVELOPES, RowChange, decoder

Message: TypeAlias = tuple[bytes | None, bytes | None]

_LONGEST_LINE = 64 * 1024 * 1024  # a broker takes 8 MiB at most, a file may be no log at all


class _KeyAndValue(msgspec.Struct, forbid_unknown_fields=True):
    key: msgspec.Raw
    value: msgspec.Raw


_key_and_value = msgspec.json.Decoder(_KeyAndValue)


@click.command("decode")
@click.option(
    "--envelope",
    required=True,
    type=click.Choice(ENVELOPES),
    help="The change format of the messages.",
)
@click.option(
    "--with-key",
    is_flag=True,
    help="Each line is KEY<TAB>VALUE, as kafka-console-consumer prints with "
    "--property print.key=true; a KEY or VALUE of null is none.",
)
@click.option(
    "--key-columns",
    default="",
    metavar="A,B",
    help="Columns of the row's key, where the messages do not tell it.",
)
@click.option("--table", default="", help="Table, where the messages do not name it.")
@click.option(
    "--flattened",
    is_flag=True,
    help="Debezium rows unwrapped by ExtractNewRecordState; a null value deletes its key.",
)
@click.argument("file", default="-", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
def command(
    envelope: str, with_key: bool, key_columns: str, table: str, flattened: bool, file: str
) -> None:
    """Print the row changes in FILE (or standard input), one message per line.

    A line is a message value, or {"key": KEY, "value": VALUE}, or with --with-key KEY<TAB>VALUE.
    Debezium tells the key of a row only in the message key.

    Each change is one JSON line: op (put, remove, truncate, schema, skip), table, key, row, before,
    unset (columns whose value was not sent: the old one stands), snapshot, source_time, source.
    Decimals are texts with all their digits, integers exact, times without zone stay without.

    A message that does not decode is told on standard error as LINE: REASON: DETAIL, the others go
    on. Exit code 1 if there was any, 0 if none, 2 for wrong usage.

    \b
    dongjian decode --envelope canal changes.jsonl
    kafka-console-consumer … --property print.key=true \\
      | dongjian decode --envelope debezium --with-key
    """
    columns = [name.strip() for name in key_columns.split(",") if name.strip()]
    read = decoder(envelope, key_columns=columns, table=table, flattened=flattened)
    failed = False
    try:
        with click.open_file(file, "rb") as source:
            live = not _is_regular(source)
            for number, message in read_messages(source, with_key):
                try:
                    if isinstance(message, EnvelopeError):
                        raise message
                    changes = read(*message)
                except EnvelopeError as error:
                    failed = True
                    click.echo(f"line {number}: {error}", err=True)
                    continue
                for change in changes:
                    sys.stdout.buffer.write(shown(change) + b"\n")
                if live:
                    sys.stdout.buffer.flush()
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # The reader (head, less) has seen enough; Python would complain again at its own flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1 if failed else 0)


def shown(change: RowChange) -> bytes:
    """Write a change as the JSON line of this command."""
    time = change.source_time
    line = {
        "op": change.op,
        "table": change.table,
        "key": change.key,
        "row": change.row,
        "before": change.before,
        "unset": change.unset,
        "snapshot": bool(change.snapshot),
        "source_time": None if time is None else time.isoformat().replace("+00:00", "Z"),
        "source": change.source,
    }
    return msgspec.json.encode(line)


def read_messages(
    source: IO[bytes], with_key: bool = False
) -> Iterator[tuple[int, Message | EnvelopeError]]:
    """Read messages line by line: the line's number, and key and value or why there are none.

    The lines are those of ``dongjian decode``; blank ones are left out.
    """
    for number, line in _lines(source):
        if line is None:
            yield number, EnvelopeError("too_long", f"a line of over {_LONGEST_LINE} bytes")
        elif not with_key:
            yield number, _unwrapped(line)
        else:
            try:
                yield number, _split(line)
            except EnvelopeError as error:
                yield number, error


def _lines(source: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Number the lines that are not blank; None for one that is too long to be a message."""
    number = 0
    while line := source.readline(_LONGEST_LINE):
        number += 1
        if not line.endswith(b"\n") and len(line) == _LONGEST_LINE:
            while line and not line.endswith(b"\n"):
                line = source.readline(_LONGEST_LINE)
            yield number, None
        elif line.strip():
            yield number, line.rstrip(b"\r\n")


def _split(line: bytes) -> Message:
    key, tab, value = line.partition(b"\t")
    if not tab:
        raise EnvelopeError("no_key", "--with-key needs KEY<TAB>VALUE on each line")
    return _text(key), _text(value)


def _unwrapped(line: bytes) -> Message:
    """Tell key and value of a line apart: no envelope is an object of just a key and a value."""
    if b'"key"' in line and b'"value"' in line:
        try:
            both = _key_and_value.decode(line)
        except (ValueError, RecursionError):
            return None, _text(line)  # a value; if it is wrong, its envelope says how
        return _text(bytes(both.key)), _text(bytes(both.value))
    return None, _text(line)


def _text(text: bytes) -> bytes | None:
    return None if text.strip() == b"null" else text


def _is_regular(source: IO[bytes]) -> bool:
    try:
        return stat.S_ISREG(os.fstat(source.fileno()).st_mode)
    except (OSError, ValueError):
        return False
