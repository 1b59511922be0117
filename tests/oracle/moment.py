"""One day of a district, as dossiers for the models and as tables for the oracles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from detectors import discover
from detectors.framework.ruleset import RuleSet
from schemas import RECORD_TYPES, Coverage, Identity, Record, Reply, Rules
from schemas.steps import STEPS
from streams.district import LISTS, District
from tests.oracle.models import TOKENS, Rows
from tests.oracle.oracle import Alert, Oracle, write_tables

SINCE = date(1990, 1, 1)
CATALOGUE = discover(packs=False)
GRANTS = tuple(sorted({name for model in CATALOGUE.models for name in model.card.permissions}))


def stated(as_of: date, agencies: Iterable[str]) -> tuple[Coverage, ...]:
    """What is complete: most of it nearly to the day, one agency's penalties not for months, one
    kind of benefit not at all, and steps that are narrowed as case systems narrow them."""
    near, stalled = as_of - timedelta(days=4), as_of - timedelta(days=150)

    def of(kind: str, /, until: date = near, since: date = SINCE, **which: str) -> Coverage:
        name = "-".join((kind, *which.values()))
        return Coverage(name, kind, since, until, {f: (v,) for f, v in which.items()})

    special = (
        of("Benefit", scheme="employee_pension"),
        of("CaseStep", step="transferred"),
        of("CaseStep", until=as_of - timedelta(days=30), step="review_ended"),
        of("Reply", since=date(2024, 9, 1)),
        of("Licence", kind="driving"),
        of("Licence", until=stalled, kind="occupation"),
        *(
            of("Penalty", until=stalled if number == 0 else near, agency=agency)
            for number, agency in enumerate(sorted(agencies))
        ),
    )
    named = {one.which.get("step") for one in special}
    steps = sorted({step for steps in STEPS.values() for step in steps})
    others = [
        of("CaseStep", until=as_of - timedelta(days=30) if number % 7 == 0 else near, step=step)
        for number, step in enumerate(steps)
        if (step,) not in named
    ]
    kinds = {one.kind for one in special}
    whole = [
        of(name)
        for name, kind in sorted(RECORD_TYPES.items())
        if not kind.DERIVED and name not in kinds and kind.__module__.startswith("schemas.")
    ]
    return (*special, *others, *whole)


def tables_of(model: str) -> set[type[Record]]:
    """What the model reads, and the rows that others' dossiers make what is told to it from."""
    kinds = set(CATALOGUE.model(model).detector.reads)
    for layer in reversed(CATALOGUE.derivations):  # the lower ones stand first
        if kinds.intersection(layer.yields):
            kinds.update(layer.reads)
    return kinds


class Compared(NamedTuple):
    """What both say of one model, and what only one of them says."""

    agreed: frozenset[Alert]
    only_model: frozenset[Alert]
    only_oracle: frozenset[Alert]


class Moment:
    """The rows as dossiers, and the same rows as tables in a directory.

    ``share``: how far into the district's time; 1: its last day.
    """

    def __init__(self, district: District, directory: Path, share: float = 1.0) -> None:
        window, self.people = district.window, len(district.people)
        self.as_of = window.since + (window.until - window.since) * share
        records = list(district.final_records(TOKENS, self.as_of))
        rules = Rules(number=1, hash="", grants=GRANTS, lists=LISTS)
        self.rows = Rows(records, RuleSet(CATALOGUE, rules))
        write_tables(self.rows.all, directory)
        agencies = {r.agency for r in records if isinstance(r, Reply)}
        self.coverage = stated(self.as_of, agencies)
        self._oracle = Oracle()
        self._oracle.fill(directory, self.as_of, self.coverage, LISTS)
        # An oracle knows one number a person: whose was replaced is for the proofs to judge.
        replaced = [row for row in self.rows.all if isinstance(row, Identity)]
        self._renumbered = {number for row in replaced for number in (row.old, row.new)}

    def compare(self, model: str) -> Compared:
        told = self.rows.told(model, self.as_of, self.coverage)
        said, expected = map(self._once_numbered, (told, self._oracle.active(model)))
        return Compared(said & expected, said - expected, expected - said)

    def _once_numbered(self, alerts: Iterable[Alert]) -> frozenset[Alert]:
        return frozenset(alert for alert in alerts if alert.party not in self._renumbered)
