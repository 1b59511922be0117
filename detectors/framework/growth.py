"""How the work of a model grows with its dossier, counted in executed instructions, not in time."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any

import msgspec

from detectors.framework.cases import Case, Expect
from detectors.framework.dossier import Dossier
from detectors.framework.stand import Stand
from schemas.keys import identity_fields
from schemas.record import Record

FEW, MANY, WHOLE = 250, 1_000, 10_000
AT_MOST = 6.0  #: for four times the rows; linear is 4, with a logarithm 5, quadratic 16


def growth(stand: Stand, cases: Iterable[Case]) -> Iterator[str]:
    """For each type that the model reads, in the case that tells most of it: more rows, alike and
    under numbers of their own, and one dossier of ten thousand."""
    for kind in stand.model.detector.reads:
        found = _richest(stand, cases, kind)
        if found is None:
            yield f"no case has a {kind.__name__}"
            continue
        case, moment, dossier = found
        for alike in (True, False):
            few, many = (
                _counted(stand, case, moment, _grown(stand, dossier, kind, number, alike))
                for number in (FEW, MANY)
            )
            if many > few * AT_MOST:
                yield (
                    f"{case.name}: {MANY} rows of {kind.__name__} cost {many / few:.1f} times "
                    f"the work of {FEW}{' (rows alike)' if alike else ''}"
                )
        stand.content(case, moment, _grown(stand, dossier, kind, WHOLE, True))


def _richest(
    stand: Stand, cases: Iterable[Case], kind: type[Record]
) -> tuple[Case, Expect, Dossier] | None:
    best: tuple[int, Case, Expect, Dossier] | None = None
    for case in cases:
        for moment, rows in case.moments():
            for dossier in stand.dossiers(case, rows):
                if not dossier.has((kind,)):
                    continue
                told = len(stand.content(case, moment, dossier))
                if best is None or told > best[0]:
                    best = told, case, moment, dossier
    return None if best is None else best[1:]


def _grown(stand: Stand, dossier: Dossier, kind: type[Record], number: int, alike: bool) -> Dossier:
    """The dossier with so many rows of the type: alike but for their keys, or in no number."""
    grown = Dossier(f"{dossier.kind}:{dossier.key}", token=stand.tokens.person)
    rows = list(dossier.all())
    models = [row for row in rows if type(row) is kind]
    for row in rows:
        grown.put(row)
    for n in range(number - len(models)):
        row = models[n % len(models)]
        source = msgspec.structs.replace(row.source, key=f"{row.source.key}#{n}")
        fields: dict[str, Any] = {} if alike else _renumbered(row, n)
        grown.put(msgspec.structs.replace(row, source=source, **fields))
    return grown


def _renumbered(row: Record, n: int) -> dict[str, str]:
    hidden = identity_fields(type(row))
    coded = (*type(row).CODES, *type(row).FORMS)
    return {
        name: f"{value}#{n}"
        for name in type(row).KEY
        if name not in hidden and name not in coded and isinstance(value := getattr(row, name), str)
    }


def _counted(stand: Stand, case: Case, moment: Expect, dossier: Dossier) -> int:
    """Instructions of Python that one evaluation executes: the same on every machine."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        if event == "opcode":
            count += 1
        return trace

    running = stand.running(case)
    knowledge = stand.complete(moment.since, moment.covered)
    running.context.at(moment.as_of, knowledge, frozenset())
    shown = dossier.shown_to(running.reads, running.allowed)
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for _ in stand.model.detector.evaluate(shown, running.context):
            pass
    finally:
        sys.settrace(before)
    return count
