"""A partition's state out of its stored entries; rows wait until somebody looks at a dossier."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from detectors.framework.merged import Heard, Received
from detectors.framework.remembered import AlertState, Made, Subject, Token
from detectors.framework.row import Row, Standing
from detectors.framework.sharing import interned
from detectors.framework.state import HEAD, KNOWN, Head, Known, Looked
from schemas.errors import ForeignRules
from schemas.fence import payload_of
from schemas.record import Record, decode_record

_head = msgspec.json.Decoder(Head)
_known = msgspec.json.Decoder(Known)
_row = msgspec.json.Decoder(tuple[str, int, int, int, int, bool, int, msgspec.Raw])
_alert = msgspec.json.Decoder(AlertState)
_looked = msgspec.json.Decoder(Looked)
_merging = msgspec.json.Decoder(tuple[str, dict[str, Heard]])
_received = msgspec.json.Decoder(tuple[str, int, int, int, int, bool, int, int, msgspec.Raw])
_made = msgspec.json.Decoder(dict[str, dict[str, Made]])

_ALERT, _LOOKED, _ROW, _DERIVED, _MERGED, _PASSED_ON = b"aqrdif"

#: How the value of a row without a record ends: a tombstone, or one that cannot be read.
_EMPTY = b",null]"


class Rows(list[bytes]):
    """Keys and values of one subject's rows, one after the other."""

    def open(self, subject: Subject) -> None:
        """Make them rows of the dossier."""
        others: list[tuple[bytes, bytes]] = []
        try:
            for n in range(0, len(self), 2):
                key, value = self[n], self[n + 1]
                if key[0] != _ROW:
                    others.append((key, value))
                    continue
                _, _, feed, place = key.decode().split("\0", 3)  # a key may hold anything
                kind, epoch, partition, offset, state, redriven, term, raw = _row.decode(
                    payload_of(value)
                )
                standing = Standing.of(kind, epoch, partition, state, redriven, term)
                row = Row(_record(kind, raw), offset, standing)
                subject.load(sys.intern(feed), place, row)
            subject.loaded()
            for key, value in sorted(others):
                _joined(subject, key, payload_of(value))
        except (msgspec.DecodeError, KeyError) as error:
            why = type(error).__name__
            raise ForeignRules(
                f"a stored row of {subject.name} cannot be read by this version: {why}"
            ) from None


class Restored(NamedTuple):
    """Everything a partition's entries say."""

    subjects: dict[str, Subject]
    head: Head
    known: Known
    empty: set[str]  #: subjects with rows that left a tombstone or cannot be read


def restored(entries: Iterable[tuple[bytes, bytes]], token: Token) -> Restored:
    """Sort the entries by subject; alerts and questions are read, rows are kept as they are."""
    head, known = Head(), Known()
    stored: dict[bytes, Rows] = {}
    later: list[tuple[bytes, bytes]] = []
    empty: set[str] = set()
    for key, value in entries:
        if value[-1] == 0:  # a deleted key: a fence and nothing behind it
            continue
        if key == HEAD:
            head = _head.decode(payload_of(value))
        elif key == KNOWN:
            known = _known.decode(payload_of(value))
        else:
            end = key.find(0, 2)
            name = key[2:end] if end > 0 else key[2:]
            found = stored.get(name)
            if found is None:
                found = stored[name] = Rows()
            letter = key[0]
            if letter in (_ALERT, _LOOKED):
                later.append((key, value))
                continue
            found += key, value
            if letter == _ROW and value.endswith(_EMPTY):
                empty.add(name.decode())
    subjects = {}
    for encoded, rows in stored.items():
        name_of = sys.intern(encoded.decode())
        subjects[name_of] = Subject(name_of, token, rows)
    for key, value in later:
        _told(subjects, key, value)
    return Restored(subjects, head, known, empty)


def _told(subjects: dict[str, Subject], key: bytes, value: bytes) -> None:
    letter, name, *rest = key.decode().split("\0", 3)
    subject, body = subjects[name], payload_of(value)
    if letter == "a":
        subject.set_alert(sys.intern(rest[0]), rest[1], _alert.decode(body))
    else:
        looked = _looked.decode(body)
        subject.asked, subject.troubles = looked.asked, looked.troubles
        subject.touched = frozenset(looked.touched)


def _joined(subject: Subject, key: bytes, body: bytes) -> None:
    if key[0] == _DERIVED:
        subject.made = _made.decode(body)
    elif key[0] == _MERGED:
        merged = subject.merge()
        merged.target, merged.heard = _merging.decode(body)
        subject.dossier.also_known_as(merged.former())
    else:
        _, _, sender, feed, place = key.decode().split("\0", 4)
        kind, epoch, partition, offset, state, redriven, term, hops, raw = _received.decode(body)
        standing = Standing.of(kind, epoch, partition, state, redriven, term)
        row = Received(_record(kind, raw), offset, standing, hops)
        subject.receive(sys.intern(sender), sys.intern(feed), place, row)


def _record(kind: str, raw: msgspec.Raw) -> Record | None:
    return None if bytes(raw) == b"null" else interned(decode_record(kind, raw))
