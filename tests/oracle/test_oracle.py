"""The detectors agree with SQL that was written from the law, on a district of 20 000 people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from detectors import Finding, Outcome, discover
from detectors.framework.batch import dossiers_of
from detectors.framework.coverage import Knowledge
from detectors.framework.evaluate import evaluate
from detectors.framework.ruleset import RuleSet
from detectors.framework.suite import Suite
from schemas import Coverage, Record, Reply, Rules, Tokens
from streams.district import LISTS, District
from tests.oracle.oracle import Alert, active, dumped, fill, open_oracle, write_tables

SINCE = date(1990, 1, 1)
TOKENS = Tokens("a secret of the oracle test")
POLICE = LISTS["police_organs"]
GRANTS = ("custody", "public_security")
MODELS = ("D01", "D02", "D03", "D11")


def stated(as_of: date, agencies: Iterable[str]) -> tuple[Coverage, ...]:
    """What is complete: most of it nearly to the day, one agency's penalties not for months, one
    kind of benefit not at all, and steps that are narrowed as case systems narrow them."""
    near, stalled = as_of - timedelta(days=4), as_of - timedelta(days=150)

    def of(kind: str, /, until: date = near, since: date = SINCE, **which: str) -> Coverage:
        name = "-".join((kind, *which.values()))
        return Coverage(name, kind, since, until, {f: (v,) for f, v in which.items()})

    penalties = [
        of("Penalty", until=stalled if number == 0 else near, agency=agency)
        for number, agency in enumerate(sorted(agencies))
    ]
    return (
        of("Benefit", scheme="employee_pension"),
        of("BenefitPayment"),
        of("CaseStep", step="transferred"),
        of("CaseStep", until=as_of - timedelta(days=30), step="review_ended"),
        of("Reply", since=date(2024, 9, 1)),
        of("Licence", kind="driving"),
        of("Licence", until=stalled, kind="occupation"),
        *penalties,
    )


class Moment:
    """A day of a district: what each model says of all dossiers, and the same rows as tables."""

    def __init__(self, seed: int, people: int, share: float, directory: Path) -> None:
        district = District(seed, people, dirty=False)
        window = district.window
        self.as_of = window.since + (window.until - window.since) * share
        records = list(district.final_records(TOKENS, self.as_of))
        write_tables(records, directory)
        agencies = {r.agency for r in records if isinstance(r, Reply)}
        self.coverage = stated(self.as_of, agencies)
        self.base = open_oracle()
        fill(self.base, directory, self.as_of, self.coverage, POLICE)
        rules = Rules(number=1, hash="", grants=GRANTS, lists=LISTS)
        self.ruleset = RuleSet(discover(packs=False), rules)
        self.dossiers = dossiers_of(records, self.ruleset, TOKENS).values()

    def told(self, model: str) -> Iterator[Alert]:
        """The active alerts of the model, the parties in clear."""
        running, knowledge = self.ruleset.running[model], Knowledge(self.coverage)
        for dossier in self.dossiers:
            if dossier.kind not in running.model.detector.subjects:
                continue
            said = evaluate(running, dossier, self.as_of, knowledge).said.values()
            yield from alerts(one.finding for one in said)


@pytest.fixture(
    scope="module",
    params=[(11, 20_000, 1.0), (12, 2_000, 0.6)],
    ids=["twenty-thousand-people", "half-way-through"],
)
def moment(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Moment:
    return Moment(*request.param, tmp_path_factory.mktemp("tables"))


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_model_and_oracle_agree(moment: Moment, model: str) -> None:
    told, expected = list(moment.told(model)), active(moment.base, model)
    assert len(told) >= 3, "too few alerts to mean anything"
    assert [dumped(alert) for alert in sorted(expected - set(told), key=str)] == []
    assert [dumped(alert) for alert in sorted(set(told) - expected, key=str)] == []


@pytest.mark.parametrize("model", MODELS)
def test_oracle_agrees_on_every_case_of_the_model(model: str, tmp_path: Path) -> None:
    """The cases stand on the boundary days that a district seldom hits."""
    suite = Suite(discover(packs=False).model(model))
    base, wrong = open_oracle(), []
    for case, moment, rows, findings in suite.told():
        write_tables(rows, tmp_path)
        coverage = [
            Coverage(kind.__name__, kind.__name__, moment.since, moment.covered)
            for kind in suite.model.detector.reads
            if moment.covered is not None
        ]
        if case.grants == ():
            continue  # the oracle sees everything
        police = case.lists.get("police_organs", ())
        fill(base, tmp_path, moment.as_of, coverage, police, suite.model.detector.reads)
        told, expected = set(alerts(findings)), active(base, model)
        wrong += [f"{case.name} {moment.as_of}: {dumped(alert)}" for alert in told ^ expected]
    assert wrong == []


def alerts(findings: Iterable[Finding]) -> Iterator[Alert]:
    """The active ones of what a model says, the parties in clear."""
    for finding in findings:
        if finding.outcome in (Outcome.HOLDS, Outcome.CURED):
            deadline = getattr(finding.facts, "deadline", None)
            yield Alert(
                party_of(finding.evidence),
                finding.rule,
                finding.obligation,
                str(finding.outcome),
                finding.amount_fen,
                deadline.due if deadline else None,
            )


def party_of(evidence: Iterable[Record]) -> str:
    """The number that all evidence is about."""
    for row in evidence:
        for name in ("person", "party", "holder"):
            if getattr(row, name, ""):
                return str(getattr(row, name))
    raise AssertionError("evidence about nobody")
