"""What an operator does with a deployment: activate, look, read alerts, deliver again."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from streams.cli import main
from streams.log.client import open_client
from streams.log.records import TopicSpec
from tests.factories import PENSIONS
from tests.integration.deployment import deployed, forget
from tests.integration.test_worker import death, payment

pytestmark = pytest.mark.broker

Run = Callable[..., Result]


@pytest.fixture
def run(
    broker_url: str, redis_url: str, tmp_path: Path, unique: str, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """The command with the settings of a deployment in which one alert was raised and withdrawn."""

    async def fill() -> dict[str, str]:
        async with deployed(broker_url, redis_url, tmp_path, unique) as deployment:
            async with deployment.working():
                await deployment.upsert("deaths", **death())
                await deployment.upsert("payments", **payment())
                await deployment.alert("D01", "RAISED")
                await deployment.upsert("payments", **payment(amount="1.00"))
                await deployment.alert("D01", "UPDATED")
                await deployment.settled()
            return deployment.environment

    for name, value in asyncio.run(fill()).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "300")

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments), catch_exceptions=False)

    return invoke


def test_alerts_are_listed_shown_and_followed(run: Run) -> None:
    listed = run("alerts", "list", "--lang", "en")
    assert listed.exit_code == 0
    assert "1 alerts" in listed.output
    lines = run("alerts", "follow", "--group", "desk", "--json", "--count", "2").output.splitlines()
    told = [json.loads(line) for line in lines]
    assert [(t["kind"], t["revision"]) for t in told] == [("RAISED", 1), ("UPDATED", 2)]
    id = told[0]["alert"]
    assert id in listed.output
    shown = run("alerts", "show", id[:8])
    assert shown.exit_code == 0
    assert told[1]["texts"]["zh"]["title"][:10] in shown.output
    followed = run("alerts", "follow", "--group", "other", "--agency", PENSIONS, "--count", "1")
    assert followed.output.startswith(f"{id} D01 r1 RAISED")
    missing = run("alerts", "show", "no such alert")
    assert missing.exit_code == 1


def test_redelivering_fills_a_redis_that_was_emptied_and_repeats_nothing(
    run: Run, redis_url: str
) -> None:
    asyncio.run(forget(redis_url))
    assert "0 alerts" in run("alerts", "list").output
    assert run("redeliver", "--yes").exit_code == 0
    assert "1 alerts" in run("alerts", "list").output
    assert run("redeliver", "--yes").exit_code == 0
    reset = run("redeliver", "--yes", "--reset")
    assert reset.exit_code == 0
    lines = run("alerts", "follow", "--group", "desk", "--count", "2").output.splitlines()
    assert [line.split()[2] for line in lines] == ["r1", "r2"]


def test_activating_twice_changes_nothing_and_a_new_decision_does(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "rule set 1 active" in run("activate").output
    assert "rule set 1 active" in run("activate").output
    monkeypatch.setenv("DONGJIAN_DISABLED", "D01")
    assert "rule set 2 active" in run("activate").output


def test_the_doctor_finds_nothing_in_a_deployment_that_is_well(run: Run) -> None:
    found = run("doctor")
    assert found.exit_code == 0, found.output
    assert "fail" not in found.output
    assert "rule set 1" in found.output


def test_the_doctor_finds_what_is_wrong_and_says_what_mends_it(
    run: Run, broker_url: str, tmp_path: Path, unique: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def break_it() -> None:
        async with open_client(broker_url) as client:
            await client.delete_topic(f"{unique}.decisions")
            await client.delete_topic(f"{unique}.quarantine")
            await client.ensure_topics([TopicSpec(f"{unique}.quarantine", 1)])
            await client.delete_topic(f"{unique}-detect-state-changelog")
            name = f"{unique}-detect-state-changelog"
            await client.ensure_topics([TopicSpec(name, 2, compact=True)])
            await client.delete_topic(f"{unique}.agency.steps")

    asyncio.run(break_it())
    monkeypatch.setenv("DONGJIAN_GRANTS", "")
    monkeypatch.setenv("DONGJIAN_PARTITIONS", "3")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    found = run("doctor", "--quiet")
    assert found.exit_code == 1
    for told in (
        f"topic {unique}.decisions is missing",
        f"topic {unique}.quarantine: cleanup.policy=delete",
        f"topic {unique}-detect-state-changelog: min.compaction.lag.ms=0",
        f"topic {unique}.changes has 2 partitions, not 3",
        f"feed steps: no topic {unique}.agency.steps",
        "rule set 1 is not this version or these settings",
        "Redis: ",
    ):
        assert told in found.output
    (tmp_path / "lists.toml").write_text('police_organ = ["A"]\n')
    monkeypatch.setenv("DONGJIAN_LISTS", str(tmp_path / "lists.toml"))
    found = run("doctor", "--quiet")
    assert "no model asks the list police_organ" in found.output
    assert "Redis: " in found.output  # and it goes on
    monkeypatch.delenv("DONGJIAN_LISTS")
    shutil.copy(tmp_path / "feeds" / "steps.toml", tmp_path / "feeds" / "again.toml")
    monkeypatch.setenv("DONGJIAN_BROKER", "kafka://127.0.0.1:1")
    found = run("doctor", "--quiet")
    assert found.exit_code == 1
    assert "broker kafka://127.0.0.1:1" in found.output
    assert "another file is feed 'steps'" in found.output
