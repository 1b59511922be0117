"""Coverage that is taken back, and records that are swept, end to end: clock, engine, Redis."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner, Result

from streams.cli import main
from streams.log.records import TopicSpec
from tests.factories import person
from tests.integration.deployment import Deployment, assert_sound
from tests.integration.test_worker import LIVING, decision
from tests.waiting import wait_until

pytestmark = pytest.mark.broker


async def dongjian(deployment: Deployment, *arguments: str) -> Result:
    """Run a command as another process would, beside the worker."""
    invoke = CliRunner().invoke
    return await asyncio.to_thread(invoke, main, arguments, env=deployment.environment)


async def late_transfer(deployment: Deployment) -> None:
    """A decision that nothing followed, and a feed that says so."""
    deployment.today = date(2025, 7, 2)
    await deployment.upsert("decisions", **decision())
    await deployment.complete("steps", date(2025, 6, 20))
    await deployment.alert("D03", "RAISED")


async def test_coverage_that_is_taken_back_withdraws_its_alerts_until_it_is_released(
    deployment: Deployment,
) -> None:
    async with deployment.working():
        await late_transfer(deployment)
        shown = await dongjian(deployment, "coverage", "show", "steps")
        assert "says it is complete until 2025-06-20" in shown.output
        assert "2020-01-01 to 2025-06-20, number 0" in shown.output
        taken = await dongjian(
            deployment, "coverage", "take-back", "steps", "--until", "2025-06-01",
            "--because", "a batch was lost",
        )  # fmt: skip
        assert taken.exit_code == 0, taken.output
        assert "steps: complete until 2025-06-01, number 1" in taken.output
        assert (await deployment.alert("D03", "WITHDRAWN")).reason == "COVERAGE"
        # The source goes on as if nothing were: it does not know better.
        await deployment.complete("steps", date(2025, 6, 25))

        async def ticked() -> bool:
            shown = await dongjian(deployment, "coverage", "show", "steps")
            return "says it is complete until 2025-06-25" in shown.output

        await wait_until(ticked, 20)
        await asyncio.sleep(1)
        shown = await dongjian(deployment, "coverage", "show", "steps")
        assert "held before 2025-06-02: taken back: a batch was lost" in shown.output
        assert "2020-01-01 to 2025-06-01, number 1" in shown.output
        assert (await deployment.alert("D03", "WITHDRAWN")).reason == "COVERAGE"
        assert (await dongjian(deployment, "coverage", "release", "steps")).exit_code == 0
        await deployment.alert("D03", "REOPENED")
        again = await dongjian(deployment, "coverage", "release", "steps")
        assert again.exit_code == 1
        await deployment.settled()
    assert_sound(await deployment.told())


async def test_a_feed_that_leaves_the_deployment_withdraws_what_stood_on_it(
    deployment: Deployment,
) -> None:
    async with deployment.working():
        await late_transfer(deployment)
    steps = deployment.contracts.pop("steps")
    async with deployment.working():
        assert (await deployment.alert("D03", "WITHDRAWN")).reason == "COVERAGE"
        await deployment.settled()
    deployment.contracts["steps"] = steps
    async with deployment.working():
        await deployment.alert("D03", "REOPENED")
        await deployment.settled()


async def test_a_supply_that_leaves_a_contract_withdraws_what_stood_on_it(
    deployment: Deployment,
) -> None:
    async with deployment.working():
        await late_transfer(deployment)
    steps = deployment.contracts["steps"]
    accepted = replace(steps.supplies[0], which={"step": ("accepted",)})
    deployment.contracts["steps"] = replace(steps, supplies=(accepted,))
    async with deployment.working():
        assert (await deployment.alert("D03", "WITHDRAWN")).reason == "COVERAGE"
        await deployment.settled()


async def test_a_supply_that_begins_later_than_was_said_is_said_so_without_a_message(
    deployment: Deployment,
) -> None:
    async with deployment.working():
        await late_transfer(deployment)
    steps = deployment.contracts["steps"]
    later = replace(steps.supplies[0], since=date(2025, 6, 4))
    deployment.contracts["steps"] = replace(steps, supplies=(later,))
    async with deployment.working():
        assert (await deployment.alert("D03", "WITHDRAWN")).reason == "COVERAGE"
        await deployment.settled()


async def test_a_heartbeat_of_a_topic_of_its_own_is_waited_for_like_any(
    deployment: Deployment,
) -> None:
    """Of a feed that has never sent a row: nobody passed anything on, and that is known."""
    steps = deployment.contracts["steps"]
    topic = f"{deployment.settings.topics.prefix}.beats"
    deployment.contracts["steps"] = replace(steps, coverage=replace(steps.coverage, topic=topic))
    deployment.today = date(2025, 7, 2)
    await deployment.client.ensure_topics([TopicSpec(topic, 3)])
    async with deployment.working():
        await deployment.upsert("decisions", **decision())
        said = {"op": "heartbeat", "table": "steps", "complete_until": "2025-06-20"}
        await deployment.client.append(topic, 2, [(None, json.dumps(said).encode())])
        await deployment.alert("D03", "RAISED")
        await deployment.upsert(
            "steps", no="S1", case="K1", party=LIVING, step="1", on="2025-06-05"
        )
        await deployment.alert("D03", "LAPSED")


# ---- sweeps

PEOPLE = [person(number) for number in range(3, 9)]


def death_row(number: int) -> dict[str, Any]:
    return {"no": f"D{number}", "person": PEOPLE[number], "died_on": "2025-03-10"}


async def pay(deployment: Deployment) -> None:
    for number, who in enumerate(PEOPLE):
        await deployment.upsert(
            "payments", no=f"P{number}", person=who, benefit="LX-1", month="2025-05-01",
            paid_on="2025-05-10", amount="3000.00", returned_on=None,
        )  # fmt: skip


async def stand(deployment: Deployment, expected: dict[str, int]) -> None:
    """Wait until so many alerts of D01 stand as this."""
    kinds: list[str] = []

    async def there() -> bool:
        kinds[:] = sorted(alert.kind for alert in await deployment.alerts("D01"))
        return kinds == sorted(kind for kind, count in expected.items() for _ in range(count))

    await wait_until(there, 40, what=f"{expected} stand")


async def test_a_truncation_on_one_partition_withdraws_what_stood_on_rows_of_all(
    deployment: Deployment,
) -> None:
    topic = deployment.contracts["deaths"].topic
    async with deployment.working():
        await pay(deployment)
        for number in range(len(PEOPLE)):
            await deployment.upsert("deaths", **death_row(number))
        await stand(deployment, {"RAISED": 6})
        ends = await deployment.client.end_offsets(topic)
        assert min(ends.values()) > 0  # rows are on both partitions
        truncation = json.dumps({"op": "truncate", "table": "deaths"}).encode()
        await deployment.client.append(topic, 0, [(None, truncation)])
        await deployment.upsert("deaths", **death_row(2))  # comes back on the same partition
        await stand(deployment, {"WITHDRAWN": 5, "RAISED": 1})
        await deployment.settled()
        assert {a.reason for a in await deployment.alerts("D01")} == {None, "SOURCE"}
    assert_sound(await deployment.told())


async def test_the_end_of_a_complete_snapshot_withdraws_what_stood_on_rows_it_did_not_show(
    deployment: Deployment,
) -> None:
    deaths = deployment.contracts["deaths"]
    deployment.contracts["deaths"] = replace(
        deaths, envelope="debezium", table="civil.deaths", complete_snapshots=True
    )
    lsn = 0

    async def send(op: str, number: int, snapshot: str = "false") -> None:
        nonlocal lsn
        lsn += 1
        source = {"schema": "civil", "table": "deaths", "lsn": lsn, "snapshot": snapshot}
        value = {"before": None, "after": death_row(number), "op": op, "source": source}
        message = json.dumps({**value, "ts_ms": 1_750_000_000_000 + lsn}).encode()
        await deployment.send("deaths", message, f"D{number}")

    async with deployment.working():
        await pay(deployment)
        for number in range(len(PEOPLE)):
            await send("c", number)
        await stand(deployment, {"RAISED": 6})
        for number, word in ((1, "first"), (2, "true"), (4, "last")):
            await send("r", number, word)
        await stand(deployment, {"WITHDRAWN": 3, "RAISED": 3})
        await deployment.settled()
    assert_sound(await deployment.told())
