"""The quarantine topic: what could not be read, as it came and why; and how it was settled.

Compacted, never expired. The key of an entry is its position ``feed/epoch/partition/offset``; how
it was settled stands under the same key with ``/settled``: neither needs the other's content.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Literal

import msgspec

from schemas.errors import SettingsError
from streams.log.client import LogClient
from streams.log.partitioner import partition_for
from streams.log.records import LogRecord, TopicSpec

How = Literal["redriven", "dismissed", "superseded"]

#: Whatever may be an identity number: 15 or 18 characters, also inside a longer run of digits.
_NUMBER = re.compile(r"\d{14,}[0-9Xx]?")


class Quarantined(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message of a feed that could not be read, or not wholly."""

    feed: str
    epoch: int
    partition: int
    reason: str
    message: LogRecord  #: as it came: offset, log time, key, value, headers
    column: str = ""
    detail: str = ""  #: without any value of the row
    rows: int = 1  #: row changes in the message that could not be read
    holds: bool = False  #: the feed's coverage stops before this message

    @property
    def id(self) -> str:
        return entry_id(self.feed, self.epoch, self.partition, self.message.offset)


class Settled(msgspec.Struct, frozen=True, omit_defaults=True):
    """Nothing waits for the message any more."""

    feed: str
    epoch: int
    partition: int
    offset: int
    how: How
    reason: str = ""  #: why it was dismissed

    @property
    def id(self) -> str:
        return entry_id(self.feed, self.epoch, self.partition, self.offset)


_entries = msgspec.json.Decoder(Quarantined)
_settled = msgspec.json.Decoder(Settled)
_encode = msgspec.json.Encoder().encode
_SETTLED = "/settled"


def entry_id(feed: str, epoch: int, partition: int, offset: int) -> str:
    """The name of a quarantined message: its position in its feed."""
    return f"{feed}/{epoch}/{partition}/{offset}"


def quarantine_row(entry: Quarantined | Settled) -> tuple[bytes, bytes]:
    """The row of the quarantine topic."""
    key = entry.id + (_SETTLED if isinstance(entry, Settled) else "")
    return key.encode(), _encode(entry)


def quarantine_topic(name: str, partitions: int = 1) -> TopicSpec:
    """Declare the quarantine topic."""
    return TopicSpec(name, partitions, compact=True)


def quarantine_partition(entry: Quarantined | Settled, partitions: int) -> int:
    """An entry and its settlement lie in one partition, so that they are read in order."""
    return partition_for(entry.id.encode(), partitions)


class Quarantine:
    """The quarantine as it stands: entries, and those of them that are settled."""

    def __init__(self) -> None:
        self.entries: dict[str, Quarantined] = {}
        self.settled: dict[str, Settled] = {}

    @classmethod
    async def load(cls, client: LogClient, topic: str) -> Quarantine:
        """Read the whole topic."""
        self = cls()
        records: AsyncIterator[LogRecord] = client.read_all(topic)
        async for record in records:
            self.take(record)
        return self

    def take(self, record: LogRecord) -> None:
        """Take one record of the topic; a missing value forgets the key."""
        key = (record.key or b"").decode()
        if key.endswith(_SETTLED):
            if record.value is None:
                self.settled.pop(key.removesuffix(_SETTLED), None)
            else:
                settled = _settled.decode(record.value)
                if settled.how != "superseded":  # that is also said of what was settled before
                    self.settled[settled.id] = settled
                self.settled.setdefault(settled.id, settled)
        elif record.value is None:
            self.entries.pop(key, None)
        else:
            self.entries[key] = _entries.decode(record.value)

    def open(self, feed: str = "", reason: str = "", *, settled: bool = False) -> list[Quarantined]:
        """Entries in the order of their positions; with ``settled`` also those done with."""
        return sorted(
            (
                entry
                for id, entry in self.entries.items()
                if (settled or id not in self.settled)
                and feed in ("", entry.feed)
                and reason in ("", entry.reason)
            ),
            key=lambda e: (e.feed, e.epoch, e.partition, e.message.offset),
        )

    def get(self, id: str) -> Quarantined:
        """One entry; ``SettingsError`` if there is none of that name."""
        try:
            return self.entries[id]
        except KeyError:
            raise SettingsError(
                f"no quarantined message {id!r}: the name is feed/epoch/partition/offset, "
                "as `dongjian quarantine list` prints it"
            ) from None


def masked(text: str) -> str:
    """Hide whatever may be an identity number in a text of unknown form."""
    return _NUMBER.sub(lambda m: m[0][:4] + "*" * (len(m[0]) - 8) + m[0][-4:], text)
