"""Which fields of which rows a model reads: told by rows that remember what is asked of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar, cast

from detectors.framework.cases import Case
from detectors.framework.context import Context
from detectors.framework.dossier import Dossier
from detectors.framework.stand import Stand
from schemas.record import Record

R = TypeVar("R", bound=Record)
Reads = dict[str, set[str]]

_OWN = frozenset(("source", "sealed_basis"))  # every row has them: no field of the type


class _Watched:
    """Stands for a row and notes each field that is read of it."""

    __slots__ = ("_reads", "_row")

    def __init__(self, row: Record, reads: Reads) -> None:
        self._row, self._reads = row, reads

    @property  # type: ignore[misc]  # isinstance has to see the row
    def __class__(self) -> Any:
        return type(self._row)

    def __getattr__(self, name: str) -> Any:
        kind = type(self._row)
        if name == "day":
            name = kind.DAY
        made = getattr(kind, name, None)
        if isinstance(made, property) and made.fget is not None:
            return made.fget(self)  # its own reads count
        if name not in _OWN:
            self._reads[kind.__name__].add(name)
        return getattr(self._row, name)


class _WatchedDossier:
    """Hands out rows that remember; a filter by a field is a read of it."""

    def __init__(self, dossier: Dossier, reads: Reads) -> None:
        self.kind, self.key = dossier.kind, dossier.key
        self._dossier, self._reads = dossier, reads
        self._rows: dict[int, _Watched] = {}

    def of(self, kind: type[R], /, **equal: object) -> tuple[R, ...]:
        self._reads[kind.__name__].update(equal)
        rows = self._dossier.of(kind, **equal)
        return cast(
            "tuple[R, ...]", tuple(self._rows.setdefault(id(r), self._note(r)) for r in rows)
        )

    def first(self, kind: type[R], since: date = date.min, /, **equal: object) -> R | None:
        self._reads[kind.__name__].add(kind.DAY)
        return next((row for row in self.of(kind, **equal) if row.day >= since), None)

    def is_subject(self, number: str) -> bool:
        return self._dossier.is_subject(number)

    def _note(self, row: Record) -> _Watched:
        return _Watched(row, self._reads)


def reads_of(stand: Stand, cases: Iterable[Case]) -> Reads:
    """The fields, by type, that the model reads over all moments of the cases."""
    reads: Reads = defaultdict(set)
    for case in cases:
        running = stand.running(case)
        context: Context[Any] = running.context
        for moment, rows in case.moments():
            for dossier in stand.dossiers(case, rows):
                dossier.shown_to(running.reads, running.allowed)
                watched = cast("Dossier", _WatchedDossier(dossier, reads))
                knowledge = stand.complete(moment.since, moment.covered)
                context.at(moment.as_of, knowledge, frozenset())
                for _ in stand.model.detector.evaluate(watched, context):
                    pass
    return reads
