"""A pack that is installed as users install one: found, checked, hashed, replayed and run."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from streams.log.client import open_client
from streams.log.records import TopicSpec
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
WATER = Path(__file__).parent / "water"
DONGJIAN = "from streams.cli import main; main()"
HASH = """
from detectors import discover
from detectors.framework.ruleset import code_hash
print(code_hash(discover().sources))
"""
HOLDER = "91371102MA0000074R"
CONTRACT = """
feed = "water"
title = {zh = "取水", en = "water"}
topic = "agency.water"
envelope = "plain"
table = "water"
record = "WaterUse"
agency = "113799020000424703"
agency_name = {zh = "示例市水务局", en = "the water authority"}
region = "379902"
key = ["no", "year"]
deletion = "correction"
[fields]
permit_no = {column = "no"}
year = {column = "year", kind = "integer"}
holder = {column = "holder", kind = "organisation"}
allowed_m3 = {column = "allowed", kind = "integer"}
used_m3 = {column = "used", kind = "integer"}
read_on = {column = "read", kind = "date"}
charged_on = {column = "charged", kind = "date", optional = true}
"""
ROW = {
    "no": "Q1", "year": 2024, "holder": HOLDER, "allowed": 1000, "used": 1400,
    "read": "2025-01-06", "charged": "2025-03-05",
}  # fmt: skip


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which pip installed the pack, without a network."""
    source = tmp_path_factory.mktemp("source") / "water"
    shutil.copytree(WATER, source)
    place = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run(
        [*pip, "--no-build-isolation", "--target", str(place), str(source)], check=True, timeout=120
    )
    return place


def run(place: Path | None, *arguments: str, code: str = DONGJIAN) -> tuple[int, str]:
    path = os.pathsep.join(map(str, (*([place] if place else []), ROOT)))
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


def test_it_is_listed_and_shown_with_its_origin_and_version(installed: Path) -> None:
    code, said = run(installed, "models", "list")
    assert code == 0, said
    assert "W01" in said
    assert "D01" in said
    assert "dongjian-water 0.3.0" in said
    code, said = run(installed, "models", "list", "--pack", "Dongjian_Water")
    assert code == 0, said
    assert "D01" not in said
    code, said = run(installed, "models", "show", "over_limit")
    assert code == 0, said
    assert "dongjian-water 0.3.0" in said
    assert "example_water.12.charge, from: the meter is read" in said


def test_without_it_there_is_no_such_model(installed: Path) -> None:
    assert "W01" not in run(None, "models", "list")[1]
    code, said = run(None, "models", "test", "--pack", "dongjian-water")
    assert code == 1
    assert "dongjian-water brings no model" in said


def test_its_models_are_held_to_the_same_contract(installed: Path, tmp_path: Path) -> None:
    code, said = run(installed, "models", "test", "--pack", "dongjian-water")
    assert code == 0, said
    assert "1 model, 0 problems" in said
    broken = tmp_path / "site"
    shutil.copytree(installed, broken)
    card = broken / "dongjian_water" / "over_limit.toml"
    card.write_text(card.read_text("utf-8").replace('value = "30 d"', 'value = "60 d"'), "utf-8")
    code, said = run(broken, "models", "test", "--pack", "dongjian-water")
    assert code == 1
    assert "'60 d', but example_water.12.charge says '30 d'" in said
    assert "no over_limit cured" in said


def test_each_of_its_files_counts_in_the_hash_of_the_rule_set(
    installed: Path, tmp_path: Path
) -> None:
    hashes = {run(None, code=HASH), run(installed, code=HASH)}
    for number, name in enumerate(("over_limit.py", "over_limit.toml", "articles.toml")):
        changed = tmp_path / str(number)
        shutil.copytree(installed, changed)
        with (changed / "dongjian_water" / name).open("a", encoding="utf-8") as file:
            file.write("\n# another version\n")
        hashes.add(run(changed, code=HASH))
    assert {code for code, _ in hashes} == {0}
    assert len(hashes) == 5


def test_a_replay_runs_it_on_its_own_record_type(installed: Path, tmp_path: Path) -> None:
    use = {
        "type": "WaterUse", "permit_no": "Q1", "year": 2024, "holder": HOLDER, "allowed_m3": 1000,
        "used_m3": 1400, "read_on": "2025-01-06",
    }  # fmt: skip
    lines = [use, {"tick": "2025-03-01", "covered": "2025-02-28"}]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    code, said = run(installed, "replay", str(file))
    assert code == 0, said
    alert = json.loads(said)
    assert (alert["model"], alert["rule"], alert["status"]) == ("W01", "over_limit", "holds")
    assert "400" in alert["texts"]["zh"]["title"]
    assert run(None, "replay", str(file))[0] == 1


def test_a_contract_may_name_its_record_type(installed: Path, tmp_path: Path) -> None:
    contract, sample = tmp_path / "water.toml", tmp_path / "sample.jsonl"
    contract.write_text(CONTRACT, "utf-8")
    sample.write_text(json.dumps({"op": "upsert", "table": "water", "row": ROW}))
    code, said = run(installed, "feeds", "check", str(contract), str(sample))
    assert code == 0, said
    assert "1 become WaterUse" in said
    code, said = run(None, "feeds", "check", str(contract), str(sample))
    assert code == 1
    assert "WaterUse" in said


@pytest.fixture
def broker(tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The embedded log that the settings in the environment name."""
    broker = f"embedded://{tmp_path / 'log.db'}"
    feeds = tmp_path / "feeds"
    feeds.mkdir()
    (feeds / "water.toml").write_text(CONTRACT, "utf-8")
    for name, value in {
        "DONGJIAN_BROKER": broker,
        "DONGJIAN_DATA": str(tmp_path / "data"),
        "DONGJIAN_FEEDS": str(feeds),
        "DONGJIAN_METRICS": "",
        "DONGJIAN_TICK_SECONDS": "0.2",
        "DONGJIAN_PARTITIONS": "2",
        "REDIS_URL": redis_url,
    }.items():
        monkeypatch.setenv(name, value)
    return broker


async def test_a_worker_runs_it_from_the_agencys_topic_to_the_alert(
    installed: Path, broker: str, tmp_path: Path
) -> None:
    async with open_client(broker) as client:
        await client.ensure_topics([TopicSpec("agency.water", 2)])
        message = json.dumps({"op": "upsert", "table": "water", "row": ROW}).encode()
        await client.append("agency.water", 0, [(None, message)])
    path = os.pathsep.join(map(str, (installed, ROOT)))
    with (tmp_path / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-c", DONGJIAN, "worker"],
            env={**os.environ, "PYTHONPATH": path},
            stdout=log,
            stderr=log,
        )
    try:

        async def told() -> bool:
            assert worker.poll() is None, (tmp_path / "worker.log").read_text()
            _, said = await asyncio.to_thread(run, installed, "alerts", "list", "--model", "W01")
            return "cured" in said

        await wait_until(told, 60, what="an alert of W01")
    finally:
        worker.terminate()
        assert worker.wait(30) == 0
