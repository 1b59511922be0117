"""Files of cases: what is read, what is compared, and mistakes with their place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from detectors import Deadline, Finding, Outcome, discover
from detectors.framework.cases import Case, load_cases
from detectors.framework.stand import Stand
from schemas.errors import CardError
from schemas.procedure import Decision

from .example import Facts

GOOD = """
[[case]]
name = "third working day after Spring Festival"
grants = ["public_security"]
lists = {licensed = ["a"]}
records = [{type = "Decision", decision_no = "D1", case_no = "K1", party = "371102189901010033", kind = "non_prosecution_relative", decided_on = 2025-01-24, charges = ["133-1"], agency = "A", region = "371102"}]
expect = [
  {as_of = 2025-02-06, covered = 2025-02-04, findings = [{rule = "transfer", outcome = "pending"}]},
  {as_of = 2025-02-06, covered = 2025-02-05, since = 2024-01-01, findings = [{rule = "transfer", outcome = "holds", facts = {deadline = {due = 2025-02-05}, charges = ["133-1"]}}]},
  {as_of = 2025-02-07, findings = [], put = [{type = "CaseStep", case_no = "K1", organ = "procuratorate", step = "transferred", on = 2025-02-05}], remove = [{feed = "decision", key = "D1/371102189901010033"}]}]
"""  # noqa: E501


def cases(tmp_path: Path, text: str) -> tuple[Case, ...]:
    path = tmp_path / "x.cases.toml"
    path.write_text(text, "utf-8")
    return load_cases(path)


def finding(outcome: Outcome, **named: object) -> Finding:
    known: dict[str, object] = {
        "rule": "transfer",
        "obligation": "D1/transfer",
        "act": date(2025, 1, 24),
        "basis": ("transfer",),
        "facts": Facts(),
        "evidence": (),
    }
    return Finding(outcome=outcome, **{**known, **named})  # type: ignore[arg-type]


def test_a_case_is_read_with_its_rows_and_moments(tmp_path: Path) -> None:
    (case,) = cases(tmp_path, GOOD)
    (row,) = case.records
    assert isinstance(row, Decision)
    assert (row.source.feed, row.source.key) == ("decision", "D1/371102189901010033")
    assert (row.source.agency, row.source.region) == ("A", "371102")
    assert case.grants == ("public_security",)
    assert case.expect[0].since < date(1979, 1, 1)
    assert case.expect[2].covered is None


def test_corrections_between_moments_change_the_rows(tmp_path: Path) -> None:
    (case,) = cases(tmp_path, GOOD)
    kinds = [[type(row).__name__ for row in rows] for _, rows in case.moments()]
    assert kinds == [["Decision"], ["Decision"], ["CaseStep"]]


def test_persons_in_keys_can_be_hidden_as_intake_does(tmp_path: Path) -> None:
    path = tmp_path / "x.cases.toml"
    path.write_text(GOOD.replace("D1/371102189901010033", "D1/token"), "utf-8")
    (case,) = load_cases(path, lambda number: "token")
    assert case.records[0].source.key == "D1/token"


def test_expected_and_found_agree_when_what_is_named_agrees(tmp_path: Path) -> None:
    (case,) = cases(tmp_path, GOOD)
    pending, holds, silent = case.expect
    assert holds.mismatches([finding(Outcome.HOLDS)]) == []
    assert pending.mismatches([finding(Outcome.PENDING), finding(Outcome.LAPSED)]) == []
    assert silent.mismatches([finding(Outcome.LAPSED), finding(Outcome.EXEMPT)]) == []


def test_every_difference_is_told(tmp_path: Path) -> None:
    (case,) = cases(tmp_path, GOOD)
    pending, holds, silent = case.expect
    assert holds.mismatches([]) == ["2025-02-06: no transfer holds"]
    assert silent.mismatches([finding(Outcome.CURED)]) == [
        "2025-02-07: unexpected transfer cured (D1/transfer)"
    ]
    moved = Facts(deadline=Deadline(date(2025, 1, 24), "3 wd", date(2025, 2, 6)), charges=())
    (told, unexpected) = holds.mismatches([finding(Outcome.HOLDS, facts=moved)])
    assert "facts.deadline.due: '2025-02-06', expected '2025-02-05'" in told
    assert "facts.charges: 0 items, expected 1" in told
    assert "unexpected transfer holds" in unexpected
    assert "outcome: <Outcome.HOLDS" in pending.mismatches([finding(Outcome.HOLDS)])[0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            ("Decision", "Decison"),
            "case[0].records[0]: bad_type: type: 'Decison' is no record type",
        ),
        (
            ("decided_on = 2025", "decided = 2025"),
            "case[0].records[0]: unknown_field: decided: Decision has",
        ),
        (("2025-01-24", "7"), "case[0].records[0]: bad_type: Decision: Expected `date`"),
        (
            ("non_prosecution_relative", "pardon"),
            "case[0].records[0]: unknown_code: kind: 'pardon'; legal:",
        ),
        (('"holds"', '"held"'), "case[0].expect[1]: Invalid enum value 'held'"),
        (("as_of = 2025-02-07, ", ""), "case[0].expect[2]: Object missing required field `as_of`"),
        (("covered =", "covers ="), "case[0].expect[0]: Object contains unknown field `covers`"),
        (("name =", "title ="), "case[0]: Object"),
        (
            ('step = "transferred"', 'step = "gone"'),
            "case[0].expect[2].put[0]: unknown_code: step: 'gone'",
        ),
        (('feed = "decision"', 'feed = "x"'), "case[0].expect[2].remove: no row x D1/"),
        (("[[case]]", "[[cases]]"), "cases: only [[case]] stands in a file of cases"),
        (("= [", "= "), "x.cases.toml"),
    ],
)
def test_a_mistake_is_told_with_its_place(
    tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    with pytest.raises(CardError) as error:
        cases(tmp_path, GOOD.replace(*change))
    assert told in str(error.value)


def test_a_name_is_told_once_and_a_row_too(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="is told twice"):
        cases(tmp_path, GOOD + GOOD)
    row = GOOD[GOOD.index("records = [") + 11 : GOOD.index("]\nexpect")]
    with pytest.raises(CardError, match="two rows are decision"):
        cases(tmp_path, GOOD.replace(row, f"{row}, {row}"))


def test_a_case_may_play_a_deployment_that_overrides_parameters(tmp_path: Path) -> None:
    (case,) = cases(
        tmp_path,
        """
[[case]]
name = "a scheme that pays three months more"
overrides = {last_payable_month = [{value = {other = "3 m"}, kind = "product", in_force_from = 1979-01-01, basis = "当地做法", verified = false}]}
records = [
  {type = "Death", person = "371102189901010033", died_on = 2025-03-10, authority = "police"},
  {type = "BenefitPayment", benefit_no = "P1", person = "371102189901010033", scheme = "employee_pension", month = 2025-06-01, amount_fen = 300000},
]
expect = [{as_of = 2025-09-01, findings = []}]
""",  # noqa: E501
    )
    stand, (moment,) = Stand(discover(packs=False).model("D01")), case.expect
    told = stand.findings(case, moment, case.records)
    assert Outcome.HOLDS not in {finding.outcome for finding in told}
    usual = stand.findings(replace(case, overrides={}), moment, case.records)
    assert Outcome.HOLDS in {finding.outcome for finding in usual}
