"""A model's cases: rows in, findings out, at named days and states of knowledge."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec

from detectors.framework.finding import Finding, Outcome
from detectors.framework.rows import read_row
from schemas.errors import CardError, RecordError
from schemas.record import Record

#: Where coverage begins unless a case says otherwise: long before any duty.
LONG_BEFORE = date(1949, 10, 1)


class Expected(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What one finding must say; what is not named, also inside ``facts``, may be anything."""

    rule: str
    outcome: Outcome
    obligation: str | None = None
    stage: Literal["notice", "breach"] | None = None
    waiting: Literal["not_due", "not_covered"] | None = None
    excuse: str | None = None
    act: date | None = None
    amount_fen: int | None = None
    severity: str | None = None
    agency: str | None = None
    region: str | None = None
    unconfirmed: bool | None = None
    facts: dict[str, Any] = {}

    def differs(self, finding: Finding) -> list[str]:
        """In what the finding is not the expected one."""
        found: list[str] = []
        for name in self.__struct_fields__:
            wanted = getattr(self, name)
            if name != "facts" and wanted is not None and wanted != getattr(finding, name):
                found.append(f"{name}: {getattr(finding, name)!r}, expected {wanted!r}")
        return found + list(_unlike(self.facts, msgspec.to_builtins(finding.facts), "facts"))


class RowName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which row: its feed and its key."""

    feed: str
    key: str


class Expect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One moment: the day it is, how far every type asked about is complete, and what is found.

    ``put`` and ``remove`` are what changed since the moment before: a correction, a deletion.
    """

    as_of: date
    findings: tuple[Expected, ...]
    covered: date | None = None  #: None: nothing is known to be complete
    since: date = LONG_BEFORE
    put: tuple[dict[str, Any], ...] = ()
    remove: tuple[RowName, ...] = ()

    def mismatches(self, findings: Iterable[Finding]) -> list[str]:
        """How ``findings`` differ from the expected: each expected one must be there.

        A finding that holds or is cured must be expected; others may go unmentioned, because a
        duty is reported at all times and these raise nothing.
        """
        left = list(findings)
        problems: list[str] = []
        for wanted in self.findings:
            ranked = sorted(
                (len(differs := wanted.differs(finding)), n, differs)
                for n, finding in enumerate(left)
                if finding.rule == wanted.rule
            )
            if ranked and not ranked[0][0]:
                left.pop(ranked[0][1])
            else:
                near = f"; nearest differs in {'; '.join(ranked[0][2])}" if ranked else ""
                problems.append(f"{self.as_of}: no {wanted.rule} {wanted.outcome}{near}")
        problems += [
            f"{self.as_of}: unexpected {finding.rule} {finding.outcome} ({finding.obligation})"
            for finding in left
            if finding.outcome in (Outcome.HOLDS, Outcome.CURED)
        ]
        return problems


class Case(msgspec.Struct, frozen=True):
    """One story. ``grants`` None: whatever the card declares is granted.

    ``overrides`` are a deployment's rows of parameters: so a rule that is off by default is told.
    """

    name: str
    records: tuple[Record, ...]
    expect: tuple[Expect, ...]
    puts: tuple[tuple[Record, ...], ...]  #: the rows of each moment's ``put``
    grants: tuple[str, ...] | None = None
    lists: dict[str, tuple[str, ...]] = {}
    overrides: dict[str, Any] = {}

    def moments(self) -> Iterator[tuple[Expect, tuple[Record, ...]]]:
        """Each moment with the rows as they then stand."""
        rows = {(row.source.feed, row.source.key): row for row in self.records}
        for expect, put in zip(self.expect, self.puts, strict=True):
            for row in expect.remove:
                rows.pop((row.feed, row.key), None)
            rows.update(((row.source.feed, row.source.key), row) for row in put)
            yield expect, tuple(rows.values())


class _Raw(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    records: tuple[dict[str, Any], ...]
    expect: tuple[dict[str, Any], ...]
    grants: tuple[str, ...] | None = None
    lists: dict[str, tuple[str, ...]] = {}
    overrides: dict[str, Any] = {}


def load_cases(path: Path, token: Callable[[str], str] | None = None) -> tuple[Case, ...]:
    """Read the cases of a model. Raises :class:`CardError` with every mistake and its place.

    ``token`` hides persons' numbers in record keys, as intake does.
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CardError(f"{path}: {error}") from error
    mistakes: list[str] = []
    mistakes += [f"{key}: only [[case]] stands in a file of cases" for key in raw if key != "case"]
    rows = raw.get("case")
    if not isinstance(rows, list) or not rows:
        mistakes.append("case: at least one [[case]]")
        rows = []
    cases = [c for n, row in enumerate(rows) if (c := _case(row, f"case[{n}]", token, mistakes))]
    names = [case.name for case in cases]
    mistakes += [
        f"case {name!r} is told twice" for name in sorted(set(names)) if names.count(name) > 1
    ]
    if mistakes:
        raise CardError("\n".join(f"{path}: {mistake}" for mistake in mistakes))
    return tuple(cases)


def _case(
    raw: object, place: str, token: Callable[[str], str] | None, mistakes: list[str]
) -> Case | None:
    try:
        case = msgspec.convert(raw, _Raw)
    except msgspec.ValidationError as error:
        mistakes.append(f"{place}: {error}")
        return None
    before = len(mistakes)
    records = _rows(case.records, f"{place}.records", token, mistakes)
    expect: list[Expect] = []
    for number, moment in enumerate(case.expect):
        try:
            expect.append(msgspec.convert(moment, Expect))
        except msgspec.ValidationError as error:
            mistakes.append(f"{place}.expect[{number}]: {error}")
    puts = [_rows(e.put, f"{place}.expect[{n}].put", token, mistakes) for n, e in enumerate(expect)]
    known = {(row.source.feed, row.source.key) for rows in (records, *puts) for row in rows}
    for number, told in enumerate(expect):
        mistakes += [
            f"{place}.expect[{number}].remove: no row {row.feed} {row.key}; there are "
            + ", ".join(f"{feed} {key}" for feed, key in sorted(known))
            for row in told.remove
            if (row.feed, row.key) not in known
        ]
    if not case.expect:
        mistakes.append(f"{place}.expect: at least one moment")
    keys = [(row.source.feed, row.source.key) for row in records]
    for feed, key in sorted({pair for pair in keys if keys.count(pair) > 1}):
        mistakes.append(
            f"{place}.records: two rows are {feed} {key}; a later row replaces the first"
        )
    if len(mistakes) > before:
        return None
    return Case(
        case.name,
        tuple(records),
        tuple(expect),
        tuple(tuple(rows) for rows in puts),
        case.grants,
        case.lists,
        case.overrides,
    )


def _rows(
    tables: Iterable[Mapping[str, Any]],
    place: str,
    token: Callable[[str], str] | None,
    mistakes: list[str],
) -> list[Record]:
    rows: list[Record] = []
    for number, table in enumerate(tables):
        try:
            rows.append(read_row(table, token))
        except RecordError as error:
            mistakes.append(f"{place}[{number}]: {error}")
    return rows


def _unlike(wanted: object, found: object, place: str) -> Iterator[str]:
    """Where ``found``, as JSON has it, lacks what is wanted; tables may be given in part."""
    if isinstance(wanted, Mapping):
        for name, value in wanted.items():
            inner = found.get(name) if isinstance(found, Mapping) else None
            yield from _unlike(value, inner, f"{place}.{name}")
    elif isinstance(wanted, list | tuple):
        items = found if isinstance(found, list | tuple) else ()
        if len(items) != len(wanted):
            yield f"{place}: {len(items)} items, expected {len(wanted)}"
            return
        for number, (value, inner) in enumerate(zip(wanted, items, strict=True)):
            yield from _unlike(value, inner, f"{place}[{number}]")
    else:
        shown = wanted.isoformat() if isinstance(wanted, date) else wanted
        if shown != found:
            yield f"{place}: {found!r}, expected {shown!r}"
