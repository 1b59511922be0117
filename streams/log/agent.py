"""An agent whose unexpected exception ends the process before the chunk is acknowledged.

Stock Faust acknowledges the event whose processing raised, commits it with the next commit and
starts the agent again on the next one: the event is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import faust
from faust.types.agents import ActorRefT

from streams.log import fatal


class ChunkAgent(faust.Agent):
    """Runs one actor; whatever leaves its body except a stop is fatal."""

    def __init__(self, *args: Any, concurrency: int = 1, **kwargs: Any) -> None:
        if concurrency != 1:
            raise ValueError(
                f"concurrency={concurrency}: acknowledgements out of order commit unfinished work; "
                "use 1 and more partitions"
            )
        super().__init__(*args, concurrency=1, **kwargs)

    async def _execute_actor(self, coro: Awaitable[Any], aref: ActorRefT) -> None:
        await super()._execute_actor(self._guarded(coro, aref), aref)

    async def _guarded(self, coro: Awaitable[Any], aref: ActorRefT) -> None:
        # An exception passes here before the stream's generator is closed, which acknowledges.
        try:
            await coro
        except asyncio.CancelledError:
            # A stop waits for the chunk; this one did not (the app crashed), and Faust's last
            # commit is still to come.
            event = aref.stream.get_active_stream().current_event
            if event is not None and not event.message.acked:
                fatal.end_process("agent %s was cancelled in the middle of a chunk", self.name)
            raise
        except BaseException as error:
            fatal.end_process(
                "agent %s: %r; the chunk is not acknowledged and comes again after the restart",
                self.name, error, exc_info=error,
            )  # fmt: skip
