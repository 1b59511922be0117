"""A test stand: one model on its own, evaluated over rows, on a day, under a state of knowledge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from detectors.framework.cases import Case, Expect
from detectors.framework.coverage import Knowledge
from detectors.framework.dossier import Dossier
from detectors.framework.evaluate import Evaluation, content, evaluate
from detectors.framework.finding import Finding
from detectors.framework.registry import Catalogue, Model
from detectors.framework.ruleset import RuleSet, Running
from schemas.change import Coverage, Rules
from schemas.record import Record
from schemas.subject import Tokens

Contents = dict[tuple[str, str], tuple[str, ...]]
"""(subject, obligation) to everything that is said of it, made comparable."""


class Stand:
    """Runs the model as the engine does, on the dossiers that the rows are routed to."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.tokens = Tokens("a secret of the test stand")
        self._running: dict[tuple[object, ...], Running] = {}
        self._knowledge: dict[tuple[date, date | None], Knowledge] = {}

    def running(self, case: Case) -> Running:
        """The model under the grants, lists and overrides of a case."""
        key = (case.grants, tuple(sorted(case.lists.items())), repr(case.overrides))
        if key not in self._running:
            grants = self.model.card.permissions if case.grants is None else case.grants
            own = {self.model.id: case.overrides} if case.overrides else {}
            rules = Rules(number=1, hash="", grants=grants, lists=case.lists, overrides=own)
            ruleset = RuleSet(Catalogue((self.model,)), rules)
            self._running[key] = ruleset.running[self.model.id]
        return self._running[key]

    @property
    def lists_asked(self) -> frozenset[str]:
        """The reference lists that the model has asked so far."""
        return frozenset().union(*(one.context.lists_asked for one in self._running.values()))

    def dossiers(self, case: Case, rows: Iterable[Record]) -> list[Dossier]:
        """The dossiers of the model's subjects; a row that comes again replaces itself."""
        latest = {(row.source.feed, row.source.key): row for row in rows}
        found: dict[str, Dossier] = {}
        for row in latest.values():
            for subject in self.tokens.subjects(row):
                if subject.partition(":")[0] in self.model.detector.subjects:
                    if subject not in found:
                        found[subject] = Dossier(subject, token=self.tokens.person)
                    found[subject].put(row)
        return [found[subject] for subject in sorted(found)]

    def complete(self, since: date, until: date | None) -> Knowledge:
        """Every type that the model reads is complete over these days; None: nothing is known."""
        key = (since, until)
        if key not in self._knowledge:
            self._knowledge[key] = Knowledge(
                Coverage(kind.__name__.lower(), kind.__name__, since, until)
                for kind in self.model.detector.reads
                if until is not None
            )
        return self._knowledge[key]

    def findings(self, case: Case, moment: Expect, rows: Iterable[Record]) -> list[Finding]:
        """What the model says of all dossiers at a moment."""
        return [
            finding
            for dossier in self.dossiers(case, rows)
            for finding in self.said(case, moment, dossier)
        ]

    def said(self, case: Case, moment: Expect, dossier: Dossier) -> list[Finding]:
        """What the model says of one dossier at a moment."""
        knowledge = self.complete(moment.since, moment.covered)
        said = evaluate(self.running(case), dossier, moment.as_of, knowledge).said
        return [one.finding for one in said.values()]

    def at(
        self, case: Case, day: date, knowledge: Knowledge, dossier: Dossier
    ) -> tuple[Contents, Evaluation]:
        """Everything said of one dossier on a day, and the evaluation."""
        running = self.running(case)
        evaluation = evaluate(running, dossier, day, knowledge)
        subject = f"{dossier.kind}:{dossier.key}"
        return {
            (subject, obligation): _comparable(running, said.finding)
            for obligation, said in evaluation.said.items()
        }, evaluation

    def content(self, case: Case, moment: Expect, dossier: Dossier) -> Contents:
        """Everything said of one dossier at a moment."""
        knowledge = self.complete(moment.since, moment.covered)
        return self.at(case, moment.as_of, knowledge, dossier)[0]

    def contents(self, case: Case, moment: Expect, rows: Iterable[Record]) -> Contents:
        """Everything said of all dossiers at a moment."""
        found: Contents = {}
        for dossier in self.dossiers(case, rows):
            found.update(self.content(case, moment, dossier))
        return found


def _comparable(running: Running, finding: Finding) -> tuple[str, ...]:
    ended = (finding.outcome, finding.waiting, finding.excuse, finding.act.isoformat())
    return (*map(str, ended), *finding.basis, content(running, finding))
