"""A new epoch of a feed: when it has been read, what only the old one knew is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from schemas.change import Position, Put, Remove, encode_message
from schemas.contract import Contract
from schemas.errors import LogError, RecordError
from schemas.fence import fence_of, payload_of
from schemas.mapping import Mapper
from schemas.subject import Tokens
from streams.intake.entry import decode_entry, is_record
from streams.intake.reading import Reading
from streams.intake.statements import Retired, Statements, statement_row
from streams.log.client import LogClient
from streams.log.partitioner import partition_for
from streams.log.records import changelog_name
from streams.topics import INTAKE, Topics

#: Later than any message of its epoch, earlier than any of the next.
END_OF_EPOCH = 2**62


def retired(
    contract: Contract, mapper: Mapper, tokens: Tokens, epoch: int, partition: int,
    state: Mapping[bytes, bytes], today_ms: int,
) -> Iterator[Put | Remove]:  # fmt: skip
    """What becomes of the records that an old epoch's registry holds.

    Each change lies behind the old epoch and before the new one: where the new one has told of the
    record, for whichever subject, detection drops it. So nothing has to be known of the new epoch
    but that it has been read.
    """
    meaning = contract.deletion.meaning
    if meaning == "expiry":
        return
    reading = Reading(contract, mapper, tokens)
    position = Position(epoch, partition, END_OF_EPOCH)
    day = reading.day(today_ms)
    for name, value in sorted(state.items()):
        payload = payload_of(value)
        if not is_record(name) or not payload:
            continue
        entry = decode_entry(payload)
        if meaning == "ends" and entry.columns and not entry.outstanding:
            try:
                now = reading.read(reading.restored(entry.columns), entry.ended or day)
            except RecordError:
                pass  # the new mapping cannot read it: then it is gone
            else:
                for subject in now.subjects:
                    yield Put(subject, contract.record, msgspec.Raw(now.row), position, 0, True)
                continue
        key = name.decode()
        for subject in entry.subjects:
            yield Remove(subject, contract.record, contract.feed, key, position, 0, True)


async def retire(
    client: LogClient, topics: Topics, contract: Contract, tokens: Tokens, epoch: int, today_ms: int
) -> int:
    """Sweep the records of an old epoch, once intake has read the new one; return how many changes.

    Raises ``LogError`` if it has not, or if nothing is kept of that epoch.
    """
    group = topics.app(INTAKE)
    if epoch >= contract.epoch:
        raise LogError(f"feed {contract.feed}: epoch {epoch} is not before {contract.epoch}")
    ends = await client.end_offsets(contract.topic)
    begins = await client.beginning_offsets(contract.topic)
    done = await client.committed(group, contract.topic)
    behind = {p for p, e in ends.items() if max(done.get(p) or 0, begins[p]) < e}
    statements = await Statements.load(client, topics.coverage)
    # What the group has passed it may have passed in the old epoch.
    behind.update(statements.unread(contract.feed, contract.epoch, _written(ends)))
    if behind:
        raise LogError(
            f"feed {contract.feed}: intake has not yet read epoch {contract.epoch} to its end "
            f"(partitions {', '.join(map(str, sorted(behind)))}); wait, or rows that are still to "
            "come would be withdrawn and told again"
        )
    changelog = changelog_name(group, topics.registry_table(contract.feed, epoch))
    partitions = (await client.topics()).get(changelog)
    if partitions is None:
        raise LogError(f"feed {contract.feed}: nothing is kept of epoch {epoch} ({changelog})")
    mapper, count = Mapper(contract, tokens), 0
    for partition in range(partitions):
        state: dict[bytes, bytes] = {}
        async for record in client.read(changelog, partition, 0):
            key, value = record.key or b"", record.value or b""
            if key not in state or fence_of(value) >= fence_of(state[key]):
                state[key] = value
        rows: dict[int, list[tuple[bytes | None, bytes | None]]] = {}
        for change in retired(contract, mapper, tokens, epoch, partition, state, today_ms):
            subject = change.subject.encode()
            target = partition_for(subject, topics.partitions)
            rows.setdefault(target, []).append((subject, encode_message(change)))
        for target, batch in sorted(rows.items()):
            await client.append(topics.changes, target, batch)
            count += len(batch)
    done_with = statement_row(Retired(contract.feed, epoch))
    await client.append(topics.coverage, 0, [done_with])
    return count


async def to_be_retired(
    client: LogClient, topics: Topics, contracts: Mapping[str, Contract]
) -> list[tuple[str, int, bool]]:
    """Feeds and old epochs that were not swept, and whether the new one has been read already."""
    existing = await client.topics()
    if topics.coverage not in existing:
        return []
    statements = await Statements.load(client, topics.coverage)
    group, found = topics.app(INTAKE), []
    for feed, contract in sorted(contracts.items()):
        if contract.deletion.meaning == "expiry" or contract.topic not in existing:
            continue
        for epoch in range(1, contract.epoch):
            kept = changelog_name(group, topics.registry_table(feed, epoch)) in existing
            if kept and (feed, epoch) not in statements.retired:
                waiting = sum((await client.lag(group, contract.topic)).values())
                written = _written(await client.end_offsets(contract.topic))
                unread = statements.unread(feed, contract.epoch, written)
                found.append((feed, epoch, not waiting and not unread))
    return found


def _written(ends: Mapping[int, int]) -> list[int]:
    """The partitions that ever had a message."""
    return [partition for partition, end in ends.items() if end]
