"""The intake agents: one for each feed, its topic and its orders through a registry, exactly once.

Per chunk: outputs are sent and acknowledged, then quarantine and statements, then state is written
and acknowledged, then Faust acknowledges the chunk. A crash anywhere replays from the last state
and gives the same, which detection drops by position.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import faust
import msgspec

from schemas.change import encode_message
from schemas.contract import Contract
from schemas.mapping import Mapper
from schemas.subject import Tokens
from streams.intake.heartbeat import heartbeat_topics
from streams.intake.heartbeat_topic import HeartbeatTopic
from streams.intake.orders import decode_order
from streams.intake.outcome import Metrics, Outcome
from streams.intake.quarantine import Quarantined, quarantine_row
from streams.intake.registry import EXPIRED, Registry
from streams.intake.statements import statement_row
from streams.log.app import append, partition_for
from streams.log.chunks import CHUNK_RECORDS, Chunk
from streams.log.client import LogClient
from streams.log.records import LogRecord
from streams.log.table import ChunkTable
from streams.topics import INTAKE, Topics

logger = logging.getLogger(__name__)

#: State batches are cut at about this size, always between two source records.
BATCH_BYTES = 256 * 1024

#: Offsets that a chunk may span where a topic has gaps, such as those of transactions.
UNWRITTEN = 5 * CHUNK_RECORDS

#: A slow chunk must not keep the event loop from answering the broker for longer than this.
PAUSE_S = 0.05


class Intake:
    """The agents and tables of all feeds in one application.

    ``client`` reads what a feed's new epoch has before the group's offsets, which it asks of the
    log; ``topic_ids`` are those of the feeds' topics, checked against the ones that their epochs
    began with.
    """

    def __init__(
        self,
        app: faust.App,
        topics: Topics,
        contracts: Mapping[str, Contract],
        partitions: Mapping[str, int],
        tokens: Tokens,
        metrics: Metrics,
        *,
        client: LogClient,
        topic_ids: Mapping[str, str] | None = None,
    ) -> None:
        self.feeds = {
            feed: FeedIntake(
                app, topics, contract, partitions[feed], tokens, metrics, client,
                (topic_ids or {}).get(feed, ""),
            )
            for feed, contract in contracts.items()
        }  # fmt: skip
        self.heartbeats = [
            HeartbeatTopic(app, topics, topic, feeds, partitions, metrics)
            for topic, feeds in heartbeat_topics(contracts).items()
        ]


class FeedIntake:
    """Registries of the partitions of one feed that this worker owns."""

    def __init__(
        self,
        app: faust.App,
        topics: Topics,
        contract: Contract,
        partitions: int,
        tokens: Tokens,
        metrics: Metrics,
        client: LogClient,
        topic_id: str,
    ) -> None:
        self._app, self._topics, self._contract = app, topics, contract
        self._tokens, self._metrics, self._client = tokens, metrics, client
        self._partitions, self._topic_id = partitions, topic_id
        self._mapper = Mapper(contract, tokens)
        self._registries: dict[int, tuple[int, Registry]] = {}
        feed, self._control = contract.feed, topics.control(contract.feed, contract.epoch)
        self._table: ChunkTable = app.Table(  # type: ignore[assignment]
            topics.registry_table(feed, contract.epoch), partitions=partitions
        )
        both = app.topic(contract.topic, self._control)
        app.agent(both, name=f"intake-{feed}")(self._run)

    async def _run(self, stream: AsyncIterable[Chunk]) -> None:
        async for chunk in stream:
            await self._chunk(chunk)

    async def _chunk(self, chunk: Chunk) -> None:
        registry = await self._registry(chunk.partition)
        if not registry.completeness.is_caught_up:
            await self._catch_up(registry, chunk)
        if chunk.topic == self._control:
            await self._orders(registry, chunk)
        else:
            await self._apply(registry, chunk.records)

    async def _apply(self, registry: Registry, records: Sequence[LogRecord]) -> None:
        outcomes: list[Outcome] = []
        pause = time.monotonic() + PAUSE_S
        for record in records:
            outcomes.append(self._one(registry, record))
            if time.monotonic() > pause:
                await asyncio.sleep(0)
                pause = time.monotonic() + PAUSE_S
        await self._carry_out(registry.partition, outcomes)

    def _one(self, registry: Registry, record: LogRecord) -> Outcome:
        try:
            return registry.apply(record)
        except Exception as error:  # the edge: one message must not stop its feed
            logger.error(
                "message_failed feed=%s partition=%s offset=%s error=%s at=%s",
                self._contract.feed, registry.partition, record.offset, type(error).__name__,
                _place(error),
            )  # fmt: skip
            return registry.broken(record, type(error).__name__)

    async def _orders(self, registry: Registry, chunk: Chunk) -> None:
        for record in chunk.records:
            try:
                order = decode_order(record.value or b"")
            except msgspec.DecodeError as error:
                # Nobody but this application writes here, so there is nothing to hold up.
                logger.error(
                    "order_unreadable topic=%s partition=%s offset=%s error=%s",
                    chunk.topic, chunk.partition, record.offset, error,
                )  # fmt: skip
                continue
            for outcome in registry.order(order):
                await self._carry_out(chunk.partition, [outcome])
            logger.info(
                "order_done feed=%s partition=%s offset=%s order=%s",
                self._contract.feed, chunk.partition, record.offset, type(order).__name__,
            )  # fmt: skip

    async def _catch_up(self, registry: Registry, chunk: Chunk) -> None:
        """Read what a new epoch has to read again, although the group has passed it before."""
        topic, partition = self._contract.topic, chunk.partition
        if chunk.topic == topic:
            position = chunk.records[0].offset
        else:
            # The group brings at least what follows its commit: it went on from there, or before.
            group = self._topics.app(INTAKE)
            position = (await self._client.committed(group, topic))[partition] or 0
        behind = registry.behind(position)
        if behind is None:
            return
        run: list[LogRecord] = []
        if behind:
            async for record in self._client.read(topic, partition, behind.start, behind.stop):
                run.append(record)
                if len(run) >= CHUNK_RECORDS:
                    await self._apply(registry, run)
                    run = []
            await self._apply(registry, run)
        await self._carry_out(partition, [registry.caught_up(position)])
        logger.info(
            "caught_up feed=%s epoch=%s partition=%s offset=%s",
            self._contract.feed, self._contract.epoch, partition, position,
        )  # fmt: skip

    async def _registry(self, partition: int) -> Registry:
        generation = self._table.generation(partition)
        held = self._registries.get(partition)
        if held is not None and held[0] == generation:
            return held[1]
        for lost in set(self._registries) - self._table.held():
            del self._registries[lost]
        registry = Registry(
            self._contract, self._mapper, self._tokens, self._table.take(partition),
            partition=partition, partitions=self._partitions, topic_id=self._topic_id,
            unwritten=UNWRITTEN,
        )  # fmt: skip
        await self._table.write(partition, [registry.claim().writes])
        await self._missed(registry)
        self._registries[partition] = generation, registry
        logger.info(
            "partition_opened feed=%s partition=%s keys=%s applied=%s",
            self._contract.feed, partition, len(registry.state), registry.applied,
        )  # fmt: skip
        return registry

    async def _missed(self, registry: Registry) -> None:
        """Hold the feed up where its topic dropped messages that intake has not read.

        Faust goes on with the oldest one that is left, and nothing would tell an absence from a row
        that expired unread. One message in quarantine stands for all of them, until somebody has
        had the feed read again or dismisses it. A single offset may be a transaction's marker.
        """
        if self._client is None or registry.applied < 0:
            return
        topic, partition = self._contract.topic, registry.partition
        begin = (await self._client.beginning_offsets(topic))[partition]
        if begin <= registry.applied + 2:
            return
        logger.error(
            "messages_expired feed=%s partition=%s first=%s last=%s",
            self._contract.feed, partition, registry.applied + 1, begin - 1,
        )  # fmt: skip
        lost = LogRecord(begin - 1, registry.last_seen_ms(), None, None, EXPIRED)
        await self._carry_out(partition, [registry.apply(lost)])

    async def _carry_out(self, partition: int, outcomes: Sequence[Outcome]) -> None:
        by_partition: dict[int, list[tuple[bytes | None, bytes | None]]] = defaultdict(list)
        count = self._topics.partitions
        for outcome in outcomes:
            for change in outcome.changes:
                target, key = _target(change.subject, count)
                by_partition[target].append((key, encode_message(change)))
        changes = self._topics.changes
        if by_partition:
            await asyncio.gather(
                *(append(self._app, changes, p, rows) for p, rows in sorted(by_partition.items()))
            )
        # After the outputs of the rows before them: whoever reads a statement may rely on those.
        if refused := [quarantine_row(e) for o in outcomes for e in o.quarantine]:
            await append(self._app, self._topics.quarantine, 0, refused)
        if said := [statement_row(s) for o in outcomes for s in o.statements]:
            await append(self._app, self._topics.coverage, 0, said)
        await self._table.write(partition, _batches(outcomes))
        self._count(outcomes)

    def _count(self, outcomes: Iterable[Outcome]) -> None:
        feed = self._contract.feed
        for label, count in Counter(label for o in outcomes for label in o.labels).items():
            self._metrics.record(feed, label, count)
        reasons = (e.reason for o in outcomes for e in o.quarantine if isinstance(e, Quarantined))
        for reason, count in Counter(reasons).items():
            self._metrics.quarantined(feed, reason, count)


@lru_cache(maxsize=100_000)
def _target(subject: str, partitions: int) -> tuple[int, bytes]:
    """Partition and key of a subject's changes: murmur2 in Python costs more than the change."""
    key = subject.encode()
    return partition_for(key, partitions), key


def _place(error: Exception) -> str:
    """Where it was raised: its text may quote a row, and personal data is not logged."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else ""


def _batches(outcomes: Iterable[Outcome]) -> Iterator[list[tuple[bytes, bytes]]]:
    batch: dict[bytes, bytes] = {}
    size = 0
    for outcome in outcomes:
        for key, value in outcome.writes:
            batch[key] = value
            size += len(key) + len(value)
        if size >= BATCH_BYTES:
            yield list(batch.items())
            batch, size = {}, 0
    if batch:
        yield list(batch.items())
