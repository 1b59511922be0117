"""What both transports' consumers have in common: acknowledgement, position and flow of chunks.

It repairs the following of Faust 0.15.3, ``faust/transport/consumer.py``:

* ``_new_offset`` commits past an unfinished head and stops at every gap of a compacted or
  transactional topic (faust-streaming #606, robinhood/faust #625). One in-order actor per
  partition acknowledges in order, so the position behind the highest acknowledged chunk is right.
* trailing control records are never committed, so the lag of a topic that is written
  transactionally stays above 0: chunks and empty runs carry the position that the fetch reached.
* ``on_recovery_completed`` resumes the source partitions before it seeks and clears the queues;
  what is fetched in between is lost (faust-streaming #596). The flow stays stopped until then, a
  fetch keeps to the partitions it was started with, and one that was overtaken by a seek is thrown
  away and repeated.
* ``on_partitions_revoked`` forgets the acknowledgements before the last commit (faust-streaming
  #502), so finished work is delivered again.
* the livelock detector compares epoch seconds with a monotonic clock, and crashes the app when a
  partition has no position yet, as after a seek; ``streams.watchdog`` does its work.
* a full stream queue parks its partition and the fetch loop sleeps for a second; a blocking put
  does it without.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from faust.types import TP, ConsumerMessage

from schemas.errors import LogError
from streams.log.chunks import Chunk, Run

if TYPE_CHECKING:
    from faust.transport.consumer import Consumer as _Base
else:
    _Base = object


class ChunkConsumer(_Base):
    """Mix-in for a Faust consumer; the transport below it implements ``_fetch``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._rewinds = 0
        self._positions: dict[TP, dict[int, int]] = defaultdict(dict)
        self._delivered: dict[TP, int] = {}
        self._finished: dict[TP, int] = {}
        self._idle: dict[TP, int] = {}
        super().__init__(*args, **kwargs)

    async def _fetch(self, active: set[TP], timeout: float) -> dict[TP, Run]:
        raise NotImplementedError

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Any:
        # A copy: Faust passes the set that resume_partitions changes while the fetch is under way.
        active = set(active_partitions or ())
        rewinds = self._rewinds
        runs = await self._fetch(active, timeout)
        if rewinds != self._rewinds:
            runs = await self._without_overtaken(runs)
        for tp, run in runs.items():
            if not run and self.app.topics.acks_enabled_for(tp.topic):
                self._idle[tp] = run.position
        return runs

    async def _without_overtaken(self, runs: dict[TP, Run]) -> dict[TP, Run]:
        """Drop source records whose place in the order of seeks is unknown; fetch them again."""
        kept = {tp: run for tp, run in runs.items() if self._is_changelog_tp(tp)}
        if len(kept) < len(runs) and self.flow_active:
            await self.perform_seek()
        return kept

    def _rewound(self) -> None:
        self._rewinds += 1
        for noted in (self._positions, self._delivered, self._finished, self._idle):
            noted.clear()

    async def perform_seek(self) -> None:
        self._rewound()
        await super().perform_seek()

    def resume_partitions(self, tps: Iterable[TP]) -> None:
        tps = set(tps)
        if any(not self._is_changelog_tp(tp) for tp in tps):
            self.stop_flow()  # recovery calls resume_flow() when it has sought and cleared
        super().resume_partitions(tps)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        await self.commit()
        self._rewound()
        await super().on_partitions_revoked(revoked)

    def on_buffer_full(self, tp: TP) -> None:
        """Do not park the partition: the conductor waits in the queue's ``put``."""

    async def verify_all_partitions_active(self) -> None:
        """Leave it to the watchdog."""

    def verify_recovery_event_path(self, now: float, tp: TP) -> None:
        """Leave it to the watchdog."""

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Gaps need no list: the position of a chunk lies behind them."""

    def _to_message(self, tp: TP, record: Chunk) -> ConsumerMessage:
        offset = record.offset
        if self.app.topics.acks_enabled_for(record.topic):
            self._positions[tp][offset] = record.position
            self._delivered[tp] = max(offset, self._delivered.get(tp, -1))
        return ConsumerMessage(
            record.topic,
            record.partition,
            offset,
            record.records[-1].timestamp_ms / 1000,
            0,
            [],
            None,
            record,  # type: ignore[arg-type]
            None,
            0,
            len(record.records),
            tp,
            generation_id=self.app.consumer_generation_id,
        )

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        for tp in {*self._acked, *self._idle}:
            if topics is None or tp in topics or tp.topic in topics:
                yield tp

    def _new_offset(self, tp: TP) -> int | None:
        acked = self._acked[tp]
        position: int | None = None
        if acked:
            highest = max(acked)
            acked.clear()
            self._acked_index[tp].clear()
            noted = self._positions[tp]
            position = noted.get(highest, highest + 1)
            for offset in [offset for offset in noted if offset <= highest]:
                del noted[offset]
            self._finished[tp] = max(highest, self._finished.get(tp, -1))
        idle = self._idle.get(tp)
        if idle is not None and self._finished.get(tp, -1) >= self._delivered.get(tp, -1):
            del self._idle[tp]
            position = max(position or 0, idle)
        return position or None

    def owned(self) -> set[TP]:
        """Return the source partitions that this consumer has at the moment."""
        enabled = self.app.topics.acks_enabled_for
        return {TP(*tp) for tp in self.assignment() if enabled(tp.topic)}


def require_topics(wanted: Iterable[str], existing: Mapping[str, int]) -> None:
    """Refuse to start on a missing topic, which Faust's assignor would ignore without an error."""
    missing = sorted(set(wanted) - set(existing))
    if missing:
        raise LogError(
            f"topics missing in the log: {', '.join(missing)}; they are never created on the fly "
            "(a changelog would come out uncompacted): create them first"
        )
