"""What a batch finds over the rows and statements of one day of a district."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from detectors.framework.batch import dossiers_of
from detectors.framework.coverage import Knowledge
from detectors.framework.dossier import Dossier
from detectors.framework.evaluate import evaluate
from detectors.framework.finding import Finding, Outcome
from detectors.framework.ruleset import RuleSet
from schemas.change import Coverage
from schemas.subject import Tokens
from streams.district import District, contracts

Name = tuple[str, str, str, str]
"""Model, rule, subject, obligation."""


def standing(
    district: District, day: date, ruleset: RuleSet, tokens: Tokens
) -> dict[Name, Finding]:
    """The alerts that a batch over the rows of the day says hold or are cured."""
    dossiers = dossiers_of(district.final_records(tokens, day), ruleset, tokens)
    return found_in(dossiers, known(district, day), day, ruleset)


def known(district: District, day: date) -> Knowledge:
    """What the feeds have said by that day about their completeness."""
    until: dict[str, date] = {}
    for event in district.changes():
        if event.day > day:
            break
        if event.op == "complete":
            until[event.feed] = date.fromisoformat(str((event.row or {})["complete_until"]))
    return Knowledge(
        Coverage(feed, contract.record, s.since, until[feed] - timedelta(s.lag_days), dict(s.which))
        for feed, contract in contracts(since=district.window.since).items()
        for s in contract.supplies
        if feed in until
    )


def found_in(
    dossiers: Mapping[str, Dossier], knowledge: Knowledge, day: date, ruleset: RuleSet
) -> dict[Name, Finding]:
    """What the models of a rule set say of dossiers that are there already."""
    found = {}
    for subject, dossier in dossiers.items():
        for running in ruleset.of(dossier.kind):
            said = evaluate(running, dossier, day, knowledge).said
            for finding in (one.finding for one in said.values()):
                if finding.outcome in (Outcome.HOLDS, Outcome.CURED):
                    name = (running.model.id, finding.rule, subject, finding.obligation)
                    found[name] = finding
    return found


def statuses(found: Mapping[Name, Finding]) -> dict[Name, str]:
    return {name: finding.outcome.value for name, finding in found.items()}
