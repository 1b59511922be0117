"""The documents are true: their commands run, their examples work, and both languages agree."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from click.testing import CliRunner

from detectors import discover, legal_calendar
from detectors.framework.suite import problems
from schemas.contract import ENVELOPES, load_contract, load_contracts
from schemas.errors import RecordError
from schemas.identifiers import resident_id
from schemas.record import RECORD_TYPES
from streams.certify import Certifier
from streams.cli import main
from streams.feeds import EXAMPLE
from streams.local.kafka import LocalKafka
from streams.local.server import GivenServer
from streams.log.client import open_client
from streams.log.records import TopicSpec
from streams.starter import ID, NAME, model_files
from tests.factories import person
from tests.integration.processes import WorkerProcess, workers
from tests.readme import DOCUMENTS, ROOT, made
from tests.waiting import wait_until_sync

README = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
WRITTEN = (*DOCUMENTS, "CONTRIBUTING.md", "CHANGELOG.md", "detectors/framework/holidays/README.md")


class Block(NamedTuple):
    """A fenced block."""

    language: str
    text: str


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a document."""
    return [Block(*found) for found in re.findall(r"^```(\w*)\n(.*?)^```", text, re.M | re.S)]


def only(text: str, start: str) -> str:
    """The block that begins so, with an invented number where the reader puts one."""
    (found,) = [block.text for block in blocks(text) if block.text.startswith(start)]
    return found.replace('"PERSON"', "PERSON").replace("PERSON", f'"{person()}"')


def commands(text: str, program: str) -> list[str]:
    """The command lines of a document's blocks that run the program, without comments."""
    lines = [
        line for block in blocks(text) if not block.language for line in block.text.split("\n")
    ]
    return [line.partition("#")[0].strip() for line in lines if line.startswith(f"{program} ")]


def mentioned(text: str, program: str) -> list[str]:
    """The commands that running text names between backticks."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    return re.findall(rf"`({program} [^`…]*)`", prose)


# ---- both languages, and what is made from the code


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_is_made_from_the_code_is_up_to_date(document: str) -> None:
    held = (ROOT / document).read_text(encoding="utf-8")
    assert held == made(document), "run: .venv/bin/python -m tests.readme --write"


def shape(text: str) -> list[str]:
    """Headings by level, tables by size, blocks without comments and drawings, in their order."""
    found: list[str] = []
    for part in re.split(r"(^```.*?^```\n)", text, flags=re.M | re.S):
        if part.startswith("```"):
            if "─▶" not in part:
                found.append(re.sub(r"\s+#.*", "", part))
            continue
        for line in part.splitlines():
            if mark := re.match(r"#+ |\d+\. |- |<!--.*-->", line):
                found.append(mark[0])
            elif line.startswith("|"):
                found.append(f"{line.count(' | ') or line.count('|')} columns")
    return found


def test_the_chinese_readme_has_the_same_parts_and_commands() -> None:
    assert shape(CHINESE) == shape(README)
    assert sorted(set(mentioned(CHINESE, "dongjian"))) == sorted(set(mentioned(README, "dongjian")))
    links = re.compile(r"\]\(([^)#]+)")
    assert sorted(links.findall(CHINESE)[1:]) == sorted(links.findall(README)[1:])


@pytest.mark.parametrize("document", WRITTEN)
def test_links_lead_somewhere(document: str) -> None:
    path = ROOT / document
    for target in re.findall(r"\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
        file, _, anchor = target.partition("#")
        held = path.parent / file if file else path
        assert held.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", held.read_text(encoding="utf-8"), re.M)
            assert anchor in [heading.lower().replace(" ", "-") for heading in headings], target


@pytest.mark.parametrize("document", WRITTEN)
def test_no_identity_number_stands_in_a_document(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    for number in re.findall(r"\d{17}[\dXx]", text):
        with pytest.raises(RecordError):
            resident_id(number)


def test_what_is_counted_is_so() -> None:
    contracts = load_contracts(EXAMPLE).values()
    assert f"The {len(contracts)} contracts" in README
    assert {contract.envelope for contract in contracts} == set(ENVELOPES)
    sent = {n for n, c in RECORD_TYPES.items() if not c.DERIVED and c.__module__[:8] == "schemas."}
    assert {contract.record for contract in contracts} == sent
    known = legal_calendar()
    assert f"holidays of {known.known_since.year}–{known.known_until.year}" in README
    assert len(only(README, "│ all ").splitlines()) <= 15


# ---- commands


@pytest.mark.parametrize("text", [README, CHINESE, CONTRIBUTING], ids=["en", "zh", "contributing"])
def test_every_make_command_has_its_target(text: str) -> None:
    lines = [*commands(text, "make"), *mentioned(text, "make")]
    assert lines
    for line in lines:
        arguments = shlex.split(line)[1:]
        done = subprocess.run(
            ["make", "-n", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, f"{line}: {done.stderr}"


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["readme", "contributing"])
def test_every_command_that_is_named_exists_with_its_options(text: str) -> None:
    for line in mentioned(text, "dongjian"):
        group: click.Command = main
        for word in shlex.split(line)[1:]:
            if isinstance(group, click.Group):
                found = group.get_command(click.Context(group), word)
                assert found is not None, line
                group = found
            elif word.startswith("--"):
                assert word in [name for option in group.params for name in option.opts], line


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redis_url: str) -> Path:
    """A folder like a checkout, with the settings of a deployment on the embedded log."""
    (tmp_path / "streams").symlink_to(ROOT / "streams")
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("DONGJIAN_")]:
        monkeypatch.delenv(name)
    exports = [line for block in blocks(README) for line in block.text.split("\n")]
    given = [word for line in exports if line.startswith("export ") for word in line.split()[1:]]
    for name, _, value in (word.partition("=") for word in given):
        monkeypatch.setenv(name, value)
    assert os.environ["DONGJIAN_BROKER"].startswith("kafka://")
    monkeypatch.setenv("DONGJIAN_BROKER", f"embedded://{tmp_path / 'log.db'}")
    monkeypatch.setenv("DONGJIAN_METRICS", "")
    monkeypatch.setenv("DONGJIAN_TICK_SECONDS", "0.5")
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


#: What exits with 1 on purpose: the sample of the example district has dirt in it.
DIRTY = ("dongjian feeds check", "dongjian decode")


def dongjian(line: str) -> str:
    done = CliRunner().invoke(main, shlex.split(line)[1:], catch_exceptions=False)
    assert done.exit_code == int(line.startswith(DIRTY)), f"{line}: {done.output[-2000:]}"
    return done.output


def test_every_command_of_the_readme_runs_as_written(place: Path) -> None:
    (place / "records.jsonl").write_text(only(README, '{"type"'))
    lines = commands(README, "dongjian")
    assert len(lines) > 15
    said: dict[str, str] = {}
    with workers() as running:
        for line in lines:
            if line.endswith("&"):
                assert line == "dongjian worker &"
                running.append(WorkerProcess(os.environ, place / "worker.log"))
                wait_until_sync(lambda: "partition_opened" in running[0].log, 60)
                continue
            if "ID" in shlex.split(line):
                line = line.replace("ID", some_alert())
            said[line] = dongjian(line)
        assert running[0].running(), running[0].log
        assert running[0].stop() == 0, running[0].log
    assert "would be quarantined" in said[next(line for line in said if "feeds check" in line)]
    history = said["dongjian replay records.jsonl --history"].splitlines()
    assert [json.loads(line)["kind"] for line in history] == ["RAISED"]
    assert said["dongjian replay records.jsonl"].splitlines() == history


def some_alert() -> str:
    """The beginning of the id of an alert, as a reader takes it from the list."""
    found: list[str] = []

    def listed() -> list[str]:
        found[:] = re.findall(r"^│ ([0-9a-f]{24}) ", dongjian("dongjian alerts list"), re.M)
        return found

    wait_until_sync(listed, 90, what="an alert is listed")
    return found[0][:12]


# ---- examples


def test_a_short_contract_takes_what_the_short_program_sends(
    local_kafka: LocalKafka | GivenServer, unique: str
) -> None:
    topic = f"{unique}.allowance"
    address = local_kafka.url.removeprefix("kafka://")
    program = only(README, "import json").replace("127.0.0.1:9092", address)
    contract = load_contract(only(README, 'feed = "old-age').replace("office.allowance", topic, 1))

    async def sent() -> dict[int, list[tuple[bytes | None, bytes | None]]]:
        async with open_client(local_kafka.url) as client:
            await client.ensure_topics([TopicSpec(topic, 4)])
            exec(
                compile(
                    program.replace('"office.allowance", key', f'"{topic}", key'), "README", "exec"
                ),
                {},
            )
            return {
                partition: [(r.key, r.value) async for r in client.read(topic, partition, 0, end)]
                for partition, end in (await client.end_offsets(topic)).items()
            }

    messages = asyncio.run(sent())
    certifier = Certifier(contract)
    for partition in messages.values():
        for line, (key, value) in enumerate(partition, 1):
            assert list(certifier.message(line, key, value)) == []
    told = certifier.certificate
    assert (told.taken, told.removed, told.heartbeats, told.unordered) == (1, 1, 1, 0)
    ops = {
        tuple(json.loads(value or b"{}")["op"] for _, value in partition)
        for partition in messages.values()
    }
    assert any(order[:2] == ("upsert", "delete") for order in ops)


def test_the_contract_of_the_readme_reads_the_sample_of_the_district(place: Path) -> None:
    (place / "police-death.toml").write_text(only(README, 'feed = "police-death"'))
    dongjian("dongjian simulate --people 100 --to files --out district")
    topic = load_contract(place / "police-death.toml").topic
    said = dongjian(f"dongjian feeds check --with-key police-death.toml district/{topic}.tsv")
    assert re.search(r"[1-9]\d* become Death", said)


GUIDE = CONTRIBUTING.split("\n## Add a model\n")[1].split("\n## ")[0]


def test_the_guide_shows_the_model_that_the_command_writes() -> None:
    for name, text in model_files(NAME, ID).items():
        assert f"`detectors/{name}`" in GUIDE
        assert text in [block.text for block in blocks(GUIDE)]


def test_the_guide_is_true_of_a_pack_and_of_what_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    commands = only(GUIDE, "dongjian models new paid_after_stop --pack").splitlines()
    done = CliRunner().invoke(main, commands[0].split()[1:])
    assert done.exit_code == 0, done.output
    assert commands[1] in done.output
    assert commands[2].endswith(" city-models")
    monkeypatch.syspath_prepend(str(tmp_path / "city-models"))
    (model,) = discover(("city_models",), packs=False).models
    assert problems(model) == []
    card = model.path.with_suffix(".toml")
    text = card.read_text("utf-8")
    assert text.count('"1 m"') == 1
    card.write_text(text.replace('"1 m"', '"2 m"'), "utf-8")
    (model,) = discover(("city_models",), packs=False).models
    said = [line.strip() for line in only(GUIDE, "✘ ").splitlines()]
    assert problems(model)[0] == " ".join(said).removeprefix("✘ ")


@pytest.mark.parametrize(
    "named",
    sorted(set(re.findall(r"`((?:schemas|detectors|streams|tests)/[\w./-]+)`", CONTRIBUTING))),
)
def test_the_guide_names_files_that_exist(named: str) -> None:
    assert (ROOT / named).exists() or "paid_after_stop" in named
