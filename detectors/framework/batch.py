"""The batch: what all models find over all rows at once; at a quiet point the stream equals it.

It shares the models with the engine, and nothing of the engine's bookkeeping.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import msgspec

from detectors.framework.coverage import Knowledge
from detectors.framework.dossier import Dossier
from detectors.framework.evaluate import Evaluation, active_set, evaluate
from detectors.framework.ruleset import RuleSet, Running
from schemas.change import Coverage
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
    dossiers = dossiers_of(records, ruleset, tokens)
    unread: dict[str, set[str]] = defaultdict(set)
    for subject, kind in unreadable:
        unread[subject].add(kind)
    knowledge = Knowledge(coverage)
    found: Active = {}
    for subject in sorted({*dossiers, *unread}):
        dossier = dossiers.get(subject) or Dossier(subject)
        evaluations: dict[str, tuple[Running, Evaluation]] = {}
        for running in ruleset.of(dossier.kind):
            said = evaluate(running, dossier, as_of, knowledge, frozenset(unread[subject]))
            evaluations[running.model.id] = running, said
        for (model, obligation), compared in active_set(evaluations).items():
            found[subject, model, obligation] = compared
    return found


def dossiers_of(records: Iterable[Record], ruleset: RuleSet, tokens: Tokens) -> dict[str, Dossier]:
    """All dossiers, derived rows included, stratum by stratum."""
    dossiers: dict[str, Dossier] = {}

    def show(record: Record) -> None:
        for subject in tokens.subjects(record):
            if subject not in dossiers:
                dossiers[subject] = Dossier(subject, token=tokens.person)
            dossiers[subject].put(record)

    for record in records:
        show(record)
    for derivation in ruleset.catalogue.derivations:  # in order of their strata
        made: list[Record] = []
        for subject in sorted(s for s in dossiers if s.partition(":")[0] == derivation.subject):
            dossier = dossiers[subject]
            sealed = frozenset(r.sealed_basis for r in dossier.all() if r.sealed_basis)
            for record in derivation.derive(dossier.shown_to(frozenset(derivation.reads), sealed)):
                feed = f"derived:{type(record).__name__}"
                source = msgspec.structs.replace(
                    record.source, feed=feed, key=f"{subject}/{record.source.key}"
                )
                made.append(msgspec.structs.replace(record, source=source))
        for record in made:
            show(record)
    return dossiers


def digest(active: Active) -> str:
    """One digest over an active set."""
    lines = "\n".join(f"{key}={value}" for key, value in sorted(active.items()))
    return hashlib.sha256(lines.encode()).hexdigest()
