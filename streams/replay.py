"""Replay: runs lines of records and ticks through one engine, without any broker.

One JSON object a line:

``{"type": "Death", …fields}``
    the row as it now stands; ``source`` may be left out (feed: the type's name, key: its fields)
``{"remove": {"type": "Death", "feed": "death", "key": "D1"}}``
    the row is gone; ``feed`` may be left out
``{"unreadable": {"type": …, "feed": …, "key": …}}``
    a change of the row came that nobody can read
``{"tick": "2025-02-06", "covered": "2025-02-04", "since": "2010-01-01"}``
    it is that day, and every type is complete on the days since – covered; instead of ``covered``,
    ``"coverage": [{"feed": …, "kind": "CaseStep", "since": …, "until": …, "which": {…}}]`` says it
    feed by feed
``{"retract": [{"feed": …, "kind": …, "since": …, "until": …, "number": 1}]}``
    that coverage was wrong, this is what holds
``{"rules": {"grants": ["custody"], "acts_from": {"D03": "2024-01-01"}, …}}``
    what the deployment decides, from here on
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from detectors.framework.effects import MODEL_FAILED
from detectors.framework.engine import Engine
from detectors.framework.registry import Catalogue
from schemas.alert import Transition
from schemas.change import (
    Coverage,
    Message,
    Position,
    Put,
    Remove,
    Retract,
    Rules,
    Tick,
    Unreadable,
)
from schemas.errors import RecordError
from schemas.keys import record_key
from schemas.record import RECORD_TYPES, Record, Source, decode_record
from schemas.subject import Tokens

#: Beginning of coverage when a line says only how far it reaches.
LONG_AGO = date(1900, 1, 1)

#: Of the tokens in a replay: the same for everybody, so that two replays can be compared.
TOKENS_OF = "replay"

Row = tuple[str, str]


class Replay:
    """One engine over one partition, fed line by line; derived rows go round at once."""

    def __init__(
        self, catalogue: Catalogue, *, secret: str = TOKENS_OF, grants: tuple[str, ...] = ()
    ) -> None:
        self._tokens = Tokens(secret)
        self.engine = Engine(catalogue, self._tokens)
        self._offset = self._number = 0
        self._subjects: dict[Row, tuple[str, tuple[str, ...]]] = {}
        self._grants = grants
        self._ready = False

    def feed(self, line: bytes) -> Iterator[Transition]:
        """Apply one line. Raises ``RecordError`` naming what is wrong with it."""
        try:
            said = msgspec.json.decode(line)
        except msgspec.DecodeError as error:
            raise RecordError("bad_json", detail=str(error)) from None
        if not isinstance(said, dict):
            raise RecordError("bad_line", detail="a line is one JSON object")
        for message in self._messages(said):
            yield from self.apply(message)

    def apply(self, message: Message) -> Iterator[Transition]:
        """Apply one message and all derived ones that follow from it."""
        if not self._ready and not isinstance(message, Rules):
            yield from self.apply(self._rules({}))
        waiting: deque[Message] = deque([message])
        while waiting:
            self._offset += 1
            for effects in self.engine.apply(self._offset, self._offset, waiting.popleft()):
                for failure in effects.failures:
                    if failure.reason == MODEL_FAILED:
                        raise failure.error
                yield from effects.transitions
                waiting.extend(effects.derived)

    def _rules(self, said: dict[str, Any]) -> Rules:
        self._ready = True
        self._number += 1
        own = {"number": self._number, "hash": self.engine.hash, "grants": self._grants}
        return msgspec.convert({**own, **said}, Rules)

    def _messages(self, said: dict[str, Any]) -> Iterator[Message]:
        try:
            if "tick" in said:
                yield Tick(date.fromisoformat(said["tick"]), _coverage(said))
            elif "rules" in said:
                yield self._rules(said["rules"])
            elif "retract" in said:
                yield Retract(msgspec.convert(said["retract"], tuple[Coverage, ...]))
            elif "remove" in said or "unreadable" in said:
                yield from self._gone(
                    said.get("remove") or said["unreadable"], "unreadable" in said
                )
            else:
                yield from self._stands(said)
        except (msgspec.ValidationError, ValueError, TypeError) as error:
            raise RecordError("bad_line", detail=str(error)) from None

    def _position(self) -> Position:
        return Position(0, 0, self._offset + 1)

    def _stands(self, said: dict[str, Any]) -> Iterator[Message]:
        record = read_record(said, self._tokens)
        row = (record.source.feed, record.source.key)
        kind, now = type(record).__name__, self._tokens.subjects(record)
        if not now:
            raise RecordError("no_subject", detail=f"{kind} {record.source.key} names nobody")
        _, before = self._subjects.get(row, (kind, ()))
        position = self._position()
        for subject in before:
            if subject not in now:
                yield Remove(subject, kind, *row, position)
        self._subjects[row] = kind, now
        encoded = msgspec.Raw(msgspec.json.encode(record))
        for subject in now:
            yield Put(subject, kind, encoded, position)

    def _gone(self, said: dict[str, Any], unreadable: bool) -> Iterator[Message]:
        kind = str(said.get("type", ""))
        row = (str(said.get("feed") or kind.lower()), str(said.get("key", "")))
        if row not in self._subjects:
            raise RecordError("unknown_row", detail=f"no row {row[1]!r} of feed {row[0]!r} stands")
        kind, subjects = self._subjects[row]
        position = self._position()
        for subject in subjects:
            if unreadable:
                yield Unreadable(subject, kind, *row, position)
            else:
                yield Remove(subject, kind, *row, position)
        if not unreadable:
            del self._subjects[row]


def read_record(said: dict[str, Any], tokens: Tokens) -> Record:
    """A record from a mapping with ``type``; raises ``RecordError`` naming the type or the field.

    Without a ``source`` its key is made of the type's key fields, an identity number tokenised.
    """
    kind = said.get("type")
    if kind not in RECORD_TYPES:
        raise RecordError(
            "unknown_type", detail=f"{kind!r}; there are {', '.join(sorted(RECORD_TYPES))}"
        )
    source = {"feed": kind.lower(), "key": "?", **said.get("source", {})}
    for name in ("agency", "region"):
        if name in said and name not in RECORD_TYPES[kind].__struct_fields__:
            source[name] = said[name]
    try:
        record = decode_record(kind, msgspec.json.encode({**said, "source": source}))
    except msgspec.ValidationError as error:
        raise RecordError("bad_field", detail=f"{kind}: {error}") from None
    if source["key"] == "?":
        keyed = Source(
            source["feed"],
            record_key(record, tokens.person),
            source.get("agency", ""),
            source.get("region", ""),
        )
        record = msgspec.structs.replace(record, source=keyed)
    return record


def _coverage(said: dict[str, Any]) -> tuple[Coverage, ...]:
    if "coverage" in said:
        return msgspec.convert(said["coverage"], tuple[Coverage, ...])
    if "covered" not in said:
        return ()
    since = date.fromisoformat(said["since"]) if "since" in said else LONG_AGO
    until = date.fromisoformat(said["covered"])
    return tuple(
        Coverage("replay", name, since, until)
        for name, kind in sorted(RECORD_TYPES.items())
        if not kind.DERIVED
    )
