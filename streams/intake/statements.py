"""The coverage topic: how far feeds were read and are complete, what holds that up, what is due.

Compacted, one partition. Intake writes it, each statement after the outputs of the rows before it;
the clock reads it: statements before it asks for the end offsets of the feeds, holds again after
intake has passed them. In between a message may have come that nobody can read, and the statement
knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

import msgspec

from schemas.change import Coverage
from schemas.contract import Contract
from streams.intake.orders import Sweep
from streams.log.client import LogClient
from streams.log.records import LogRecord, TopicSpec


class Supply(msgspec.Struct, frozen=True, omit_defaults=True):
    """What absence a feed can prove, as its contract says it."""

    kind: str
    since: date
    lag: str  #: a term, such as "2 d"
    which: dict[str, tuple[str, ...]] = {}


class CaughtUp(msgspec.Struct, frozen=True, tag_field="says", tag="caught_up"):
    """In an epoch a partition was read up to an offset, and what follows comes through the group.

    Only from then on what the group has committed tells how far the epoch is read: before, it may
    be a former epoch's, or that of another feed on the same topic.
    """

    feed: str
    epoch: int
    partition: int
    offset: int

    @property
    def key(self) -> str:
        # Each epoch apart: an owner of a former one may still speak.
        return f"caught_up/{self.feed}/{self.epoch}/{self.partition}"


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
    because: str = ""  #: of an operator's, who takes coverage back: its partition is -1

    @property
    def name(self) -> str:
        return f"hold/{self.feed}/{self.epoch}/{self.partition}/{self.offset}"

    @property
    def key(self) -> str:
        # Apart, so that one that is lifted stays so, whatever a frozen owner still says of it.
        return self.name if self.day is not None else f"{self.name}/lifted"


class Due(msgspec.Struct, frozen=True, tag_field="says", tag="due"):
    """Records of a feed are to be swept once intake has read what lies before."""

    feed: str
    partition: int
    offset: int
    sweep: Sweep

    @property
    def key(self) -> str:
        return f"due/{self.feed}/{self.sweep.epoch}/{self.partition}/{self.offset}"


class Numbering(msgspec.Struct, frozen=True, tag_field="says", tag="numbers"):
    """How the clock numbers what a feed says: its own number, added to ``base``."""

    feed: str
    epoch: int  #: of what was said
    base: int
    gone: bool = False  #: the feed was withdrawn: it is in no contract any more

    @property
    def key(self) -> str:
        return f"numbers/{self.feed}"


class Retired(msgspec.Struct, frozen=True, tag_field="says", tag="retired"):
    """What only an old epoch of a feed knew was swept."""

    feed: str
    epoch: int

    @property
    def key(self) -> str:
        return f"retired/{self.feed}/{self.epoch}"


Statement = CaughtUp | Said | Hold | Due | Numbering | Retired

_decoder: msgspec.json.Decoder[Statement] = msgspec.json.Decoder(Statement)
_encode = msgspec.json.Encoder().encode

#: The day that lies a term before a day.
Before = Callable[[date, str], date]


def supplies_of(contract: Contract) -> tuple[Supply, ...]:
    """What a feed's contract says that its absences prove."""
    return tuple(
        Supply(contract.record, one.since, f"{one.lag_days} d", one.which)
        for one in contract.supplies
    )


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
        self._caught_up: set[tuple[str, int, int]] = set()
        self._said: dict[str, Said] = {}
        self._holds: dict[str, Hold] = {}
        self._due: dict[str, Due] = {}
        self.numbers: dict[str, Numbering] = {}
        self.retired: set[tuple[str, int]] = set()

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
        self.know(_decoder.decode(record.value))

    def know(self, statement: Statement) -> None:
        """Take one statement, as if it had been read."""
        if isinstance(statement, CaughtUp):
            self._caught_up.add((statement.feed, statement.epoch, statement.partition))
        elif isinstance(statement, Said):
            self._said[statement.key] = statement
        elif isinstance(statement, Hold):
            known = self._holds.get(statement.name)
            if known is None or known.day is not None:
                self._holds[statement.name] = statement
        elif isinstance(statement, Due):
            self._due[statement.key] = statement
        elif isinstance(statement, Numbering):
            self.numbers[statement.feed] = statement
        else:
            self.retired.add((statement.feed, statement.epoch))

    def unread(self, feed: str, epoch: int, partitions: Iterable[int]) -> list[int]:
        """Which of a feed's partitions have not said that they were read in an epoch."""
        return [p for p in sorted(partitions) if (feed, epoch, p) not in self._caught_up]

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

    def last_number(self, feed: str) -> int:
        """The highest number that any partition of a feed has used."""
        return max((said.number for said in self._said.values() if said.feed == feed), default=0)

    def holds(self) -> dict[str, date]:
        """Per feed the first day that a hold keeps open."""
        found: dict[str, date] = {}
        for hold in self._holds.values():
            if hold.day is not None and hold.epoch >= self.epochs.get(hold.feed, 0):
                found[hold.feed] = min(hold.day, found.get(hold.feed, date.max))
        return found

    def held(self, feed: str) -> list[Hold]:
        """What holds a feed up, in the order of its days."""
        found = [
            (hold.day, hold.partition, hold.offset, hold)
            for hold in self._holds.values()
            if hold.feed == feed and hold.day and hold.epoch >= self.epochs.get(feed, 0)
        ]
        return [hold for *_, hold in sorted(found)]

    def due(self) -> list[Due]:
        """Sweeps that wait for intake to have passed what lies before them, in a fixed order."""
        return [self._due[key] for key in sorted(self._due)]


def coverage(
    said: Mapping[str, Said],
    holds: Mapping[str, date],
    before: Before,
    bases: Mapping[str, int] | None = None,
) -> dict[str, tuple[Coverage, ...]]:
    """What each feed is complete for: up to the day said, before any hold, the lag taken off.

    ``said`` is read before the end offsets, ``holds`` after intake has passed them. ``bases`` are
    added to the feeds' numbers.
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
                statement.number + (bases or {}).get(feed, 0),
            )
            for supply in statement.supplies
        )
    return found
