"""What the clock vouches for: the coverage of each feed, numbered, and what is taken back of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import msgspec

from detectors.framework.calendar import legal_calendar
from detectors.framework.coverage import Which, which_key
from detectors.framework.term import Term
from schemas.change import WITHDRAWN, Coverage, Message, Retract, Tick, decode_message
from schemas.contract import Contract
from streams.intake.statements import Numbering, Said, Statements, coverage
from streams.log.client import LogClient
from streams.log.records import LogRecord

#: Messages of the changes topic that are searched for what the last clock told.
SEARCHED = 200_000

Told = dict[str, tuple[Coverage, ...]]


class Vouched:
    """Coverage by feed as it was told last, and what may be told next.

    A feed or a supply that is in no contract any more is taken back: it is told once more, with a
    higher number and ``WITHDRAWN``, and no longer answers, alone or with others.
    """

    def __init__(self, contracts: Mapping[str, Contract], known: Told) -> None:
        self._contracts, self.known = contracts, known

    def all(self) -> tuple[Coverage, ...]:
        """Everything that is vouched for or withdrawn, in a fixed order."""
        return tuple(one for feed in sorted(self.known) for one in self.known[feed])

    def fresh(self, said: Mapping[str, Said], statements: Statements) -> Told:
        """What intake's statements are worth, as far as contracts still promise it.

        ``said`` is read before the end offsets, holds after intake has passed them.
        """
        bases = {feed: one.base for feed, one in statements.numbers.items()}
        found = coverage(said, statements.holds(), before_lag, bases)
        return {
            feed: tuple(one for one in told if _key(one) in self._promised(feed))
            for feed, told in found.items()
            if feed in self._contracts
        }

    def take(self, fresh: Told, behind: Iterable[str]) -> None:
        """Vouch for what is fresh, but of feeds that are behind; what was withdrawn stays so."""
        for feed, told in fresh.items():
            if feed not in behind:
                keys = {_key(one) for one in told}
                withdrawn = (
                    one
                    for one in self.known.get(feed, ())
                    if one.until == WITHDRAWN and _key(one) not in keys
                )
                self.known[feed] = (*told, *withdrawn)

    def taken_back(self, statements: Statements) -> tuple[Coverage, ...]:
        """What must be told at once because it proved wrong or is promised no more."""
        fresh, taken = self.fresh(statements.said(), statements), list[Coverage]()
        for feed, said in statements.said().items():
            number = statements.numbers.get(feed)
            if feed not in self._contracts and (number is None or not number.gone):
                base = number.base if number is not None else 0
                gone = coverage({feed: said}, {}, before_lag, {feed: base})[feed]
                old = {_key(one): one for one in (*gone, *self.known.get(feed, ()))}
                last = max(self._last(feed), base + said.number)
                self.known[feed] = tuple(_withdrawn(one, last + 1) for one in old.values())
                taken += self.known[feed]
        for feed in sorted(self.known.keys() & self._contracts.keys()):
            taken += self._less(feed, fresh.get(feed, ()))
        return tuple(taken)

    def _less(self, feed: str, new: tuple[Coverage, ...]) -> Iterator[Coverage]:
        old = self.known[feed]
        live = [one for one in old if one.until > WITHDRAWN]
        if not live:
            return
        number = live[0].number
        left = {_key(one): one for one in old}
        if new and new[0].number > number:
            # What is left was vouched for before; more comes with the next tick.
            until, number = min(one.until for one in live), new[0].number
            for one in new:
                left[_key(one)] = msgspec.structs.replace(one, until=min(one.until, until))
                yield left[_key(one)]
        for one in live:
            if _key(one) not in self._promised(feed):
                left[_key(one)] = _withdrawn(one, max(one.number + 1, number))
                yield left[_key(one)]
        self.known[feed] = tuple(left.values())

    def numbering(self, statements: Statements) -> list[Numbering]:
        """How feeds are numbered from now on, where that changes; to be kept when it was told.

        Each epoch counts anew, and a feed that was withdrawn may come back: neither may be told
        under a lower number than before.
        """
        found = []
        for feed, said in statements.said().items():
            old = statements.numbers.get(feed)
            new = Numbering(feed, said.epoch, old.base if old is not None else 0)
            if feed not in self._contracts:
                if old is not None and old.gone:
                    continue
                new = Numbering(feed, said.epoch, self._last(feed), gone=True)
            elif old is not None and said.epoch > old.epoch:
                new = Numbering(feed, said.epoch, max(old.base, self._last(feed)))
            if new != old:
                found.append(new)
        return found

    def _last(self, feed: str) -> int:
        return max((one.number for one in self.known.get(feed, ())), default=0)

    def _promised(self, feed: str) -> set[tuple[str, Which]]:
        contract = self._contracts[feed]
        return {(contract.record, which_key(one.which)) for one in contract.supplies}


def before_lag(day: date, lag: str) -> date:
    """The day that lies a feed's lag before a day."""
    return legal_calendar().before(day, Term(lag))


async def last_told(client: LogClient, topic: str) -> Told:
    """Coverage by feed as the last clock told it: what a take-back after its end must take back."""
    begin = (await client.beginning_offsets(topic))[0]
    end = (await client.end_offsets(topic))[0]
    size = 500
    while True:
        start = max(begin, end - size)
        told: Told = {}
        found = False
        async for record in client.read(topic, 0, start, end):
            message = _read(record)
            if isinstance(message, Tick):
                found, told = True, _by_feed(message.coverage)
            elif isinstance(message, Retract):
                for feed, taken in _by_feed(message.coverage).items():
                    left = {_key(one): one for one in (*told.get(feed, ()), *taken)}
                    told[feed] = tuple(left.values())
        if found or start == begin or size >= SEARCHED:
            return told
        size *= 20


def _key(one: Coverage) -> tuple[str, Which]:
    return one.kind, which_key(one.which)


def _withdrawn(one: Coverage, number: int) -> Coverage:
    return msgspec.structs.replace(one, until=WITHDRAWN, number=number)


def _read(record: LogRecord) -> Message | None:
    value = record.value or b""
    if b'"tick"' not in value and b'"retract"' not in value:
        return None  # most are rows, and are not worth decoding
    try:
        return decode_message(value)
    except msgspec.DecodeError:
        return None  # detection has put it into quarantine


def _by_feed(statements: Iterable[Coverage]) -> Told:
    found: Told = {}
    for one in statements:
        found[one.feed] = (*found.get(one.feed, ()), one)
    return found
