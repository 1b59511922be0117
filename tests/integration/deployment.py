"""A small deployment for tests: five agency tables in plain JSON, and workers of all roles.

What is written here goes the whole way: agency topics, intake, changes, detection, ledger, Redis.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import redis.asyncio

from schemas.alert import Transition, chains, decode_transition
from schemas.contract import Contract, load_contracts
from streams.delivery.store import AlertStore
from streams.log.client import LogClient, open_client
from streams.log.records import LogRecord, TopicSpec
from streams.settings import Settings, read_settings
from streams.topics import ROLES
from streams.worker import Worker, provision
from tests.factories import PENSIONS, POLICE, PROCURATORATE
from tests.waiting import wait_until

SECRET = "a secret of the tests"

_FEED = """
feed = "{feed}"
title = {{zh = "{feed}", en = "{feed}"}}
topic = "{prefix}.agency.{feed}"
envelope = "plain"
table = "{feed}"
record = "{record}"
agency = "{agency}"
agency_name = {{zh = "某机关", en = "an agency"}}
region = "371102"
key = {key}
deletion = "correction"

[fields]
{fields}
"""

_PERSON = 'person = {column = "person", kind = "person"}'

FEEDS = {
    "deaths": (
        "Death",
        POLICE,
        ["no"],
        [
            _PERSON,
            'died_on = {column = "died_on", kind = "date"}',
            'authority = {value = "police"}',
        ],
        "",
    ),
    "identities": (
        "Identity",
        POLICE,
        ["no"],
        ['old = {column = "old", kind = "person"}', 'new = {column = "new", kind = "person"}'],
        "",
    ),
    "payments": (
        "BenefitPayment",
        PENSIONS,
        ["no"],
        [
            _PERSON,
            'benefit_no = {column = "benefit"}',
            'scheme = {value = "employee_pension"}',
            'month = {column = "month", kind = "date"}',
            'paid_on = {column = "paid_on", kind = "date"}',
            'amount_fen = {column = "amount", kind = "money", unit = "yuan"}',
            'returned_on = {column = "returned_on", kind = "date", optional = true}',
        ],
        "",
    ),
    "decisions": (
        "Decision",
        PROCURATORATE,
        ["no"],
        [
            'decision_no = {column = "no", kind = "number"}',
            'case_no = {column = "case", kind = "number"}',
            'party = {column = "party", kind = "party"}',
            'kind = {value = "non_prosecution_relative"}',
            'charges = {column = "charges", kind = "list", separator = ","}',
            'decided_on = {column = "decided_on", kind = "date"}',
        ],
        "",
    ),
    "steps": (
        "CaseStep",
        PROCURATORATE,
        ["no"],
        [
            'case_no = {column = "case", kind = "number"}',
            'party = {column = "party", kind = "party"}',
            'organ = {value = "procuratorate"}',
            'step = {column = "step", codes = {"1" = "transferred", "2" = "accepted"}}',
            'on = {column = "on", kind = "date"}',
        ],
        """
[[supplies]]
which = {organ = ["procuratorate"], step = ["transferred", "accepted"]}
since = 2020-01-01

[coverage]
mode = "heartbeat"
""",
    ),
}


def write_contracts(folder: Path, prefix: str) -> Path:
    """Write the contracts of the tables, on topics of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    for feed, (record, agency, key, fields, more) in FEEDS.items():
        text = _FEED.format(
            feed=feed,
            prefix=prefix,
            record=record,
            agency=agency,
            key=json.dumps(key),
            fields="\n".join(fields),
        )
        (folder / f"{feed}.toml").write_text(text + more, encoding="utf-8")
    return folder


@dataclass
class Deployment:
    """Tables to write to, and Redis to look at."""

    settings: Settings
    contracts: dict[str, Contract]
    client: LogClient
    store: AlertStore
    environment: dict[str, str]
    today: date = date(2025, 7, 1)
    workers: list[Worker] = field(default_factory=list)

    # ---- what agencies do

    async def send(self, feed: str, message: dict[str, Any] | bytes, key: str = "1") -> int:
        """Append one message to a feed's topic; its offset. Equal keys keep their order."""
        value = message if isinstance(message, bytes) else json.dumps(message).encode()
        contract = self.contracts[feed]
        partition = sum(key.encode()) % self.settings.topics.partitions
        return await self.client.append(contract.topic, partition, [(None, value)])

    async def upsert(self, feed: str, **row: Any) -> int:
        return await self.send(feed, {"op": "upsert", "table": feed, "row": row}, str(row["no"]))

    async def delete(self, feed: str, no: str) -> int:
        return await self.send(feed, {"op": "delete", "table": feed, "key": {"no": no}}, no)

    async def complete(self, feed: str, until: date) -> int:
        """The source says that it has sent everything up to a day."""
        said = {"op": "heartbeat", "table": feed, "complete_until": until.isoformat()}
        return await self.send(feed, said)

    # ---- what subscribers see

    async def alerts(self, model: str = "") -> list[Transition]:
        """Every alert as it now stands."""
        return [a async for a in self.store.all() if model in ("", a.model)]

    async def told(self) -> list[Transition]:
        """Every transition that Redis streamed, in the order in which it did."""
        entries = await self.store.redis.xrange(self.store.stream)
        return [decode_transition(fields[b"transition"]) for _, fields in entries]

    async def ledger(self) -> list[tuple[int, LogRecord]]:
        """The alerts topic as it is, with partitions."""
        topic, found = self.settings.topics.alerts, []
        for partition, end in (await self.client.end_offsets(topic)).items():
            found += [(partition, r) async for r in self.client.read(topic, partition, 0, end)]
        return found

    async def alert(self, model: str, kind: str, timeout_s: float = 30) -> Transition:
        """Wait until the one alert of a model has come to this kind of transition."""
        found: list[Transition] = []

        async def there() -> bool:
            found[:] = await self.alerts(model)
            return len(found) == 1 and found[0].kind == kind

        def state() -> str:
            return f"{model} {kind}; there is {[(a.kind, a.reason, a.revision) for a in found]}"

        try:
            await wait_until(there, timeout_s, what=f"{model} {kind}")
        except AssertionError:
            raise AssertionError(f"waited for {state()}") from None
        return found[0]

    async def settled(self, timeout_s: float = 30) -> None:
        """Wait until every message that was sent has come to its end in Redis."""
        topics = self.settings.topics

        async def done() -> bool:
            asked = [(topics.app("intake"), c.topic) for c in self.contracts.values()]
            asked += [(topics.app("detect"), topics.changes)]
            asked += [(topics.app("delivery"), topics.alerts)]
            for group, topic in asked:
                if sum((await self.client.lag(group, topic)).values()):
                    return False
            return True

        await wait_until(done, timeout_s, what="everything is done")

    # ---- who does the work

    @asynccontextmanager
    async def working(
        self, roles: Sequence[str] = ROLES, *, ready: bool = True, **more: Any
    ) -> AsyncIterator[Worker]:
        """A worker in this event loop, ended in order."""
        worker = Worker(
            self.settings,
            self.contracts,
            roles,
            now=lambda: self.today,
            commit_s=0.05,
            **more,
        )
        stop = asyncio.Event()
        running = asyncio.create_task(worker.run(stop))
        try:
            if ready:
                await wait_until(
                    lambda: running.done() or (worker.apps and not worker.unready()),
                    60,
                    what="the worker is ready",
                )
                assert not running.done(), running.result()
            yield worker
        finally:
            stop.set()
            code = await running
        assert code == 0


def environment(
    broker: str, redis_url: str, folder: Path, prefix: str, **more: str
) -> dict[str, str]:
    """The settings of a deployment as a process gets them."""
    return {
        "DONGJIAN_BROKER": broker,
        "REDIS_URL": redis_url,
        "DONGJIAN_DATA": str(folder / "data"),
        "DONGJIAN_FEEDS": str(write_contracts(folder / "feeds", prefix)),
        "DONGJIAN_SECRET": SECRET,
        "DONGJIAN_PREFIX": prefix,
        "DONGJIAN_PARTITIONS": "2",
        "DONGJIAN_GRANTS": "custody,public_security",
        "DONGJIAN_METRICS": "",
        "DONGJIAN_TICK_SECONDS": "0.2",
        "DONGJIAN_PATIENCE_SECONDS": "5",
        "DONGJIAN_LOG": "text",
        **more,
    }


@asynccontextmanager
async def deployed(
    broker: str, redis_url: str, folder: Path, prefix: str, **more: str
) -> AsyncIterator[Deployment]:
    """A deployment with all its topics, and no worker yet."""
    variables = environment(broker, redis_url, folder, prefix, **more)
    settings = read_settings(variables)
    contracts = load_contracts(folder / "feeds")
    store = AlertStore(redis_url, settings.topics.prefix)
    async with open_client(broker) as client:
        count = settings.topics.partitions
        await client.ensure_topics(TopicSpec(c.topic, count) for c in contracts.values())
        await provision(client, settings, contracts)
        try:
            yield Deployment(settings, contracts, client, store, variables)
        finally:
            await store.close()


def assert_sound(history: Sequence[Transition]) -> None:
    """Per alert: revisions from 1 without gap, one content each, every digest chaining."""
    last: dict[str, Transition] = {}
    for t in history:
        before = last.get(t.alert)
        assert t.revision == (before.revision + 1 if before else 1)
        assert chains(t, before.digest if before else "")
        last[t.alert] = t


async def forget(url: str) -> None:
    """Empty one Redis database."""
    client = redis.asyncio.Redis.from_url(url)
    await client.flushdb()
    await client.aclose()
