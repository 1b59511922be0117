"""An activation reaches every partition, however often it was cut short."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from detectors.framework.registry import discover
from schemas.change import Rules, decode_message, encode_message
from schemas.contract import Contract, load_contracts
from streams.activation import activate_at_start, wanted_rules
from streams.log.client import LogClient, open_client
from streams.settings import Settings, read_settings
from tests.integration.deployment import write_contracts


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[LogClient]:
    async with open_client(f"embedded://{tmp_path / 'log.db'}") as made:
        yield made


def settings(tmp_path: Path) -> Settings:
    """Settings of a deployment on Kafka, where several versions may run at once."""
    return read_settings(
        {
            "DONGJIAN_BROKER": "kafka://localhost:9",
            "DONGJIAN_SECRET": "a secret of the tests",
            "DONGJIAN_PREFIX": "t",
            "DONGJIAN_PARTITIONS": "3",
            "DONGJIAN_DATA": str(tmp_path),
        }
    )


async def activated(client: LogClient, topic: str) -> list[list[int]]:
    """The numbers of the rule sets in each partition of the changes topic."""
    found: list[list[int]] = []
    for partition, end in sorted((await client.end_offsets(topic)).items()):
        messages = [
            decode_message(r.value or b"") async for r in client.read(topic, partition, 0, end)
        ]
        found.append([m.number for m in messages if isinstance(m, Rules)])
    return found


async def test_an_activation_that_was_cut_short_is_completed_by_the_next_start(
    client: LogClient, tmp_path: Path
) -> None:
    here, catalogue = settings(tmp_path), discover(packs=False)
    contracts: dict[str, Contract] = load_contracts(write_contracts(tmp_path / "feeds", "t"))
    await client.ensure_topics(here.topics.core())
    rules = wanted_rules(here, catalogue, contracts, 1)
    await client.append(here.topics.rules, 0, [(None, encode_message(rules))])
    await client.append(here.topics.changes, 0, [(None, encode_message(rules))])  # and was killed
    await activate_at_start(client, here, catalogue, contracts)
    assert all(numbers for numbers in await activated(client, here.topics.changes))


async def test_other_settings_do_not_take_over_a_deployment_by_themselves(
    client: LogClient, tmp_path: Path
) -> None:
    here, catalogue = settings(tmp_path), discover(packs=False)
    contracts: dict[str, Contract] = load_contracts(write_contracts(tmp_path / "feeds", "t"))
    await client.ensure_topics(here.topics.core())
    await activate_at_start(client, here, catalogue, contracts)
    other = replace(here, grants=("custody",))
    await activate_at_start(client, other, catalogue, contracts)
    assert await activated(client, here.topics.changes) == [[1], [1], [1]]
