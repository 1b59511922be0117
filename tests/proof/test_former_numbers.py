"""What stands under a former number of a person counts as if it stood under the one that holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec
import pytest

from detectors import discover
from detectors.framework.batch import Active, batch
from detectors.framework.cases import Case, Expect
from detectors.framework.registry import Catalogue, Model
from detectors.framework.ruleset import RuleSet
from detectors.framework.suite import Suite
from schemas import Coverage, Identity, Record, Rules, Source, Tokens
from schemas.identifiers import party_kind, resident_number

TOKENS = Tokens("a secret of former numbers")
#: Models that may be about a person, and whose cases are all about organisations.
ABOUT_OTHERS = ("D05", "D19")
MODELS = [
    model
    for model in discover(packs=False).models
    if "person" in model.detector.subjects and model.id not in ABOUT_OTHERS
]


def former(number: str) -> str:
    """Another number of one with the same birthday and sex."""
    order = (int(number[14:17]) + 500) % 1000
    return resident_number(number[:6], date.fromisoformat(number[6:14]), order)


def numbers(row: Record) -> set[str]:
    """Those of the persons to whom a row is routed."""
    fields = (*row.ROUTES.get("person", ()), *row.ROUTES.get("party", ()))
    values = (getattr(row, name) for name in fields)
    listed = (one for v in values for one in (v if isinstance(v, tuple) else (v,)) if one)
    return {one for one in listed if len(one) == 18 and party_kind(one) == "person"}


def renumbered(row: Record) -> Record:
    """The row as it was written when its persons had their former numbers."""
    to = {number: former(number) for number in numbers(row)}
    changed: dict[str, object] = {}
    for name in type(row).__struct_fields__:
        value = getattr(row, name)
        if isinstance(value, str):
            changed[name] = to.get(value, value)
        elif isinstance(value, tuple) and all(isinstance(one, str) for one in value):
            changed[name] = tuple(to.get(one, one) for one in value)
    return msgspec.structs.replace(row, **changed)


def said(model: Model, case: Case, moment: Expect, rows: Iterable[Record]) -> Active:
    """What is told of persons."""
    rules = Rules(number=1, hash="", grants=model.card.permissions, lists=case.lists)
    complete = [
        Coverage(kind.__name__, kind.__name__, moment.since, moment.covered)
        for kind in model.detector.reads
        if moment.covered is not None
    ]
    ruleset = RuleSet(Catalogue((model,)), rules)
    found = batch(rows, moment.as_of, complete, ruleset, TOKENS)
    return {name: compared for name, compared in found.items() if name[0].startswith("person:")}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_half_of_the_rows_under_a_former_number_change_nothing(model: Model) -> None:
    told = 0
    for case in Suite(model).cases:
        if case.grants is not None or case.overrides:
            continue
        for moment, rows in case.moments():
            people = {number for row in rows for number in numbers(row)}
            if not people:
                continue
            papers = [
                Identity(source=Source("identity", number), old=former(number), new=number)
                for number in sorted(people)
            ]
            plain = said(model, case, moment, rows)
            for odd in (0, 1):
                mixed = [renumbered(r) if n % 2 == odd else r for n, r in enumerate(rows)]
                assert said(model, case, moment, [*mixed, *papers]) == plain, case.name
            told += len(plain)
    assert told, "no case tells anything"
