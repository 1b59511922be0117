"""The detect agent: each chunk of the changes topic through its partition's engine, exactly once.

The order is what makes it exact: outputs are sent and acknowledged, then the state is written and
acknowledged, then Faust acknowledges the chunk. A crash anywhere replays from the last state and
yields the same bytes, which readers drop by revision.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterable
from typing import Any, NoReturn

import faust
from faust.types import TP

from detectors.framework.engine import Engine
from detectors.framework.registry import Catalogue
from schemas.errors import ForeignRules
from schemas.subject import Tokens
from streams import garbage
from streams.detect import refused
from streams.detect.partition import Work, work
from streams.intake.quarantine import quarantine_row
from streams.log import fatal
from streams.log.app import append, partition_for
from streams.log.chunks import Chunk
from streams.log.table import ChunkTable
from streams.metrics import Metrics
from streams.topics import DETECT, Topics

logger = logging.getLogger(__name__)

#: Exit code of a worker that met state or rules of another version of the code.
EXIT_FOREIGN_RULES = 78

#: Exit code of a worker that finds messages gone that it has not applied: a restart mends nothing.
EXIT_GAP = 79


class Detect:
    """Engines of the partitions that this worker owns, and what each chunk does to them."""

    def __init__(
        self, app: faust.App, topics: Topics, catalogue: Catalogue, tokens: Tokens, metrics: Metrics
    ) -> None:
        self._app, self._topics, self._metrics = app, topics, metrics
        self._catalogue, self._tokens = catalogue, tokens
        self._engines: dict[int, tuple[int, Engine]] = {}
        self._table: ChunkTable = app.Table(  # type: ignore[assignment]
            topics.state_table, partitions=topics.partitions
        )
        changes = app.topic(topics.changes)
        app.agent(changes, name=DETECT)(self._run)

    async def _run(self, stream: AsyncIterable[Chunk]) -> None:
        async for chunk in stream:
            await self._chunk(chunk)

    async def _chunk(self, chunk: Chunk) -> None:
        engine = self._engine(chunk.partition)
        await self._refuse_gap(engine, chunk)
        started = time.perf_counter()
        before = dict(engine.evaluations)
        try:
            for piece in work(engine, chunk.records):
                await self._carry_out(chunk.partition, piece)
        except ForeignRules as error:
            # Everything before is sent and stored; whoever runs those rules goes on from here.
            fatal.end_process("changes [%s]: %s", chunk.partition, error, code=EXIT_FOREIGN_RULES)
        made = {m: n - before.get(m, 0) for m, n in engine.evaluations.items()}
        self._metrics.detected(len(chunk.records), time.perf_counter() - started, made)
        self._metrics.knows(chunk.partition, engine)

    async def _refuse_gap(self, engine: Engine, chunk: Chunk) -> None:
        """Stop where messages are missing between the state and the chunk.

        The changes topic keeps messages for a time only, and Faust goes on with the oldest that is
        left: whatever came before it would be lost without a word. And a broker that just came
        back can show an older end of the changelog than there is: then the state is not the last
        one, what follows would be told from it, and only a restart reads all of it.
        """
        if chunk.records[0].offset > engine.head.offset + 1:
            tp = TP(chunk.topic, chunk.partition)
            oldest = (await self._app.consumer.earliest_offsets(tp))[tp]
            refuse_gap(engine.head.offset + 1, chunk, oldest)

    def _engine(self, partition: int) -> Engine:
        generation = self._table.generation(partition)
        held = self._engines.get(partition)
        if held is not None and held[0] == generation:
            return held[1]
        for lost in set(self._engines) - self._table.held():
            del self._engines[lost]
            self._metrics.forgets(lost)
        entries = self._table.take(partition)
        engine = Engine(self._catalogue, self._tokens, partition=partition, entries=entries.items())
        self._engines[partition] = generation, engine
        garbage.keep()
        logger.info(
            "partition_opened partition=%s subjects=%s", partition, len(engine.dossiers.subjects)
        )
        return engine

    async def _carry_out(self, partition: int, piece: Work) -> None:
        sends: list[Any] = []
        if piece.transitions:
            sends.append(append(self._app, self._topics.alerts, partition, piece.rows()))
        by_partition: dict[int, list[tuple[bytes, bytes]]] = defaultdict(list)
        for key, value in piece.changes():
            by_partition[partition_for(key, self._topics.partitions)].append((key, value))
        for target, rows in sorted(by_partition.items()):
            sends.append(append(self._app, self._topics.changes, target, rows))
        entries = [refused.of_message(partition, r, why) for r, why in piece.unreadable]
        entries += [refused.of_failure(partition, r, f) for r, f in piece.failures if not f.again]
        if entries:
            rows = [quarantine_row(entry) for entry in entries]
            sends.append(append(self._app, self._topics.quarantine, 0, rows))
        await asyncio.gather(*sends)
        await self._table.write(partition, piece.batches)
        self._metrics.told(piece.transitions)
        for entry in entries:
            self._metrics.quarantined(DETECT, entry.reason)
            logger.error(
                "quarantined reason=%s id=%s detail=%r", entry.reason, entry.id, entry.detail
            )
        for _, failure in piece.failures:
            self._metrics.failed(failure.model, failure.reason)


def refuse_gap(expected: int, chunk: Chunk, oldest: int) -> NoReturn:
    """End the process: the message at ``expected`` expired, or is there and was not read."""
    if oldest > expected:
        fatal.end_process(
            "changes [%s]: the messages %s to %s expired before detection had applied them, so its "
            "state cannot be brought up to date; begin anew with another DONGJIAN_PREFIX and take "
            "every feed in again",
            chunk.partition, expected, oldest - 1, code=EXIT_GAP,
        )  # fmt: skip
    fatal.end_process(
        "changes [%s]: the state ends before message %s, and message %s came next; this process "
        "restarts from the log",
        chunk.partition, expected, chunk.records[0].offset,
    )  # fmt: skip
