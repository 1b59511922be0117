"""The coverage topic: what feeds say of their completeness, what holds it up, what is to be swept.

Compacted, one partition. Intake writes it, each statement after the outputs of the rows before it;
the clock reads it: statements before it asks for the end offsets of the feeds, holds again after
intake has passed them. In between a message may have come that nobody can read, and the statement
knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import msgspec

from schemas.change import Coverage
from streams.intake.orders import Sweep
from streams.log.client import LogClient
from streams.log.records import LogRecord, TopicSpec


class Supply(msgspec.Struct, frozen=True, omit_defaults=True):
    """What absence a feed can prove, as its contract says it."""

    kind: str
    since: date
    lag: str  #: a term, such as "2 d"
    which: dict[str, tuple[str, ...]] = {}


class Said(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="says", tag="complete"):
    """A feed has heard on a partition that it is complete until a day, the lag not taken off."""

    feed: str
    epoch: int
    partition: int
    until: date
    supplies: tuple[Supply, ...]
    number: int = 0  #: a higher one replaces what was said under lower ones

    @property
    def key(self) -> str:
        return f"complete/{self.feed}/{self.partition}"


class Hold(msgspec.Struct, frozen=True, tag_field="says", tag="hold"):
    """A message of which not even the record is known: complete only before its day."""

    feed: str
    epoch: int
    partition: int
    offset: int
    day: date | None  #: None: no longer

    @property
    def key(self) -> str:
        return f"hold/{self.feed}/{self.epoch}/{self.partition}/{self.offset}"


class Due(msgspec.Struct, frozen=True, tag_field="says", tag="due"):
    """Records of a feed are to be swept once intake has read what lies before."""

    feed: str
    partition: int
    offset: int
    sweep: Sweep

    @property
    def key(self) -> str:
        return f"due/{self.feed}/{self.sweep.epoch}/{self.partition}/{self.offset}"


Statement = Said | Hold | Due

_decoder: msgspec.json.Decoder[Statement] = msgspec.json.Decoder(Statement)
_encode = msgspec.json.Encoder().encode

#: The day that lies a term before a day.
Before = Callable[[date, str], date]


def statement_row(statement: Statement) -> tuple[bytes, bytes]:
    """The row of the coverage topic."""
    return statement.key.encode(), _encode(statement)


def statements_topic(name: str) -> TopicSpec:
    """Declare the coverage topic."""
    return TopicSpec(name, 1, compact=True)


class Statements:
    """The coverage topic as far as it was read."""

    def __init__(self, topic: str) -> None:
        self.topic = topic
        self._next = 0
        self._said: dict[str, Said] = {}
        self._holds: dict[str, Hold] = {}
        self._due: dict[str, Due] = {}

    @classmethod
    async def load(cls, client: LogClient, topic: str) -> Statements:
        """Read the topic to its end of now."""
        self = cls(topic)
        await self.refresh(client)
        return self

    async def refresh(self, client: LogClient) -> None:
        """Read what has come since."""
        end = (await client.end_offsets(self.topic))[0]
        if self._next < end:
            start = max(self._next, (await client.beginning_offsets(self.topic))[0])
            async for record in client.read(self.topic, 0, start, end):
                self.take(record)
            self._next = end

    def take(self, record: LogRecord) -> None:
        """Take one record of the topic; a missing value forgets the key."""
        if record.value is None:
            for known in (self._said, self._holds, self._due):
                known.pop((record.key or b"").decode(), None)
            return
        statement = _decoder.decode(record.value)
        if isinstance(statement, Said):
            self._said[statement.key] = statement
        elif isinstance(statement, Hold):
            if statement.day is None:
                self._holds.pop(statement.key, None)
            else:
                self._holds[statement.key] = statement
        else:
            self._due[statement.key] = statement

    @property
    def epochs(self) -> dict[str, int]:
        """The latest epoch that each feed was heard in."""
        found: dict[str, int] = {}
        for said in self._said.values():
            found[said.feed] = max(said.epoch, found.get(said.feed, 0))
        return found

    def said(self) -> dict[str, Said]:
        """Per feed how far it said to be complete, holds left aside.

        Each heartbeat speaks for the whole table, whichever partition it came on, and the clock
        waits for all partitions: so the latest counts. Of several numbers the highest counts.
        """
        epochs, best = self.epochs, dict[str, Said]()
        for said in self._said.values():
            if said.epoch < epochs[said.feed]:
                continue
            known = best.get(said.feed)
            if known is None or (said.number, said.until) > (known.number, known.until):
                best[said.feed] = said
        return best

    def holds(self) -> dict[str, date]:
        """Per feed the first day that a hold keeps open."""
        found: dict[str, date] = {}
        for hold in self._holds.values():
            if hold.day is not None and hold.epoch >= self.epochs.get(hold.feed, 0):
                found[hold.feed] = min(hold.day, found.get(hold.feed, date.max))
        return found

    def due(self) -> list[Due]:
        """Sweeps that wait for intake to have passed what lies before them, in a fixed order."""
        return [self._due[key] for key in sorted(self._due)]


def coverage(
    said: Mapping[str, Said], holds: Mapping[str, date], before: Before
) -> dict[str, tuple[Coverage, ...]]:
    """What each feed is complete for: up to the day said, before any hold, the lag taken off.

    ``said`` is read before the end offsets, ``holds`` after intake has passed them.
    """
    found: dict[str, tuple[Coverage, ...]] = {}
    for feed, statement in said.items():
        held = holds.get(feed)
        until = statement.until if held is None else min(statement.until, held - timedelta(days=1))
        found[feed] = tuple(
            Coverage(
                feed,
                supply.kind,
                supply.since,
                before(until, supply.lag),
                supply.which,
                statement.number,
            )
            for supply in statement.supplies
        )
    return found
