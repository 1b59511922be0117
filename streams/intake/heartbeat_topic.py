"""Heartbeats on a topic of their own: each statement goes to every partition of its feeds.

Debezium gives every table its topic, so that a table whose rows say how far another one is complete
has its own, with a partition count of its own. What it says is passed on as an order, acknowledged
before the heartbeat is: the feed's intake says it on the coverage topic, and the clock, which read
it there, asks for the end offsets of the feed only then. A row that was in the log before its
heartbeat is thus waited for. It must have been there: whoever sends a heartbeat has to have the
rows before it acknowledged first.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterable, Iterable, Mapping
from datetime import date

import faust

from schemas.contract import Contract
from schemas.errors import DongjianError, EnvelopeError, RecordError
from streams.envelopes import Decoder, decoder
from streams.intake.heartbeat import Heartbeat
from streams.intake.orders import Heard, encode_order
from streams.intake.outcome import Metrics
from streams.log.app import append
from streams.log.chunks import Chunk
from streams.log.records import LogRecord
from streams.topics import Topics

logger = logging.getLogger(__name__)


class Listener:
    """Reads one feed's heartbeats from a topic that is not the feed's."""

    def __init__(self, contract: Contract) -> None:
        rule = contract.coverage
        self.contract = contract
        self.heartbeat = Heartbeat(contract)
        # The rows are another table's: neither key nor columns are those of the contract.
        table = rule.table or contract.table
        self._decode: Decoder = decoder(
            contract.envelope, table=table, flattened=contract.flattened
        )

    def until(self, record: LogRecord) -> date | None:
        """What a message says; raises ``EnvelopeError`` or ``RecordError``."""
        said = [self.heartbeat.until(one) for one in self._decode(record.key, record.value)]
        return max((day for day in said if day is not None), default=None)


class HeartbeatTopic:
    """The agent of one heartbeat topic, for all feeds whose heartbeats come on it."""

    def __init__(
        self,
        app: faust.App,
        topics: Topics,
        topic: str,
        contracts: Iterable[Contract],
        partitions: Mapping[str, int],
        metrics: Metrics,
    ) -> None:
        self._app, self._topics, self._partitions = app, topics, partitions
        self._metrics = metrics
        self._listeners = [Listener(contract) for contract in contracts]
        app.agent(app.topic(topic), name=f"heartbeats-{topic}")(self._run)

    async def _run(self, stream: AsyncIterable[Chunk]) -> None:
        async for chunk in stream:
            for listener in self._listeners:
                until = self._latest(listener, chunk)
                if until is not None:
                    await self._tell(listener.contract, until)

    def _latest(self, listener: Listener, chunk: Chunk) -> date | None:
        """The last day that a chunk says; what lies before it is said with it."""
        latest: date | None = None
        for record in chunk.records:
            try:
                said = listener.until(record)
            except (EnvelopeError, RecordError) as error:
                self._unheard(listener.contract.feed, chunk, record, error)
                continue
            if said is not None and (latest is None or said > latest):
                latest = said
        return latest

    def _unheard(self, feed: str, chunk: Chunk, record: LogRecord, error: DongjianError) -> None:
        # Completeness that cannot be read is not said: a later heartbeat makes up for it. There is
        # nothing to redrive, so it does not go to quarantine.
        self._metrics.record(feed, "unheard")
        logger.error(
            "heartbeat_unreadable feed=%s topic=%s partition=%s offset=%s error=%s",
            feed, chunk.topic, chunk.partition, record.offset, error,
        )  # fmt: skip

    async def _tell(self, contract: Contract, until: date) -> None:
        control = self._topics.control(contract.feed, contract.epoch)
        order = encode_order(Heard(until))
        for partition in range(self._partitions[contract.feed]):
            await append(self._app, control, partition, [(None, order)])
        self._metrics.record(contract.feed, "heartbeat")
