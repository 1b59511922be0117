"""The models' side of the comparison: what a model says of rows, in the words of the oracles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from detectors import Finding, Outcome
from detectors.framework.batch import dossiers_of
from detectors.framework.coverage import Knowledge
from detectors.framework.dossier import Dossier
from detectors.framework.evaluate import evaluate
from detectors.framework.ruleset import RuleSet
from schemas import Coverage, Record, Tokens
from tests.oracle.oracle import Alert, told_of

TOKENS = Tokens("a secret of the oracle test")


class Rows:
    """Rows as the dossiers that they are routed to, the derived ones with them."""

    def __init__(self, records: Iterable[Record], ruleset: RuleSet) -> None:
        rows = tuple(records)
        self._ruleset = ruleset
        self._dossiers = dossiers_of(rows, ruleset, TOKENS).values()
        derived = {
            (row.source.feed, row.source.key): row
            for dossier in self._dossiers
            for row in dossier.all()
            if row.DERIVED
        }
        self.all = (*rows, *derived.values())

    def told(self, model: str, as_of: date, coverage: Iterable[Coverage]) -> list[Alert]:
        """The active alerts of the model, the parties in clear."""
        running, knowledge = self._ruleset.running[model], Knowledge(coverage)
        rules = told_of(model)
        return [
            alert
            for dossier in self._dossiers
            if dossier.kind in running.model.detector.subjects
            for alert in alerts(
                dossier,
                (one.finding for one in evaluate(running, dossier, as_of, knowledge).said.values()),
            )
            if alert.rule in rules or not rules
        ]


def alerts(dossier: Dossier, findings: Iterable[Finding]) -> Iterator[Alert]:
    """The active ones of what a model says of a dossier."""
    for finding in findings:
        if finding.outcome in (Outcome.HOLDS, Outcome.CURED):
            deadline = getattr(finding.facts, "deadline", None)
            yield Alert(
                number_of(dossier),
                finding.rule,
                finding.obligation,
                str(finding.outcome),
                finding.amount_fen,
                deadline.due if deadline else None,
            )


def number_of(dossier: Dossier) -> str:
    """Whom or what the dossier is about, a person by the number that its rows have."""
    if dossier.kind != "person":
        return dossier.key
    for row in dossier.all():
        for name in (*row.ROUTES.get("person", ()), *row.ROUTES.get("party", ())):
            value = getattr(row, name)
            for number in value if isinstance(value, tuple) else (value,):
                if dossier.is_subject(number):
                    return str(number)
    raise AssertionError("a dossier about nobody")
