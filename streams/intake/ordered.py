"""What an order does to a partition: messages read again or dismissed, records swept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.errors import RecordError
from schemas.fence import payload_of
from streams.intake.entry import Entry, Held, decode_held, held_key, is_record
from streams.intake.orders import Dismiss, Heard, Order, Redrive, Restate, Sweep, TakeBack
from streams.intake.outcome import Outcome
from streams.intake.quarantine import Settled
from streams.intake.work import Touched, Work

if TYPE_CHECKING:
    from streams.intake.registry import Registry

#: Records that one slice of a sweep removes: bounds what is sent and written at once.
SLICE = 500

#: Orders that change records.
CHANGING = (Redrive, Dismiss, Sweep)


def begin(registry: Registry) -> Outcome:
    """What is to be written before an order changes records.

    A frozen owner may have fetched the order too. What it would make of it, not having read what
    its successor has, would be wrong, and is told before it is written: so nothing is told before
    the log has taken a write as the owner's, which ends whoever is none. And such an owner may
    tell of the next messages without knowing the order.
    """
    registry.completeness.retell(registry.applied + 1 + registry.unwritten)
    outcome = Outcome()
    registry.completeness.write(outcome, registry.write)
    return outcome


def carry_out(registry: Registry, order: Order) -> Iterator[Outcome]:
    """Carry out one order, in slices."""
    if isinstance(order, Redrive):
        yield _redrive(registry, order)
    elif isinstance(order, Dismiss):
        yield _dismiss(registry, order)
    elif isinstance(order, Sweep):
        yield from _sweep(registry, order)
    elif isinstance(order, TakeBack):
        registry.completeness.take_back(order.until, order.number)
        yield Outcome(labels=["ordered"])
    elif isinstance(order, Heard):
        registry.completeness.heard(order.until)
        yield Outcome(labels=["heartbeat"])
    elif isinstance(order, Restate):
        registry.completeness.restate(registry.applied + 1)
        yield Outcome(labels=["ordered"])  # what is to be said is said after any order


def _redrive(registry: Registry, order: Redrive) -> Outcome:
    message, offset = order.message, order.message.offset
    if order.epoch != registry.contract.epoch:
        return _of_another_epoch(registry, order.epoch, offset)
    held = registry.shelf.held(offset)
    if held is None:
        return _nothing_held(registry, offset)
    work = Work(offset, message.timestamp_ms, redriven=True)
    registry.take(message, work)
    outcome = registry.finish(work)
    if work.refusal is None and not work.waiting:
        registry.shelf.settle(offset, held, "redriven" if work.applied else "superseded", outcome)
        return outcome
    left = Held(tuple(work.refused_keys), work.nameless, held.day, held.at_ms)
    registry.shelf.keep(offset, left, outcome)
    if work.refusal is not None:
        outcome.quarantine.append(
            registry.shelf.entry(message, work, work.refusal, held.day is not None)
        )
    return outcome


def _dismiss(registry: Registry, order: Dismiss) -> Outcome:
    if order.epoch != registry.contract.epoch:
        return _of_another_epoch(registry, order.epoch, order.offset)
    held = registry.shelf.held(order.offset)
    if held is None:
        return _nothing_held(registry, order.offset)
    work = Work(order.offset, 0, redriven=True)
    for key in held.keys:
        entry = registry.entry(key)
        if entry is not None and order.offset in entry.outstanding:
            _void(registry, key, entry, order.offset, work)
    outcome = registry.finish(work)
    outcome.labels.append("dismissed")
    registry.shelf.settle(order.offset, held, "dismissed", outcome, order.reason)
    return outcome


def _void(registry: Registry, key: str, entry: Entry, offset: int, work: Work) -> None:
    """Take one unreadable change out of a record's history."""
    rest = tuple(one for one in entry.outstanding if one != offset)
    subjects, columns, hash, now = entry.subjects, entry.columns, b"", None
    if not rest and columns:
        try:
            now = registry.reading.read(registry.reading.restored(columns), entry.ended)
            subjects, hash = now.subjects, now.hash
        except RecordError:
            columns = b""  # the contract was changed since, and refuses what it took before
    if not rest and not columns:
        subjects = ()
    after = Entry(
        entry.offset, entry.sequence, entry.seen_ms, subjects, columns, hash, rest,
        entry.ended, entry.ended_at,
    )  # fmt: skip
    work.stand(key, Touched(entry, entry), after, now, 0)


def _nothing_held(registry: Registry, offset: int) -> Outcome:
    """Nothing waits for the message: say so, unless it is still to come again after a restart."""
    outcome = Outcome(labels=["superseded"])
    if offset <= registry.applied:
        registry.shelf.settle(offset, None, "superseded", outcome)
    return outcome


def _of_another_epoch(registry: Registry, epoch: int, offset: int) -> Outcome:
    """The feed was read again since: whatever the message said was told again, or is no more."""
    feed, partition = registry.contract.feed, registry.partition
    outcome = Outcome(labels=["superseded"])
    outcome.quarantine.append(Settled(feed, epoch, partition, offset, "superseded"))
    return outcome


def _sweep(registry: Registry, order: Sweep) -> Iterator[Outcome]:
    """Remove what was not seen since; what was is left alone, so that a repeat does nothing."""
    whole = order.key is None
    if order.epoch == registry.contract.epoch and registry.contract.deletion.meaning != "expiry":
        before_ms = order.before_ms
        if order.cause == "snapshot":  # its rows may have come here before they came there
            before_ms = registry.completeness.snapshot_began(before_ms)
        names = list(registry.state) if order.key is None else [order.key.encode()]
        work = Work(-1, 0, redriven=True)
        for name in names:
            if not is_record(name):
                if whole:
                    _overtaken(registry, name, before_ms, work.outcome)
                continue
            key = name.decode()
            entry = registry.entry(key)
            if entry is None or entry.gone or _seen_since(entry, order, before_ms):
                continue
            _swept(registry, key, entry, order, work)
            if len(work.touched) >= SLICE:
                yield registry.finish(work)
                work = Work(-1, 0, redriven=True)
        yield registry.finish(work)
    if order.cause == "snapshot":
        registry.completeness.snapshot_done(order.before_ms)
    yield Outcome(labels=["ordered"])


def _seen_since(entry: Entry, order: Sweep, before_ms: int) -> bool:
    if (
        order.sequence is not None
        and entry.sequence is not None
        and entry.sequence != order.sequence
    ):
        return entry.sequence > order.sequence
    return entry.seen_ms >= before_ms


def _swept(registry: Registry, key: str, entry: Entry, order: Sweep, work: Work) -> None:
    sequence = order.sequence
    if sequence is None and entry.sequence is not None:
        sequence = (*entry.sequence, 0)  # later than the row, earlier than whatever comes: sent
        # again, the row as it was is older than its end
    touched = Touched(entry, entry)
    work.count("swept")
    if registry.contract.deletion.meaning == "ends":
        registry.rows.ended(key, order.day, sequence, touched, work, entry.position, 0)
    else:
        after = Entry(entry.position, sequence, entry.seen_ms, (), b"", b"")
        work.stand(key, touched, after, None, 0)


def _overtaken(registry: Registry, name: bytes, before_ms: int, outcome: Outcome) -> None:
    """Of a message whose record is unknown nothing is left after a sweep of everything."""
    offset = int.from_bytes(name[-8:], "big")
    if name != held_key(offset):
        return
    payload = payload_of(registry.state[name])
    if payload:
        held = decode_held(payload)
        if held.nameless and held.at_ms < before_ms:
            registry.shelf.settle(offset, held, "superseded", outcome)
