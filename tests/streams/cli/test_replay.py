"""A replay says what models find in a file, the same to the byte, and names what is of no use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from streams.cli import main
from tests.factories import person

DEAD = person(1)
DEATH = {"type": "Death", "person": DEAD, "died_on": "2025-03-10", "authority": "police"}
PAYMENT = {
    "type": "BenefitPayment", "benefit_no": "LX-1", "person": DEAD, "scheme": "employee_pension",
    "month": "2025-05-01", "paid_on": "2025-05-10", "amount_fen": 300_000,
    "source": {"feed": "payments", "key": "P1"},
}  # fmt: skip
GONE = {"remove": {"type": "BenefitPayment", "feed": "payments", "key": "P1"}}


def replay(folder: Path, *lines: Any, options: tuple[str, ...] = ()) -> Result:
    path = folder / "rows.jsonl"
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines))
    return CliRunner().invoke(main, ["replay", str(path), *options], catch_exceptions=False)


def told(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_alerts_as_they_end_and_every_transition_on_demand(tmp_path: Path) -> None:
    (alert,) = told(replay(tmp_path, DEATH, PAYMENT))
    assert (alert["model"], alert["kind"], alert["amount_fen"]) == ("D01", "RAISED", 300_000)
    assert told(replay(tmp_path, DEATH, PAYMENT, GONE)) == []
    history = told(replay(tmp_path, DEATH, PAYMENT, GONE, options=("--history",)))
    assert [t["kind"] for t in history] == ["RAISED", "WITHDRAWN"]
    assert told(replay(tmp_path, DEATH, PAYMENT, options=("--model", "D02"))) == []


def test_two_replays_are_equal_to_the_byte_and_show_no_number_unasked(tmp_path: Path) -> None:
    one, two = (replay(tmp_path, DEATH, PAYMENT, options=("--history",)) for _ in range(2))
    assert one.stdout_bytes == two.stdout_bytes
    assert DEAD not in one.stdout
    assert DEAD in replay(tmp_path, DEATH, PAYMENT, options=("--plain",)).stdout


def test_an_absence_waits_for_a_tick_that_says_what_is_covered(tmp_path: Path) -> None:
    decision = {
        "type": "Decision", "decision_no": "检刑不诉〔2025〕12号", "case_no": "K1", "party": DEAD,
        "kind": "non_prosecution_relative", "decided_on": "2025-06-02", "charges": ["133-1"],
    }  # fmt: skip
    silent = replay(tmp_path, decision, {"tick": "2025-06-06", "covered": "2025-06-04"})
    assert told(silent) == []
    (alert,) = told(replay(tmp_path, decision, {"tick": "2025-06-06", "covered": "2025-06-05"}))
    assert alert["rule"] == "transfer"


def test_lines_that_cannot_be_used_are_named_and_the_others_are(tmp_path: Path) -> None:
    bad = ["{", "[]", {"type": "Nothing"}, {**DEATH, "died_on": "never"}, {"tick": "soon"},
           {"remove": {"type": "Death", "key": "unknown"}}]  # fmt: skip
    result = replay(tmp_path, DEATH, *bad, PAYMENT)
    assert result.exit_code == 1
    assert len(told(result)) == 1
    lines = result.stderr.splitlines()
    assert [line.split(":")[1] for line in lines] == ["2", "3", "4", "5", "6", "7"]
    for line, reason in zip(
        lines,
        ("bad_json", "bad_line", "unknown_type", "bad_field", "bad_line", "unknown_row"),
        strict=True,
    ):
        assert reason in line
