"""The batch: what all models find over all rows at once; at a quiet point the stream equals it.

It shares the models with the engine, and nothing of the engine's bookkeeping.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from detectors.framework.clues import clue, office_of
from detectors.framework.coverage import Knowledge
from detectors.framework.deriving import derived
from detectors.framework.dossier import Dossier
from detectors.framework.evaluate import ACTIVE, Evaluation, active_set, evaluate
from detectors.framework.merged import HOPS, replaced_by
from detectors.framework.ruleset import RuleSet, Running
from schemas.alert import alert_id
from schemas.change import Coverage
from schemas.derived import ClueCount
from schemas.people import Identity
from schemas.record import Record
from schemas.subject import Tokens

Active = dict[tuple[str, str, str], str]
"""(subject, model, obligation) of an active alert to the digest of what is compared."""


def batch(
    records: Iterable[Record],
    as_of: date,
    coverage: Iterable[Coverage],
    ruleset: RuleSet,
    tokens: Tokens,
    unreadable: Iterable[tuple[str, str]] = (),
) -> Active:
    """Evaluate everything. ``unreadable``: (subject, type) pairs of rows that stand unread."""
    routes = Routes(records, tokens)
    dossiers = _dossiers(routes, ruleset)
    unread: dict[str, set[str]] = defaultdict(set)
    for subject, kind in unreadable:
        for reached in routes.onwards(subject):
            unread[reached].add(kind)
    knowledge = Knowledge(coverage)
    found: Active = {}
    counted: list[ClueCount] = []

    def look(subject: str, dossier: Dossier, models: Iterable[Running]) -> None:
        evaluations: dict[str, tuple[Running, Evaluation]] = {}
        for running in models:
            said = evaluate(running, dossier, as_of, knowledge, frozenset(unread[subject]))
            evaluations[running.model.id] = running, said
            if ruleset.counts(running.model.id):
                counted.extend(_clues(subject, running, said))
        for (model, obligation), compared in active_set(evaluations).items():
            found[subject, model, obligation] = compared

    def models(kind: str, *, last: bool) -> list[Running]:
        return [r for r in ruleset.of(kind) if (ClueCount in r.model.detector.reads) is last]

    for subject in sorted({*dossiers, *unread} - routes.following.keys()):
        dossier = dossiers.get(subject) or Dossier(subject, token=tokens.person)
        look(subject, dossier, models(dossier.kind, last=False))
    for row in counted:
        for subject in tokens.subjects(row):
            dossiers.setdefault(subject, Dossier(subject, token=tokens.person)).put(row)
    for subject, dossier in sorted(dossiers.items()):
        look(subject, dossier, models(dossier.kind, last=True))
    return found


def _clues(subject: str, running: Running, said: Evaluation) -> Iterator[ClueCount]:
    """The rows in the dossiers of agencies that stand for what is active."""
    model = running.model.id
    for obligation, one in said.said.items():
        finding = one.finding
        if finding.outcome in ACTIVE and finding.agency:
            office = office_of(finding, running.offices)
            yield clue(
                alert_id(model, subject, obligation), model, finding.rule, finding.act,
                finding.amount_fen, finding.agency, finding.region, office,
            )  # fmt: skip


class Routes:
    """To whose dossiers rows go, former numbers of a person included."""

    def __init__(self, records: Iterable[Record], tokens: Tokens) -> None:
        self.tokens, self.records = tokens, tuple(records)
        said: dict[str, Dossier] = {}
        for record in self.records:
            if isinstance(record, Identity):
                for subject in tokens.subjects(record):
                    said.setdefault(subject, Dossier(subject)).put(record)
        self.following: dict[str, str] = {}  #: a former number's subject to its successor's
        self.former: dict[str, set[str]] = defaultdict(set)
        for subject, dossier in sorted(said.items()):
            number = replaced_by(dossier.every(Identity), dossier.key, tokens.person)
            if number:
                self.following[subject] = tokens.subject("person", number)
        for subject in self.following:
            for reached in self.onwards(subject)[1:]:
                self.former[reached].add(subject.partition(":")[2])

    def onwards(self, subject: str) -> list[str]:
        """The subject and those that its rows are passed on to."""
        reached = [subject]
        while reached[-1] in self.following and len(reached) <= HOPS:
            reached.append(self.following[reached[-1]])
        return reached

    def of(self, record: Record) -> list[str]:
        """Every subject in whose dossier the row lies."""
        own = self.tokens.subjects(record)
        if isinstance(record, Identity):
            return list(own)
        return sorted({reached for subject in own for reached in self.onwards(subject)})


def dossiers_of(records: Iterable[Record], ruleset: RuleSet, tokens: Tokens) -> dict[str, Dossier]:
    """All dossiers that are evaluated, derived rows included."""
    return _dossiers(Routes(records, tokens), ruleset)


def _dossiers(routes: Routes, ruleset: RuleSet) -> dict[str, Dossier]:
    """Rows and what is derived of them, stratum by stratum; without numbers that were replaced."""
    dossiers: dict[str, Dossier] = {}

    def show(record: Record) -> None:
        for subject in routes.of(record):
            dossier = dossiers.get(subject)
            if dossier is None:
                dossier = dossiers[subject] = Dossier(subject, token=routes.tokens.person)
                dossier.also_known_as(frozenset(routes.former.get(subject, ())))
            dossier.put(record)

    for record in routes.records:
        show(record)
    for derivation in ruleset.catalogue.derivations:  # in order of their strata
        made: list[Record] = []
        about = {s for s in dossiers if s.partition(":")[0] == derivation.subject}
        for subject in sorted(about - routes.following.keys()):
            for record in derived(derivation, dossiers[subject]):
                feed = f"derived:{type(record).__name__}"
                source = msgspec.structs.replace(
                    record.source, feed=feed, key=f"{subject}/{record.source.key}"
                )
                made.append(msgspec.structs.replace(record, source=source))
        for record in made:
            show(record)
    return {s: dossier for s, dossier in dossiers.items() if s not in routes.following}


def digest(active: Active) -> str:
    """One digest over an active set."""
    lines = "\n".join(f"{key}={value}" for key, value in sorted(active.items()))
    return hashlib.sha256(lines.encode()).hexdigest()
