"""Beyond the cases of the first models: a deployment's own parameters, papers entered twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from detectors import Finding, Outcome, discover
from detectors.framework.coverage import Knowledge
from detectors.framework.dossier import Dossier
from detectors.framework.evaluate import evaluate
from detectors.framework.ruleset import RuleSet
from schemas import Coverage, Record, Rules, Tokens
from tests import factories as make

TOKENS = Tokens("a secret of this test")
AS_OF = date(2026, 3, 1)


def told(model: str, rows: Sequence[Record], **overrides: Any) -> list[Finding]:
    """The active findings of one model about one person, under a deployment's own rows."""
    catalogue = discover(packs=False).only([model])
    rules = Rules(
        number=1, hash="", grants=("custody", "public_security"), overrides={model: overrides}
    )
    (running,) = RuleSet(catalogue, rules).running.values()
    dossier = Dossier(TOKENS.subjects(rows[0])[-1], rows)
    known = Knowledge(
        Coverage(kind.__name__, kind.__name__, date(1990, 1, 1), AS_OF) for kind in running.reads
    )
    said = evaluate(running, dossier, AS_OF, known).said.values()
    return [s.finding for s in said if s.finding.outcome in (Outcome.HOLDS, Outcome.CURED)]


def row(value: Any, region: str = "") -> dict[str, Any]:
    return {
        "value": value,
        "kind": "product",
        "in_force_from": date(1979, 1, 1),
        "basis": "of this deployment",
        "verified": False,
        "region": region,
    }


def test_a_place_may_pay_one_month_more_after_a_death() -> None:
    rows = [make.death(died_on=date(2024, 3, 15)), make.payment(month=date(2024, 4, 1))]
    longer = {"other": "0 m", "employee_pension": "1 m"}
    assert len(told("D01", rows)) == 1
    own = [row({"other": "0 m"}), row(longer, region=make.REGION)]
    assert told("D01", rows, last_payable_month=own) == []
    elsewhere = [row({"other": "0 m"}), row(longer, region="3702")]
    assert len(told("D01", rows, last_payable_month=elsewhere)) == 1


def test_part_months_in_custody_may_be_counted() -> None:
    held = make.restraint(since=date(2024, 4, 3), until=date(2024, 4, 28))
    rows = [make.payment(month=date(2024, 4, 1)), held]
    assert told("D02", rows) == []
    assert len(told("D02", rows, partial_months=[row("include")])) == 1


def test_a_probation_of_criminal_detention_may_be_left_out() -> None:
    rows = [
        make.correction_spell(),
        make.judgment(penalty="拘役"),
        make.adjustment(),
        make.payment(month=date(2025, 2, 1)),
    ]
    (finding,) = told("D02", rows)
    assert "probation_of_detention" in finding.basis
    assert told("D02", rows, probation_of_detention=[row(False)]) == []
    other = [make.judgment(penalty="有期徒刑"), *rows[:1], *rows[2:]]
    (finding,) = told("D02", other, probation_of_detention=[row(False)])
    assert "probation_of_detention" not in finding.basis


def test_a_drug_order_may_need_driving() -> None:
    rows = [make.drug_order(), make.licence()]
    needs = [row(True)]
    assert len(told("D11", rows)) == 1
    assert told("D11", rows, drug_order_needs_driving=needs) == []
    before = make.traffic_check(on=date(2024, 5, 6), bac_mg=0)
    assert len(told("D11", [*rows, before], drug_order_needs_driving=needs)) == 1
    later = make.traffic_check(on=date(2024, 5, 7), bac_mg=0)
    assert told("D11", [*rows, later], drug_order_needs_driving=needs) == []
    on_foot = make.traffic_check(on=date(2024, 5, 6), bac_mg=0, vehicle="non_motor")
    assert told("D11", [*rows, on_foot], drug_order_needs_driving=needs) == []


def test_the_basis_names_what_a_release_or_a_parole_was_judged_by() -> None:
    paid = [make.payment(month=date(2024, month, 1)) for month in (2, 3, 4)]
    spell = {"since": date(2024, 2, 1), "until": date(2024, 4, 30)}
    fraud = make.correction_spell(kind="temporary_release", end_reason="fraud", **spell)
    (finding,) = told("D02", [*paid, fraud])
    assert {"not_served"} <= set(finding.basis)
    assert "parole_revoked" not in finding.basis
    revoked = make.correction_spell(kind="parole", end_reason="revoked", **spell)
    (finding,) = told("D02", [*paid, revoked])
    assert "parole_revoked" in finding.basis
    assert "not_served" not in finding.basis


def test_a_paper_entered_twice_under_two_keys_is_one_duty() -> None:
    twice = [make.decision(key="JD-1"), make.decision(key="JD-2")]
    opinions = [make.document(key="WS-1"), make.document(key="WS-2")]
    told_of = [finding.obligation for finding in told("D03", [*twice, *opinions])]
    assert len(told_of) == len(set(told_of)) == 2
    checks = [make.traffic_check(key="A"), make.traffic_check(key="B")]
    assert len(told("D11", [*checks, make.licence(key="A"), make.licence(key="B")])) == 1
