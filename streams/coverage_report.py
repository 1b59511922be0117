"""How far each feed is complete, in lines for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schemas.change import WITHDRAWN, Coverage
from schemas.contract import Contract
from streams.intake.statements import Statements
from streams.log.client import LogClient
from streams.settings import Settings
from streams.topics import INTAKE
from streams.vouched import last_told


@dataclass(frozen=True, slots=True)
class Line:
    """One line about a feed."""

    feed: str
    text: str


async def report(
    client: LogClient, settings: Settings, contracts: Mapping[str, Contract], feed: str = ""
) -> list[Line]:
    """Report on one feed or on all, also on those that were withdrawn, in order of their names."""
    topics = settings.topics
    if topics.coverage not in (existing := await client.topics()):
        return []
    statements = await Statements.load(client, topics.coverage)
    told = await last_told(client, topics.changes)
    found: list[Line] = []
    for name in sorted({*contracts, *told, *statements.said()}):
        if feed not in ("", name):
            continue
        contract, waiting = contracts.get(name), 0
        if contract is not None and contract.topic in existing:
            waiting = sum((await client.lag(topics.app(INTAKE), contract.topic)).values())
        lines = _feed(name, contract, told.get(name, ()), statements, waiting)
        found += [Line(name, text) for text in lines]
    return found


def _feed(
    feed: str,
    contract: Contract | None,
    told: tuple[Coverage, ...],
    statements: Statements,
    waiting: int,
) -> Iterator[str]:
    if contract is None:
        yield f"{feed}: withdrawn, no contract has it"
        return
    said = statements.said().get(feed)
    if not contract.supplies:
        yield f"{feed}: supplies nothing, no absence is told by it"
    elif said is None:
        yield f"{feed}: has not said how far it is complete"
    else:
        yield f"{feed}: says it is complete until {said.until} (epoch {said.epoch})"
    for one in told:
        which = "".join(f" {name}={','.join(values)}" for name, values in one.which.items())
        state = "withdrawn" if one.until == WITHDRAWN else f"{one.since} to {one.until}"
        yield f"  {one.kind}{which}: {state}, number {one.number}"
    for hold in statements.held(feed):
        if hold.because:
            yield f"  held before {hold.day}: taken back: {hold.because}"
        else:
            place = f"{hold.feed}/{hold.epoch}/{hold.partition}/{hold.offset}"
            yield f"  held before {hold.day}: quarantined message {place}"
    for due in statements.due():
        if due.feed == feed:
            yield f"  waits: a sweep ({due.sweep.cause}), until intake has passed what is before it"
    if waiting:
        yield f"  waits: {waiting} records that intake has not read"
