"""``dongjian quarantine`` against a deployment of one feed on the embedded log."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from schemas.contract import load_contract
from schemas.subject import Tokens
from streams.cli import main
from streams.intake.agent import Intake
from streams.intake.outcome import Tally
from streams.log.app import chunked_app, serve
from streams.log.client import open_client
from streams.log.records import TopicSpec
from streams.topics import INTAKE, Topics
from tests.factories import person
from tests.intake.agency import _CONTRACT, CODES, REPAIRED, Agency

SECRET = "sixteen characters"
TOPICS = Topics()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "feeds").mkdir()
    monkeypatch.setenv("DONGJIAN_BROKER", f"embedded://{tmp_path / 'log.db'}")
    monkeypatch.setenv("DONGJIAN_FEEDS", str(tmp_path / "feeds"))
    monkeypatch.setenv("DONGJIAN_DATA", str(tmp_path))
    monkeypatch.setenv("DONGJIAN_SECRET", SECRET)
    write_contract(tmp_path, CODES)
    return tmp_path


def write_contract(folder: Path, codes: str) -> None:
    text = _CONTRACT.format(
        deletion='"correction"', epoch=1, codes=codes, identity="plain", envelope="debezium",
        partial="", person="id_no", tail="",
    )  # fmt: skip
    (folder / "feeds" / "restraint.toml").write_text(text)


@contextmanager
def intake(folder: Path) -> Iterator[None]:
    """Run intake beside the command, as a worker would, in its own loop."""
    made = load_contract(folder / "feeds" / "restraint.toml")
    url = f"embedded://{folder / 'log.db'}"
    stopping: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
    started = threading.Event()

    async def work() -> None:
        stop = asyncio.Event()
        stopping.append((asyncio.get_running_loop(), stop))
        app = chunked_app(TOPICS.app(INTAKE), url, data_dir=folder, commit_interval_s=0.05)
        async with open_client(url) as client:
            feeds = {made.feed: made}
            Intake(app, TOPICS, feeds, {made.feed: 2}, Tokens(SECRET), Tally(), client=client)
            started.set()
            await serve([app], stop)

    thread = threading.Thread(target=asyncio.run, args=(work(),))
    thread.start()
    started.wait(10)
    try:
        yield
    finally:
        loop, stop = stopping[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)


async def send(folder: Path, agency: Agency) -> None:
    async with open_client(f"embedded://{folder / 'log.db'}") as client:
        feeds = [("police-restraint", 1, 2)]
        await client.ensure_topics(
            [*TOPICS.core(), *TOPICS.for_feeds(feeds), TopicSpec("agency.police.restraint", 2)]
        )
        for partition, log in enumerate(agency.logs):
            if log:
                rows = [(r.key, r.value) for r in log]
                await client.append("agency.police.restraint", partition, rows)


def dongjian(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["quarantine", *arguments])


def wait_for(count: int) -> list[str]:
    for _ in range(100):
        lines = dongjian("list").stdout.splitlines()
        if len(lines) == count:
            return lines
        threading.Event().wait(0.1)
    raise AssertionError(f"there are not {count} messages")


def test_what_cannot_be_read_is_listed_shown_redriven_and_dismissed(settings: Path) -> None:
    agency = Agency()
    agency.put("K1", who=3, kind="9")
    agency.garbage()
    asyncio.run(send(settings, agency))
    with intake(settings):
        lines = wait_for(2)
        assert sum("unknown_code kind:" in line for line in lines) == 1
        assert sum(" H open " in line for line in lines) == 1
        (name,) = [
            word
            for line in lines
            if "unknown_code" in line
            for word in line.split()
            if word.startswith("police-restraint/")
        ]
        shown = dongjian("show", name).stdout
        assert person(3) not in shown
        assert person(3)[:4] + "*" * 10 + person(3)[-4:] in shown
        assert person(3) in dongjian("show", name, "--plain").stdout
        again = dongjian("redrive", name, "--wait", "1")
        assert again.exit_code == 1
        assert "still open" in again.stderr
        dismissed = dongjian("dismiss", "--reason", "bad_json", "--because", "torn message")
        assert dismissed.exit_code == 0, dismissed.output
        assert "dismissed" in dismissed.stdout
    write_contract(settings, REPAIRED)
    with intake(settings):
        redriven = dongjian("redrive", "--feed", "police-restraint")
        assert redriven.exit_code == 0, redriven.output
        assert redriven.stdout.split() == [name, "redriven"]
    assert dongjian("list").stdout == ""
    assert len(dongjian("list", "--settled", "--json").stdout.splitlines()) == 2


def test_wrong_usage_says_what_is_right(settings: Path) -> None:
    asyncio.run(send(settings, Agency()))
    for arguments, said in (
        (["redrive"], "--all"),
        (["dismiss", "--all"], "--because"),
        (["show", "nothing"], "feed/epoch/partition/offset"),
    ):
        result = dongjian(*arguments)
        assert result.exit_code == 2
        assert said in result.stderr
