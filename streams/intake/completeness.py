"""How far a partition has heard its feed to be complete, and whether it is still the same feed."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import msgspec

from schemas.contract import Contract
from schemas.errors import ContractError, RecordError
from schemas.fence import payload_of
from streams.intake.entry import HEAD, Head, decode_head, encode_state
from streams.intake.outcome import Outcome, Write
from streams.intake.reading import Reading
from streams.intake.statements import CaughtUp, Said, supplies_of

_QUARTER_MS = 900_000  # of an hour: no time zone begins its day within one
_LONG_AGO = date(1970, 1, 1)


class Completeness:
    """The head of a partition's state. What changes in it is written, and said, with ``say``."""

    def __init__(
        self,
        contract: Contract,
        reading: Reading,
        state: dict[bytes, bytes],
        partition: int,
        partitions: int,
        topic_id: str,
    ) -> None:
        self._contract, self._reading = contract, reading
        self._partition = partition
        self._supplies = supplies_of(contract)
        supplies = msgspec.json.encode(self._supplies)
        mapping = _fingerprint(contract)
        value = state.get(HEAD)
        self._inferred_ms = 0
        self._read_to: int | None = None  # to be said
        if value is None:
            self._head = Head(topic_id, partitions, supplies=supplies, mapping=mapping)
            self._before = msgspec.structs.replace(self._head, mapping=b"")
            self.read_otherwise = True
            self._changed, self._unsaid = True, False
            return
        head = self._before = decode_head(payload_of(value))
        _check(contract, head, topic_id, partitions)
        again = head.supplies != supplies
        number = head.number + 1 if again else head.number
        self.read_otherwise = mapping != head.mapping
        self._head = msgspec.structs.replace(
            head,
            topic_id=topic_id or head.topic_id,
            number=number,
            supplies=supplies,
            mapping=mapping,
        )
        self._changed = self._head != head
        self._unsaid = again and head.said is not None

    @property
    def news(self) -> bool:
        """Whether there is anything to say."""
        return self._changed or self._unsaid

    def snapshot_began(self, order_ms: int) -> int:
        """When the first row of a snapshot came here, of which an order says when it began.

        The order may come again when the snapshot is long over: then it is what it was before.
        """
        swept, began = self._head.swept, self._head.snapshot_ms
        if swept is not None and order_ms <= swept[0]:
            return min(order_ms, swept[1])
        return order_ms if began is None else min(order_ms, began)

    @property
    def snapshot_ms(self) -> int | None:
        """When the first row of the running snapshot came to this partition."""
        return self._head.snapshot_ms

    def heard(self, until: date) -> None:
        """The source says that it is complete up to a day. An earlier day is an old statement."""
        said = self._head.said
        if said is None or until > said:
            self._set(said=until)
            self._unsaid = True

    def infer(self, source_ms: int) -> None:
        """A change of a day shows, where that is agreed, that the days before were sent."""
        if source_ms < self._inferred_ms or self._contract.coverage.mode != "inferred":
            return
        try:
            day = self._reading.day(source_ms)
        except RecordError:
            return
        self._inferred_ms = source_ms - source_ms % _QUARTER_MS + _QUARTER_MS
        self.heard(day - timedelta(days=1))

    def take_back(self, until: date, number: int) -> None:
        """What was said under lower numbers was wrong."""
        if number > self._head.number:
            said = self._head.said
            self._set(number=number, said=None if said is None else min(said, until))
            self._unsaid = said is not None

    @property
    def retell_to(self) -> int:
        """Messages before this offset may have been told by somebody who knew less."""
        return self._head.retell_to

    def retell(self, to: int) -> None:
        """Tell again, as what counts, what is read of messages before this offset."""
        if to > self._head.retell_to:
            self._set(retell_to=to)

    def snapshot_row(self, at_ms: int, *, first: bool) -> None:
        """A row of a snapshot came."""
        if first or self._head.snapshot_ms is None:
            self._set(snapshot_ms=at_ms)

    @property
    def is_caught_up(self) -> bool:
        """Whether the epoch has read what its group had passed before.

        Remembered as such, and not told from what was applied: of that a frozen owner may have
        written something after its successor had begun.
        """
        return self._head.caught_up == 1

    def caught_up(self, position: int) -> None:
        """Everything before an offset is read; what follows comes through the group."""
        self._read_to = position
        self._set(caught_up=1)

    def restate(self, position: int) -> None:
        """Say again what was read, if it is all that the group has passed."""
        if self.is_caught_up:
            self._read_to = position

    def truncated(self, sequence: tuple[int, ...] | None) -> bool:
        """A truncation came; False if it was sent before."""
        known = self._head.truncated
        if sequence is None:
            return True
        if known is not None and sequence <= known:
            return False
        self._set(truncated=sequence)
        return True

    def snapshot_done(self, order_ms: int) -> None:
        """What the snapshot did not show was swept."""
        swept = self._head.swept
        if swept is None or order_ms > swept[0]:
            self._set(snapshot_ms=None, swept=(order_ms, self.snapshot_began(order_ms)))

    def hold_day(self, at_ms: int) -> date:
        """The day before which the feed is complete although this message cannot be read.

        The message came after whatever was said before it, so coverage stops there at the latest.
        """
        try:
            day = self._reading.day(at_ms)
        except RecordError:
            day = _LONG_AGO  # nobody can say of what days it is
        said = self._head.said
        return day if said is None else min(day, said + timedelta(days=1))

    def claim(self, outcome: Outcome, write: Write) -> None:
        """Have what was read before written again by its new owner, and nothing said yet."""
        write(HEAD, encode_state(self._before), outcome)

    def write(self, outcome: Outcome, write: Write) -> None:
        """Have it written, whether or not anything changed."""
        write(HEAD, encode_state(self._head), outcome)
        self._changed = False

    def say(self, outcome: Outcome, write: Write) -> None:
        """Add what changed to an outcome, after the outputs of the rows before."""
        if self._changed:
            self.write(outcome, write)
        head, contract = self._head, self._contract
        if self._read_to is not None:
            outcome.statements.append(
                CaughtUp(contract.feed, contract.epoch, self._partition, self._read_to)
            )
            self._read_to = None
        if self._unsaid and head.said is not None:
            outcome.statements.append(
                Said(
                    contract.feed, contract.epoch, self._partition, head.said,
                    self._supplies, head.number,
                )
            )  # fmt: skip
            self._unsaid = False

    def _set(self, **fields: object) -> None:
        self._head = msgspec.structs.replace(self._head, **fields)
        self._changed = True


def _fingerprint(contract: Contract) -> bytes:
    """The same for the same contract, whichever process asks."""
    encoded = msgspec.json.encode(contract, enc_hook=str, order="deterministic")
    return hashlib.blake2b(encoded, digest_size=16).digest()


def _check(contract: Contract, head: Head, topic_id: str, partitions: int) -> None:
    """Stop when the topic is not the one that this epoch began with."""
    mistakes = []
    fix = (
        f"set epoch = {contract.epoch + 1}, so that the feed is read again from its beginning "
        "and what it no longer shows is swept"
    )
    if topic_id and head.topic_id and topic_id != head.topic_id:
        mistakes.append(
            f"epoch: topic {contract.topic!r} was created again since epoch {contract.epoch} began "
            f"(its id was {head.topic_id}, is {topic_id}): offsets start anew; {fix}"
        )
    if partitions != head.partitions:
        mistakes.append(
            f"epoch: topic {contract.topic!r} has {partitions} partitions, had {head.partitions} "
            f"when epoch {contract.epoch} began: records moved between partitions; {fix}"
        )
    if mistakes:
        raise ContractError(contract.feed, mistakes)
