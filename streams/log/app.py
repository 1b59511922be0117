"""Faust apps as this project runs them, on Kafka or on the embedded log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import faust
from faust.transport.drivers import TRANSPORTS
from yarl import URL

from streams.log import embedded, fatal, kafka
from streams.log.agent import ChunkAgent
from streams.log.chunks import ChunkScheduler, RawSchema
from streams.log.kafka_servers import kafka_servers
from streams.log.partitioner import partition_for
from streams.log.quiet import quiet_libraries
from streams.log.records import MEBIBYTE, Headers, Row, in_batches
from streams.log.recovery import ChunkTableManager
from streams.log.shared_log import SCHEME as EMBEDDED
from streams.log.shared_log import log_path
from streams.log.table import ChunkTable

__all__ = ["append", "chunked_app", "partition_for", "serve"]

logger = logging.getLogger(__name__)


def faust_broker(broker_url: str) -> list[URL]:
    """Translate a broker URL as users write it into the URLs of our transports."""
    TRANSPORTS.aliases[kafka.SCHEME] = "streams.log.kafka:Transport"
    TRANSPORTS.aliases[embedded.SCHEME] = "streams.log.embedded:Transport"
    if broker_url.startswith(EMBEDDED):
        return [URL.build(scheme=embedded.SCHEME, path=log_path(broker_url) or "/")]
    return [URL(f"{kafka.SCHEME}://{server}") for server in kafka_servers(broker_url)]


def chunked_app(
    app_id: str,
    broker_url: str,
    *,
    instance_id: str | None = None,
    data_dir: str | Path,
    commit_interval_s: float = 1.0,
    **faust_settings: Any,
) -> faust.App:
    """Build an app whose agents get chunks and whose tables are chunk tables.

    ``instance_id`` must be stable over restarts and unique in the deployment (a pod or host
    name): with it a worker that restarts gets its partitions back in about 2 s and nobody else
    stops; without it the whole group waits for the session to expire.
    """
    settings: dict[str, Any] = {
        "broker": faust_broker(broker_url),
        "datadir": str(data_dir),
        "origin": None,
        "autodiscover": False,
        # What a chunk is, and who handles it.
        "ConsumerScheduler": ChunkScheduler,
        "Schema": RawSchema,
        "Agent": ChunkAgent,
        "Table": ChunkTable,
        "TableManager": ChunkTableManager,
        "key_serializer": "raw",
        "value_serializer": "raw",
        # Delivery. The stream buffer counts chunks: with one, what comes during its work waits
        # where it was fetched and makes the next chunk larger, instead of queueing up as many small
        # ones. A shorter recovery delay costs nothing: a rebalance during recovery starts it again.
        "processing_guarantee": "at_least_once",
        "stream_wait_empty": True,
        "stream_publish_on_commit": False,
        "stream_buffer_maxsize": 1,
        "stream_recovery_delay": 0.0,
        "broker_commit_interval": commit_interval_s,
        "consumer_auto_offset_reset": "earliest",
        "consumer_max_fetch_size": 4 * MEBIBYTE,
        # An outage of the broker is ridden out: shorter limits raise inside the agent.
        "producer_acks": -1,
        "producer_request_timeout": 1200.0,
        "producer_max_batch_size": 7 * MEBIBYTE,
        "producer_max_request_size": 8 * MEBIBYTE,
        "producer_threaded": False,
        # Membership. The request timeout is also the recovery's patience with one reply.
        "broker_request_timeout": 90.0,
        "broker_session_timeout": 30.0,
        "broker_heartbeat_interval": 3.0,
        "broker_rebalance_timeout": 300.0,
        "consumer_group_instance_id": instance_id,
        "table_standby_replicas": 0,
        # Topics are provisioned; nothing is created, declared or elected on the fly.
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "store": "memory://",
        "web_enabled": False,
        "worker_redirect_stdouts": False,
    }
    # The assignor knows its members by this URL; nothing listens there.
    settings["canonical_url"] = URL(f"http://{instance_id or uuid4().hex}.{app_id}.invalid:6066")
    return faust.App(app_id, **{**settings, **faust_settings})


async def append(
    app: faust.App,
    topic: str,
    partition: int,
    rows: Sequence[Row],
    timestamp_ms: int | None = None,
    headers: Headers = (),
) -> int:
    """Append rows to one partition, in order; return the offset of the first when all are acked.

    Long appends become several record batches; other writers' records may come between those.
    """
    if not rows:
        raise ValueError(f"an append to topic {topic!r} has no rows")
    producer: Any = app.producer
    bases = await producer.write_batches(topic, partition, in_batches(rows), timestamp_ms, headers)
    return int(bases[0])


async def serve(
    apps: Sequence[faust.App], stop: asyncio.Event, *, stop_timeout_s: float = 120.0
) -> int:
    """Run apps in this event loop until ``stop`` is set or one of them dies; return the exit code.

    Apps are stopped in the opposite order of their start, each after it has finished and committed
    what it had begun.
    """
    quiet_libraries()
    running = [asyncio.create_task(_run(app), name=f"app-{app.conf.id}") for app in apps]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({*running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    failed = not stop.is_set()
    try:
        async with asyncio.timeout(stop_timeout_s):
            for app in reversed(apps):
                await app.stop()
    except TimeoutError:
        fatal.end_process("the apps did not stop within %s s", stop_timeout_s)
    stopping.cancel()
    results = await asyncio.gather(*running, return_exceptions=True)
    for app, result in zip(apps, results, strict=True):
        reason = result if isinstance(result, BaseException) else app.crash_reason
        if reason is not None and not isinstance(reason, asyncio.CancelledError):
            failed = True
            logger.error("app_failed app=%s reason=%r", app.conf.id, reason)
    return fatal.EXIT_RESTART if failed else 0


async def _run(app: faust.App) -> None:
    await app.start()
    await app.wait_until_stopped()
