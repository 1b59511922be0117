"""Which partition a key belongs to: the murmur2 placement of Kafka's Java clients."""

from __future__ import annotations

from aiokafka.partitioner import murmur2  # type: ignore[import-untyped]


def partition_for(key: bytes, partitions: int) -> int:
    """Return the partition of ``key`` among ``partitions``.

    Producers over librdkafka place by CRC32 unless told otherwise; never assume that a foreign
    topic is placed this way.
    """
    return int((murmur2(key) & 0x7FFFFFFF) % partitions)
