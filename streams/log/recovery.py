"""Recovery of tables that survives a slow broker.

``Recovery._wait`` of Faust 0.15.3 takes a timeout for the end of the service: the recovery task
leaves its loop, and the worker stays alive, silent, for ever.
"""

from __future__ import annotations

from typing import Any

from aiokafka.errors import IllegalStateError, KafkaError  # type: ignore[import-untyped]
from faust.tables.manager import TableManager
from faust.tables.recovery import RebalanceAgain, Recovery, ServiceStopped

_PAUSE_S = 1.0


class PatientRecovery(Recovery):
    """Begins again when a step of the recovery timed out or the broker could not answer."""

    async def _wait(self, coro: Any, timeout: Any = None) -> None:
        signal: Any = self.signal_recovery_start
        try:
            outcome = await self.wait_first(coro, signal, timeout=timeout)
        except IllegalStateError:
            raise
        except KafkaError as error:
            await self._begin_again(repr(error))
        if outcome.stopped:
            if self.should_stop:
                raise ServiceStopped
            await self._begin_again(f"no answer within {timeout} s")
        if signal in outcome.done:
            raise RebalanceAgain

    async def _begin_again(self, reason: str) -> None:
        self.log.warning("Table recovery begins again: %s", reason)
        await self.sleep(_PAUSE_S)
        self.signal_recovery_start.set()
        raise RebalanceAgain


class ChunkTableManager(TableManager):
    """Starts at once: all tables of an app are declared before it starts."""

    @property
    def recovery(self) -> Recovery:
        if self._recovery is None:
            self._recovery = PatientRecovery(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery

    async def on_start(self) -> None:
        # Without the second that Faust sleeps here for tables declared late.
        await self._update_channels()
        await self.recovery.start()
