"""A sample is certified line by line: what would be quarantined, and what stays open."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from schemas.contract import load_contract
from streams.certify import Certificate, Certifier
from streams.cli.feeds import command, summary
from streams.feeds import EXAMPLE
from tests.factories import organisation, person
from tests.schemas.contracts import ALL, PAYMENTS, PENALTIES

ROW: dict[str, Any] = {
    "lsh": 1,
    "dybh": "LX-20817",
    "sfz": person(5),
    "xz": "110",
    "ssq": "202404",
    "ffrq": "2024-04-10",
    "je": "2780.00",
    "thrq": None,
}


def upsert(**changes: Any) -> dict[str, Any]:
    more = {name: changes.pop(name) for name in ("partial", "sequence") if name in changes}
    return {"op": "upsert", "table": "rs.payment", "row": ROW | changes} | more


def certified(*messages: dict[str, Any], text: str = PAYMENTS) -> tuple[Certificate, list[str]]:
    certifier = Certifier(load_contract(text))
    told = [
        str(refusal)
        for line, message in enumerate(messages, 1)
        for refusal in certifier.message(line, None, json.dumps(message).encode())
    ]
    return certifier.certificate, told


def run(folder: Path, text: str, lines: list[str], *options: str) -> Result:
    (folder / "feed.toml").write_text(text, "utf-8")
    (folder / "sample.jsonl").write_text("\n".join(lines), "utf-8")
    arguments = ["check", str(folder / "feed.toml"), str(folder / "sample.jsonl"), *options]
    return CliRunner().invoke(command, arguments)


def test_a_good_sample_is_taken_whole() -> None:
    heartbeat = {"op": "heartbeat", "table": "rs.payment", "complete_until": "2024-04-30"}
    certificate, told = certified(upsert(sequence=1), upsert(lsh=2, sequence=2), heartbeat)
    assert told == []
    assert (certificate.rows, certificate.taken, certificate.heartbeats) == (2, 2, 1)
    assert certificate.unordered == 0
    assert certificate.good


def test_what_would_be_quarantined_is_told_with_line_reason_and_column() -> None:
    certificate, told = certified(
        upsert(), upsert(lsh=2, ssq="2024-04"), {"op": "upset"}, upsert(lsh=3, sfz="")
    )
    assert told[0] == "line 2: bad_date: column ssq: '2024-04' is no date of the form %Y%m"
    assert told[1].startswith("line 3: bad_")
    assert told[2].startswith("line 4: no_subject: column sfz")
    assert certificate.refused.total() == 3
    assert certificate.taken == 1
    assert certificate.unordered == 3


def test_a_partial_row_is_completed_from_the_sample_or_not_judged() -> None:
    part = {"op": "upsert", "table": "rs.payment", "row": {"lsh": 1, "je": "1.005"}}
    certificate, told = certified(upsert(), part | {"partial": True})
    assert told[0].startswith("line 2: bad_money: column je")
    certificate, told = certified(part | {"partial": True})
    assert (told, certificate.unjudged) == ([], 1)


def test_other_tables_removals_and_unread_columns_are_counted() -> None:
    certificate, told = certified(
        upsert(bz="x"),
        {"op": "delete", "table": "rs.payment", "key": {"lsh": 1}},
        {"op": "upsert", "table": "rs.person", "row": {"lsh": 1}},
        {"op": "truncate", "table": "rs.payment"},
    )
    assert told == []
    assert certificate.removed == 1
    assert certificate.unread == {"bz"}
    assert certificate.other.total() == 2


def test_masked_persons_are_dismissed_and_companies_taken() -> None:
    text = PENALTIES.replace('"canal"', '"plain"').replace(
        'deletion = "expiry"', 'deletion = "expiry"\nidentity = "masked"'
    )
    row = dict.fromkeys(("zl", "fkje", "cflb", "mc", "jzss", "fc")) | {
        "cfjg": organisation(9),
        "xzqh": "371102",
        "wsh": "东市监罚〔2025〕1号",
        "wflx": "盗窃",
        "jdrq": "2025-05-12",
        "xydm": None,
        "zjhm": "3711**********0033",
    }
    message = {"op": "upsert", "table": "credit.xzcf"}
    certificate, told = certified(
        message | {"row": row}, message | {"row": row | {"xydm": organisation(1)}}, text=text
    )
    assert told == []
    assert (certificate.dismissed, certificate.taken) == (1, 1)


def test_rows_without_party_are_counted_where_the_record_has_one() -> None:
    text = """
    feed = "steps"
    title = {zh = "节点", en = "steps"}
    topic = "steps"
    envelope = "plain"
    table = "case.step"
    record = "CaseStep"
    agency = "procuratorate"
    agency_name = {zh = "检察院", en = "procuratorate"}
    region = "371102"
    key = ["id"]
    deletion = "correction"
    [fields]
    case_no = {column = "ah", kind = "number"}
    party = {column = "sfz", kind = "person"}
    organ = {value = "procuratorate"}
    step = {column = "jd"}
    on = {column = "rq", kind = "date"}
    """
    row = {"id": 1, "ah": "东检〔2025〕1号", "sfz": None, "jd": "transferred", "rq": "2025-01-02"}
    message = {"op": "upsert", "table": "case.step", "row": row}
    certificate, told = certified(message, message | {"row": row | {"sfz": person()}}, text=text)
    assert told == []
    assert (certificate.party_empty, certificate.taken) == (1, 2)
    _, told = certified(message | {"row": row | {"jd": "nl_ruled"}}, text=text)
    assert "is no step of procuratorate" in told[0]


def test_the_command_ends_with_1_only_when_something_would_be_quarantined(tmp_path: Path) -> None:
    good = run(tmp_path, PAYMENTS, [json.dumps(upsert())])
    assert good.exit_code == 0, good.output
    assert "1 become BenefitPayment, 0 would be quarantined" in good.output
    assert "without a sequence" in good.output
    assert "no heartbeat" in good.output
    bad = run(tmp_path, PAYMENTS, [json.dumps(upsert(je="1.234")), "", "{", json.dumps(upsert())])
    assert bad.exit_code == 1
    assert "line 1: bad_money" in bad.output
    assert "line 3: " in bad.output
    assert "2 would be quarantined" in bad.output
    assert person(5) not in bad.output


def test_the_command_reads_keys_beside_values(tmp_path: Path) -> None:
    done = run(tmp_path, PAYMENTS, [f"null\t{json.dumps(upsert())}", "no tab"], "--with-key")
    assert done.exit_code == 1
    assert "line 2: no_key" in done.output
    assert "1 become BenefitPayment" in done.output


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_contract_is_shown_in_words(tmp_path: Path, name: str) -> None:
    (tmp_path / "feed.toml").write_text(ALL[name], "utf-8")
    contract = load_contract(ALL[name])
    shown = CliRunner().invoke(command, ["show", str(tmp_path / "feed.toml")])
    assert shown.exit_code == 0, shown.output
    assert contract.title["zh"] in shown.output
    for rule in contract.fields:
        assert rule.name in shown.output
    listed = CliRunner().invoke(command, ["list", str(tmp_path)])
    assert listed.exit_code == 0, listed.output
    assert contract.feed in listed.output


@pytest.mark.parametrize(
    ("feed", "permission"),
    [
        ("police-penalty", "public_security"),
        ("traffic-check", "public_security"),
        ("police-restraint", "custody"),
        ("medical-settlement", "medical"),
        ("market-penalty", ""),
        ("police-death", ""),
    ],
)
def test_a_contract_that_seals_nothing_of_what_the_law_may_seal_is_noted(
    feed: str, permission: str
) -> None:
    text = (EXAMPLE / f"{feed}.toml").read_text("utf-8")
    bare = re.sub(r"^sealed_basis = .*\n", "", text, flags=re.M)
    said = [n for n in summary(load_contract(bare), Certificate()) if "sealed_basis" in n]
    assert len(said) == bool(permission)
    assert all(f"permission {permission}" in note for note in said)
    if bare != text:
        assert not any("sealed_basis" in n for n in summary(load_contract(text), Certificate()))


def test_a_column_says_row_by_row_what_is_sealed() -> None:
    text = (EXAMPLE / "court-judgment.toml").read_text("utf-8")
    column = 'sealed_basis = {column = "fcbj", codes = {"1" = "juvenile", "0" = ""}}'
    contract = load_contract(text.replace("[fields]\n", f"[fields]\n{column}\n"))
    assert any("permission juvenile" in n for n in summary(load_contract(text), Certificate()))
    assert not any("sealed_basis" in note for note in summary(contract, Certificate()))
