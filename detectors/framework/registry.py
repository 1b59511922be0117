"""How models and derivations are declared, found and checked: the catalogue of what runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from detectors.framework.card import Card, load_card
from detectors.framework.context import Context
from detectors.framework.dossier import Dossier
from detectors.framework.finding import Finding
from detectors.framework.packs import installed_packs, modules_of, ours, same_name
from schemas.derived import ClueCount
from schemas.errors import CardError
from schemas.people import Identity
from schemas.record import RECORD_TYPES, Record

T = TypeVar("T", bound=msgspec.Struct)
Evaluate = Callable[[Dossier, Context[T]], Iterator[Finding]]
Derive = Callable[[Dossier], Iterator[Record]]

#: A model for a party is registered for both kinds of party.
_PARTY = ("person", "organisation")


@dataclass(frozen=True)
class Detector(Generic[T]):
    """A declared model, still without its card; calling it evaluates."""

    id: str
    subjects: tuple[str, ...]
    reads: tuple[type[Record], ...]
    terms: type[T]
    on_tick: frozenset[str]  #: kinds of subject that are looked at on ticks only
    evaluate: Evaluate[T]
    needs: tuple[type[Record], ...] = ()
    at_most: int | None = None

    def __call__(self, dossier: Dossier, context: Context[T]) -> Iterator[Finding]:
        return self.evaluate(dossier, context)


@dataclass(frozen=True)
class Derivation:
    """A pure function from one dossier to rows for others' dossiers; it sees no date and no law."""

    subject: str
    reads: tuple[type[Record], ...]
    yields: tuple[type[Record], ...]
    derive: Derive
    stratum: int = 0

    @cached_property
    def name(self) -> str:
        return self.derive.__name__

    @cached_property
    def read(self) -> frozenset[type[Record]]:
        return frozenset(self.reads)


def detector(
    id: str,
    *,
    subject: str | tuple[str, ...],
    reads: tuple[type[Record], ...],
    terms: type[T],
    needs: tuple[type[Record], ...] = (),
    on_tick: bool | tuple[str, ...] = False,
    at_most: int | None = None,
) -> Callable[[Evaluate[T]], Detector[T]]:
    """Declare a model. Its card and its cases lie beside its module, under the module's name.

    ``needs``: without a row of any of these types the model has nothing to say and nothing to ask,
    so it is not even called. Most dossiers are of people to whom nothing ever happened.

    ``on_tick``: touched dossiers are evaluated once at the next tick, not at each change (models
    over sets, where loading ten thousand rows should cost one evaluation); a tuple names the kinds
    of subject of which this is so.

    ``at_most``: of a dossier with more rows of ``needs`` (else of ``reads``) nothing is said, and
    that it was passed over is counted and told once: a value that thousands of firms share is a
    default value, no trace.
    """
    kinds = _expanded((subject,) if isinstance(subject, str) else subject)
    ticking = on_tick if isinstance(on_tick, tuple) else kinds if on_tick else ()

    def declare(function: Evaluate[T]) -> Detector[T]:
        return Detector(
            id, kinds, reads, terms, frozenset(_expanded(ticking)), function, needs, at_most
        )

    return declare


def _expanded(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Kinds of subject, with those of a party where it is named."""
    several = (_PARTY if kind == "party" else (kind,) for kind in kinds)
    return tuple(dict.fromkeys(kind for some in several for kind in some))


def derivation(
    *, subject: str, reads: tuple[type[Record], ...], yields: tuple[type[Record], ...]
) -> Callable[[Derive], Derivation]:
    """Declare a derivation from the dossiers of one kind of subject."""

    def declare(function: Derive) -> Derivation:
        return Derivation(subject, reads, yields, function)

    return declare


@dataclass(frozen=True)
class Model:
    """A detector with its card: what the engine runs."""

    detector: Detector[Any]
    card: Card
    path: Path  #: of the module; the card and the cases lie beside it
    origin: str  #: distribution that brought it
    version: str = ""  #: of that distribution

    @property
    def id(self) -> str:
        return self.detector.id

    @property
    def cases(self) -> Path:
        return self.path.with_suffix(".cases.toml")


@dataclass(frozen=True)
class Catalogue:
    """Every model and derivation that runs, checked against each other."""

    models: tuple[Model, ...]
    derivations: tuple[Derivation, ...] = ()
    sources: tuple[Path, ...] = field(
        default=(), repr=False
    )  #: directories that the rule set's hash covers
    others: frozenset[str] = field(default=frozenset(), repr=False)  #: lists of models left out

    @property
    def lists(self) -> frozenset[str]:
        """The reference lists that models ask, those left out by :meth:`only` too."""
        return self.others.union(*(model.card.lists for model in self.models))

    def model(self, id: str) -> Model:
        """The model of that id; raises ``CardError`` naming those that exist."""
        for model in self.models:
            if model.id == id:
                return model
        raise CardError(f"no model {id!r}; there are {', '.join(m.id for m in self.models)}")

    def named(self, name: str) -> Model:
        """The model of that id or module name; raises ``CardError`` naming those that exist."""
        for model in self.models:
            if name in (model.path.stem, model.id):
                return model
        return self.model(name.upper())

    def of(self, distribution: str) -> tuple[Model, ...]:
        """The models that a distribution brought; none is a ``CardError``."""
        wanted = same_name(distribution)
        found = tuple(model for model in self.models if same_name(model.origin) == wanted)
        if not found:
            origins = ", ".join(sorted({model.origin for model in self.models}))
            raise CardError(f"{distribution} brings no model; there are models of {origins}")
        return found

    def only(self, ids: Sequence[str]) -> Catalogue:
        """The catalogue narrowed to some models; derivations stay, and lists stay known."""
        models = tuple(self.model(i) for i in ids)
        return Catalogue(models, self.derivations, self.sources, self.lists)


def discover(packages: Sequence[str] = ("detectors",), *, packs: bool = True) -> Catalogue:
    """Import every module of the packages and of installed packs and collect what they declare.

    Raises ``CardError`` with every mistake found; an import error is raised as it is, because a
    model that silently does not run would be a missing alert.
    """
    found = [*map(ours, packages), *(installed_packs() if packs else [])]
    models: list[Model] = []
    derivations: list[Derivation] = []
    sources: list[Path] = []
    mistakes: list[str] = []
    for pack in found:
        sources += [Path(place) for place in getattr(pack.package, "__path__", [])]
        for module in modules_of(pack.package):
            for thing in vars(module).values():
                if isinstance(thing, Detector) and thing.evaluate.__module__ == module.__name__:
                    path = Path(str(module.__file__))
                    try:
                        card = load_card(path.with_suffix(".toml"))
                    except CardError as error:
                        mistakes.append(str(error))
                    else:
                        models.append(Model(thing, card, path, pack.origin, pack.version))
                elif isinstance(thing, Derivation) and thing.derive.__module__ == module.__name__:
                    derivations.append(thing)
    models.sort(key=lambda model: model.id)
    layered = _stratified(derivations, mistakes)
    mistakes += _mistakes(models, layered)
    if mistakes:
        raise CardError("\n".join(mistakes))
    return Catalogue(tuple(models), tuple(layered), tuple(sources))


def _reaches(kind: type[Record], subject: str) -> bool:
    routes = kind.ROUTES
    return subject in routes or (subject in _PARTY and "party" in routes)


def _mistakes(models: Sequence[Model], derivations: Sequence[Derivation]) -> Iterator[str]:
    ids: dict[str, Path] = {}
    for model in models:
        if model.id != model.card.id:
            yield f"{model.path}: the code says {model.id}, its card says {model.card.id}"
        if ids.setdefault(model.id, model.path) != model.path:
            yield f"{model.path}: model {model.id} is also {ids[model.id]}"
    for name, subjects, reads in (
        *((m.id, m.detector.subjects, m.detector.reads) for m in models),
        *((d.name, (d.subject,), d.reads) for d in derivations),
    ):
        for kind in reads:
            if kind is Identity:
                yield f"{name}: Identity is followed before any model reads a row"
            elif RECORD_TYPES.get(kind.__name__) is not kind:
                yield f"{name}: {kind.__name__} is not a registered record type"
            elif not any(_reaches(kind, subject) for subject in subjects):
                yield f"{name}: {kind.__name__} never reaches a {' or '.join(subjects)}"


def _stratified(derivations: Sequence[Derivation], mistakes: list[str]) -> list[Derivation]:
    """Order derivations so that each reads only what lower ones yield; at most two deep."""
    made = {kind: d for d in derivations for kind in d.yields}

    def depth(d: Derivation, seen: tuple[str, ...] = ()) -> int:
        if d.name in seen:
            mistakes.append(f"derivations in a circle: {' -> '.join((*seen, d.name))}")
            return 0
        return max((depth(made[k], (*seen, d.name)) + 1 for k in d.reads if k in made), default=0)

    layered = []
    for d in sorted(derivations, key=lambda d: d.name):
        if ClueCount in (*d.reads, *d.yields):
            mistakes.append(f"{d.name}: ClueCount is made of findings, above all derivations")
        for kind in d.yields:
            if not kind.DERIVED:
                mistakes.append(f"{d.name}: {kind.__name__} is yielded but is not marked DERIVED")
        stratum = depth(d)
        if stratum > 1:
            mistakes.append(f"{d.name}: derived records are at most two deep")
        layered.append(Derivation(d.subject, d.reads, d.yields, d.derive, stratum))
    return sorted(layered, key=lambda d: (d.stratum, d.name))
