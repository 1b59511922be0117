"""Messages that the log drops before intake has read them are missed, and not taken for silence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from streams.intake.orders import Dismiss, Redrive, encode_order
from streams.intake.quarantine import Quarantine
from streams.intake.statements import Statements
from streams.log.client import open_client
from streams.log.client_embedded import EmbeddedClient
from streams.log.records import TopicSpec
from tests.intake.test_agent import Deployment

FOREVER_LATER_MS = 10**15


@pytest.fixture
async def here(unique: str, tmp_path: Path) -> AsyncIterator[Deployment]:
    url = f"embedded://{tmp_path / 'log.db'}"
    async with open_client(url) as client:
        yield Deployment(client, url, unique, tmp_path)


async def test_messages_that_expired_unread_hold_the_feed_up_until_somebody_says_otherwise(
    here: Deployment,
) -> None:
    made = here.contract()
    assert isinstance(here.client, EmbeddedClient)
    await here.client.ensure_topics([TopicSpec(here.source, 2, retention_ms=1)])
    await here.provision(made)
    for n in range(8):
        here.agency.put(f"K{n}", who=n)
    here.agency.heartbeat("2025-01-20")
    await here.send()
    async with here.running(made):
        await here.read()
    for n in range(8, 40):
        here.agency.put(f"K{n}", who=n)
    await here.send()
    assert await here.client.maintain(FOREVER_LATER_MS) > 0  # nobody was there for too long
    here.agency.heartbeat("2025-02-20")
    here.agency.put("K1", place="y")
    here.agency.put("K0", place="y")
    here.agency.put("K2", place="y")
    await here.send()
    async with here.running(made):
        await here.read()
        statements = await Statements.load(here.client, here.topics.coverage)
        said = statements.said()[made.feed].until
        assert said.isoformat() == "2025-02-20"  # so it says,
        held = statements.holds()[made.feed]
        assert held.isoformat() == "2025-01-21"  # and is believed no further than before
        quarantine = await Quarantine.load(here.client, here.topics.quarantine)
        entries = quarantine.open(made.feed)
        assert {(entry.partition, entry.reason, entry.holds) for entry in entries} == {
            (0, "expired", True),
            (1, "expired", True),
        }
        control = here.topics.control(made.feed, made.epoch)
        for entry in entries:  # there is nothing to read again
            order = encode_order(Redrive(entry.epoch, entry.message))
            await here.client.append(control, entry.partition, [(None, order)])
        await here.read()
        await statements.refresh(here.client)
        assert statements.holds()[made.feed] == held
        for entry in entries:
            order = encode_order(Dismiss(entry.epoch, entry.message.offset, "sent again"))
            await here.client.append(control, entry.partition, [(None, order)])
        await here.read()
        await statements.refresh(here.client)
        assert statements.holds() == {}
