"""The rule set: code under one hash, and what the activated ``rules`` message says of it."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import schemas
from detectors.framework.calendar import Calendar
from detectors.framework.card import Law
from detectors.framework.clues import OFFICES, offices
from detectors.framework.context import Context
from detectors.framework.registry import Catalogue, Derivation, Model
from schemas.change import Rules
from schemas.derived import ClueCount
from schemas.record import Record

#: Libraries whose behaviour reaches a finding or an alert's text.
LIBRARIES = ("chinesecalendar", "python-stdnum", "msgspec")


@lru_cache(maxsize=8)
def code_hash(sources: tuple[Path, ...], calendar: str = "") -> str:
    """One hash over engine, models, cards, calendar data and the libraries that they use.

    ``calendar`` is the digest of a deployment's own calendar (:attr:`Calendar.digest`).
    """
    digest = hashlib.sha256(calendar.encode())
    for library in LIBRARIES:
        digest.update(f"{library}={version(library)}\n".encode())
    digest.update(platform.python_version().encode())
    own = (Path(schemas.__path__[0]), Path(__file__).parents[1])
    for root in dict.fromkeys((*own, *sources)):
        for path in sorted(root.rglob("*")):
            if path.suffix in (".py", ".toml") and "__pycache__" not in path.parts:
                digest.update(f"\n{path.relative_to(root)}\n".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


@lru_cache(maxsize=1)
def _usual_calendar() -> Calendar:
    """One for all partitions: tabulating its years costs 13 ms."""
    return Calendar()


@dataclass(frozen=True, slots=True)
class Running:
    """A model as the activated rules let it run."""

    model: Model
    context: Context[Any]
    reads: frozenset[type[Record]]
    allowed: frozenset[str]  #: permissions that its card declares and the deployment grants
    acts_from: date
    names: Mapping[str, Mapping[str, str]]  #: language: organ code: what the agency is called
    offices: Mapping[str, frozenset[str]]  #: agency: the offices below it that are named


class RuleSet:
    """Models, derivations and law under one activation; of equal hash and message two are alike."""

    def __init__(
        self, catalogue: Catalogue, rules: Rules, calendar: Calendar | None = None
    ) -> None:
        self.rules = rules
        self.catalogue = catalogue
        shared = calendar or _usual_calendar()
        names = {
            language: {code: called[n] for code, called in rules.agencies.items()}
            for n, language in enumerate(("zh", "en"))
        }
        for n, language in enumerate(("zh", "en")):
            titles = {m.id: (m.card.title.zh, m.card.title.en)[n] for m in catalogue.models}
            names[language] = titles | names[language]  # an alert may name another model
        self.counting = any(map(_counts, catalogue.models))
        self.offices = offices(rules.lists.get(OFFICES, ()))
        lists: Mapping[str, frozenset[str]] = {k: frozenset(v) for k, v in rules.lists.items()}
        grants = frozenset(rules.grants)
        self.running: dict[str, Running] = {}
        self._off: dict[str, Running] = {}
        for model in catalogue.models:
            allowed = grants & frozenset(model.card.permissions)
            law = Law(model.card, model.detector.terms, rules.overrides.get(model.id))
            context = Context(law, shared, granted=allowed, lists=lists)
            acts_from = rules.acts_from.get(model.id, date.min)
            reads = frozenset(model.detector.reads)
            runs = self._off if model.id in rules.disabled else self.running
            runs[model.id] = Running(model, context, reads, allowed, acts_from, names, self.offices)
        self._woken: dict[tuple[str, type[Record]], tuple[Running, ...]] = {}
        self._derived: dict[tuple[str, type[Record]], tuple[Derivation, ...]] = {}

    def counts(self, model: str) -> bool:
        """Whether 类案 counts the alerts of a model: those of every model but its own."""
        running = self.running.get(model) or self._off.get(model)
        return self.counting and not (running is not None and _counts(running.model))

    def woken_by(self, subject_kind: str, kind: type[Record]) -> tuple[Running, ...]:
        """The models that look at such a subject's dossier when a row of that type changes."""
        key = (subject_kind, kind)
        found = self._woken.get(key)
        if found is None:
            found = self._woken[key] = tuple(r for r in self.of(subject_kind) if kind in r.reads)
        return found

    def retired(self, model: str) -> Running | None:
        """A model that is switched off, for ending its alerts; None when its code is gone."""
        return self._off.get(model)

    def of(self, subject_kind: str) -> tuple[Running, ...]:
        """The models of one kind of subject, by id."""
        return tuple(r for r in self.running.values() if subject_kind in r.model.detector.subjects)

    def derivations_of(
        self, subject_kind: str, kind: type[Record] | None = None
    ) -> tuple[Derivation, ...]:
        """The derivations of one kind of subject, by stratum; of ``kind``: those that read it."""
        if kind is None:
            return tuple(d for d in self.catalogue.derivations if d.subject == subject_kind)
        key = (subject_kind, kind)
        found = self._derived.get(key)
        if found is None:
            found = self._derived[key] = tuple(
                d for d in self.derivations_of(subject_kind) if kind in d.reads
            )
        return found


def _counts(model: Model) -> bool:
    return ClueCount in model.detector.reads
