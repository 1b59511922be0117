"""The intake agent on the log: news, orders, quarantine, statements, a restart, a new epoch."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from schemas.change import Position
from schemas.contract import Contract
from schemas.errors import LogError
from streams.intake.agent import Intake
from streams.intake.epochs import retire
from streams.intake.orders import Dismiss, Redrive, encode_order
from streams.intake.outcome import Tally
from streams.intake.quarantine import Quarantine
from streams.intake.statements import Statements
from streams.log.app import chunked_app
from streams.log.client import LogClient, open_client
from streams.log.records import TopicSpec
from streams.topics import INTAKE, Topics
from tests.intake.agency import DAY_MS, HEARTBEAT, REPAIRED, TOKENS, Agency, Fold, World, contract
from tests.log.conftest import running
from tests.waiting import wait_until

pytestmark = pytest.mark.broker


class Deployment:
    """One feed and its intake on a real log."""

    def __init__(self, client: LogClient, url: str, prefix: str, data: Path) -> None:
        self.client, self.url, self.data = client, url, data
        self.topics = Topics(prefix, partitions=2)
        self.source = f"{prefix}.source"
        self.agency = Agency(partitions=2)
        self.sent = [0, 0]
        self.tally = Tally()

    def contract(self, **options: object) -> Contract:
        made = contract(tail=HEARTBEAT, **options)  # type: ignore[arg-type]
        return replace(made, topic=self.source)

    async def provision(self, made: Contract) -> None:
        feeds = [(made.feed, made.epoch, 2)]
        specs = [*self.topics.core(), *self.topics.for_feeds(feeds), TopicSpec(self.source, 2)]
        await self.client.ensure_topics(specs)

    def running(self, made: Contract):  # type: ignore[no-untyped-def]
        app = chunked_app(
            self.topics.app(INTAKE), self.url, data_dir=self.data, commit_interval_s=0.05
        )
        Intake(
            app, self.topics, {made.feed: made}, {made.feed: 2}, TOKENS, self.tally,
            client=self.client,
        )  # fmt: skip
        return running(app)

    async def send(self) -> None:
        for partition, log in enumerate(self.agency.logs):
            rows = [(r.key, r.value) for r in log[self.sent[partition] :]]
            if rows:
                await self.client.append(self.source, partition, rows)
            self.sent[partition] = len(log)

    async def read(self) -> None:
        """Wait until intake has read everything and carried out every order."""

        async def done() -> bool:
            group = self.topics.app(INTAKE)
            names = [n for n in await self.client.topics() if n == self.source or ".control." in n]
            for name in names:
                if not name.startswith(self.topics.prefix):
                    continue
                if name != self.source and not any((await self.client.end_offsets(name)).values()):
                    continue
                try:
                    lag = await self.client.lag(group, name)
                except LogError:
                    return False  # a broker that has just begun loads its groups
                if any(lag.values()):
                    return False
            return True

        await wait_until(done, 30, what="intake does not get on")

    async def heard(self, expected: dict[int, str]) -> None:
        """Wait until each partition has said how far the feed is complete."""
        found: dict[int, str] = {}

        async def done() -> bool:
            async for record in self.client.read_all(self.topics.coverage):
                said = msgspec.json.decode(record.value or b"{}")
                if said.get("says") == "complete":
                    found[said["partition"]] = said["until"]
            return found == expected

        await wait_until(done, 30, what=f"{expected} is said")

    async def fold(self) -> Fold:
        fold = Fold()
        async for record in self.client.read_all(self.topics.changes):
            fold.take_encoded(record.value or b"")
        return fold


@pytest.fixture
async def here(broker_url: str, unique: str, tmp_path: Path) -> AsyncIterator[Deployment]:
    async with open_client(broker_url) as client:
        yield Deployment(client, broker_url, unique, tmp_path)


def expected(deployment: Deployment, made: Contract) -> dict[str, dict[str, object]]:
    world = World(made)
    world.agency = deployment.agency
    return world.expected()


async def test_rows_become_news_and_a_restart_repeats_nothing(here: Deployment) -> None:
    made = here.contract()
    await here.provision(made)
    for n in range(30):
        here.agency.put(f"K{n}", who=n % 5)
    here.agency.heartbeat("2025-01-20")
    await here.send()
    async with here.running(made):
        await here.read()
    for n in range(10):
        here.agency.delete(f"K{n}")
        here.agency.put(f"K{n + 10}", who=7)
    here.agency.snapshot()
    await here.send()
    async with here.running(made):
        await here.read()
    fold = await here.fold()
    assert fold.standing() == expected(here, made)
    assert here.tally.records[made.feed, "unchanged"] == 20
    statements = await Statements.load(here.client, here.topics.coverage)
    assert [s.until.isoformat() for s in statements.said().values()] == ["2025-01-20"]


async def test_quarantine_is_redriven_after_a_repair_and_dismissed(here: Deployment) -> None:
    made = here.contract()
    await here.provision(made)
    here.agency.put("K1", kind="9")
    here.agency.garbage()
    await here.send()
    async with here.running(made):
        await here.read()
    statements = await Statements.load(here.client, here.topics.coverage)
    assert list(statements.holds()) == [made.feed]
    repaired = here.contract(codes=REPAIRED)
    async with here.running(repaired):
        quarantine = await Quarantine.load(here.client, here.topics.quarantine)
        control = here.topics.control(made.feed, 1)
        assert {e.reason for e in quarantine.open()} == {"unknown_code", "bad_json"}
        for entry in quarantine.open():
            order = (
                Dismiss(1, entry.message.offset, "test")
                if entry.reason == "bad_json"
                else Redrive(1, entry.message)
            )
            await here.client.append(control, entry.partition, [(None, encode_order(order))])
        await here.read()
    quarantine = await Quarantine.load(here.client, here.topics.quarantine)
    assert quarantine.open() == []
    assert {s.how for s in quarantine.settled.values()} == {"redriven", "dismissed"}
    await statements.refresh(here.client)
    assert statements.holds() == {}
    assert (await here.fold()).standing() == expected(here, repaired)


async def test_a_new_epoch_reads_again_and_retires_what_it_no_longer_shows(
    here: Deployment,
) -> None:
    made = here.contract()
    await here.provision(made)
    for n in range(8):
        here.agency.put(f"K{n}", who=n)
    await here.send()
    async with here.running(made):
        await here.read()
    # The old messages are still there, but the mapping is another one: nobody is in K0 any more.
    new = here.contract(epoch=2, deletion='"correction"')
    for n in range(8):
        here.agency.put(f"K{n}", who=n + 1)
    await here.provision(new)
    await here.send()
    async with here.running(new):
        await here.read()
    fold = await here.fold()
    assert {position.epoch for position, *_ in fold.rows.values()} >= {2}
    count = await retire(here.client, here.topics, new, TOKENS, 1, 0)
    assert count == 16
    after = await here.fold()
    assert after.standing() == expected(here, new)
    assert max(p for p, *_ in after.rows.values()) < Position(2, 2, 0)


async def test_a_heartbeat_of_a_topic_of_its_own_speaks_for_every_partition(
    here: Deployment,
) -> None:
    """Also where nothing was ever read, and with another partition count."""
    beats = f"{here.topics.prefix}.beats"
    made = here.contract()
    made = replace(made, coverage=replace(made.coverage, topic=beats))
    await here.provision(made)
    await here.client.ensure_topics([TopicSpec(beats, 3)])
    agency = Agency(partitions=3)
    agency.heartbeat("2025-01-20")
    agency.append(0, None, b"?")  # said in the log, and waited for by nobody
    agency.send("", "u", {"id": 1, "until": "2025-01-22"}, table="police.another", partition=0)
    for record in agency.logs[0]:
        await here.client.append(beats, 2, [(record.key, record.value)])
    async with here.running(made):
        await here.read()
        await here.heard({0: "2025-01-20", 1: "2025-01-20"})
    assert here.tally.records[made.feed, "unheard"] == 1
    # What a partition has heard before its first message counts for what it cannot read then.
    here.agency.clock_ms += 40 * DAY_MS
    here.agency.garbage()
    await here.send()
    agency.heartbeat("2025-01-25")
    await here.client.append(beats, 0, [(agency.logs[0][-1].key, agency.logs[0][-1].value)])
    async with here.running(made):
        await here.read()
        await here.heard({0: "2025-01-25", 1: "2025-01-25"})
    statements = await Statements.load(here.client, here.topics.coverage)
    (held,) = statements.holds().values()
    assert held.isoformat() in ("2025-01-21", "2025-01-26")  # which came first, is open
