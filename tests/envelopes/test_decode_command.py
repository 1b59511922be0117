"""``dongjian decode`` as a person and a shell meet it."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import streams.cli
from streams.cli import main

GOOD = (
    b'{"op":"upsert","table":"civil.death","key":{"id":1},'
    b'"row":{"id":1,"a":0.10,"b":18446744073709551615}}'
)
COMMAND = [sys.executable, "-c", "from streams.cli import main; main()", "decode"]


def run(stdin: bytes, *arguments: str) -> tuple[int, list[dict[str, object]], str]:
    done = subprocess.run([*COMMAND, *arguments], input=stdin, capture_output=True, timeout=60)
    return (
        done.returncode,
        [json.loads(line) for line in done.stdout.splitlines()],
        done.stderr.decode(),
    )


def test_a_change_is_one_line_with_every_field() -> None:
    code, lines, errors = run(GOOD + b"\n", "--envelope", "plain")
    assert (code, errors) == (0, "")
    assert lines == [
        {
            "op": "put",
            "table": "civil.death",
            "key": {"id": 1},
            "row": {"id": 1, "a": "0.10", "b": 2**64 - 1},
            "before": None,
            "unset": [],
            "snapshot": False,
            "source_time": None,
            "source": {},
        }
    ]


def test_what_does_not_decode_is_told_with_its_line_and_the_rest_goes_on() -> None:
    stdin = b"\n".join([GOOD, b"nonsense", b"", b'{"op":"\xff"}', b"null", GOOD])
    code, lines, errors = run(stdin, "--envelope", "plain")
    assert code == 1
    assert [line["op"] for line in lines] == ["put", "skip", "put"]
    first, second = errors.splitlines()
    assert first.startswith("line 2: bad_json: ")
    assert second.startswith("line 4: bad_utf8: ")


def test_a_key_before_a_tab_is_the_message_key() -> None:
    value = b'{"op":"u","before":null,"after":{"id":1},"source":{}}'
    code, lines, _ = run(
        b'{"id":1}\t' + value + b'\n{"id":1}\tnull\n', "--envelope", "debezium", "--with-key"
    )
    assert (code, lines[0]["key"], lines[1]["op"]) == (0, {"id": 1}, "skip")
    code, _, errors = run(value, "--envelope", "debezium", "--with-key")
    assert (code, errors.split(": ")[1]) == (1, "no_key")


def test_an_object_of_key_and_value_is_both() -> None:
    value = b'{"op":"u","before":{"id":1},"after":{"id":2},"source":{}}'
    code, lines, _ = run(b'{"key":{"id":2},"value":' + value + b"}\n", "--envelope", "debezium")
    assert code == 0
    assert [(line["op"], line["key"]) for line in lines] == [
        ("remove", {"id": 1}),
        ("put", {"id": 2}),
    ]


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "changes.jsonl"
    path.write_bytes(GOOD + b"\r\n" + GOOD)
    code, lines, _ = run(b"", "--envelope", "plain", str(path))
    assert (code, len(lines)) == (0, 2)


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    script = f"yes '{GOOD.decode()}' | head -n 20000 | \"$@\" | head -n 1"
    done = subprocess.run(
        ["bash", "-c", script, "bash", *COMMAND, "--envelope", "plain"],
        capture_output=True,
        timeout=60,
    )
    assert (len(done.stdout.splitlines()), done.stderr) == (1, b"")


def test_a_line_comes_out_before_the_next_goes_in() -> None:
    with subprocess.Popen(
        [*COMMAND, "--envelope", "plain"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(GOOD + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["op"] == "put"
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_a_line_too_long_for_a_message_does_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("streams.cli.decode._LONGEST_LINE", 200)
    stdin = GOOD + b"\n" + b"x" * 1001 + b"\n" + GOOD + b"\n"
    done = CliRunner().invoke(main, ["decode", "--envelope", "plain"], input=stdin)
    assert done.exit_code == 1
    assert done.stderr.startswith("line 2: too_long: ")
    assert len(done.stdout.splitlines()) == 2


@pytest.mark.parametrize(
    "arguments",
    [["decode"], ["decode", "--envelope", "ogg"], ["decode", "--envelope", "plain", "/no"]],
)
def test_wrong_usage_is_two(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, arguments).exit_code == 2


def test_help_imports_no_command() -> None:
    script = "import sys, streams.cli; streams.cli.main(['--help'], standalone_mode=False);"
    script += (
        " print([name for name in ('faust', 'redis', 'streams.envelopes') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60)
    assert done.stdout.splitlines()[-1] == b"[]"


def test_every_command_says_in_its_first_line_what_it_does() -> None:
    for module in pkgutil.iter_modules(streams.cli.__path__):
        if not module.name.startswith("_"):
            source = Path(streams.cli.__path__[0], f"{module.name}.py").read_text()
            assert source.startswith(f'"""``dongjian {module.name.replace("_", "-")}``: ')


def test_help_lists_the_commands_and_teaches() -> None:
    shown = CliRunner().invoke(main, ["--help"])
    assert shown.exit_code == 0
    assert "decode" in shown.output
    told = CliRunner().invoke(main, ["decode", "--help"]).output
    assert "dongjian decode --envelope canal changes.jsonl" in told
