"""What answers of a Kafka cluster mean that is putting itself in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import (
    BrokerResponseError,
    CoordinatorNotAvailableError,
    KafkaError,
    UnknownTopicOrPartitionError,
)

OFFSETS_TOPIC = "__consumer_offsets"


def group_offsets(
    admin: KafkaAdminClient, group: str, places: list[TopicPartition] | None
) -> Mapping[Any, Any]:
    """Return what a group committed, in these places or in all."""
    try:
        return admin.list_group_offsets({group: places})[group]  # type: ignore[no-any-return]
    except CoordinatorNotAvailableError:
        # The first use of a cluster creates the offsets topic; until then nobody committed. Later
        # it says that the coordinator moves, and no answer is not the same as none committed.
        if any(topic["name"] == OFFSETS_TOPIC for topic in admin.describe_topics()):
            raise
        return {}


def passes(error: KafkaError) -> bool:
    """Whether the cluster will answer when it has put itself in order.

    A broker that does not answer at all is for the caller to wait for; a topic that is unknown may
    never be.
    """
    return (
        isinstance(error, BrokerResponseError)
        and error.retriable
        and not isinstance(error, UnknownTopicOrPartitionError)
    )
