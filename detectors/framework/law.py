"""The law as a model asks for it: its parameters, typed, by day and region."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from detectors.framework.article import Article, read_rows
from detectors.framework.spell import DAY, Spell
from detectors.framework.term import decode_term
from schemas.errors import CardError

if TYPE_CHECKING:
    from detectors.framework.card import Card

T = TypeVar("T", bound=msgspec.Struct)
_Key = tuple[int, tuple[str, ...]]


class Law(Generic[T]):
    """A card's parameters as the model's own struct ``terms``, checked against each other once.

    ``overrides`` are the rows of a deployment: per parameter they replace the card's. Raises
    :class:`CardError` with every mistake. A field that does not allow None must have a value on
    every day: then the first row, a product row, also holds for the days before it.
    """

    def __init__(
        self, card: Card, terms: type[T], overrides: Mapping[str, Any] | None = None
    ) -> None:
        self._terms = terms
        self._rows = dict(card.parameters)
        mistakes: list[str] = []
        for name, raw in (overrides or {}).items():
            place = f"overrides.{card.id}.{name}"
            if name in self._rows:
                self._rows[name] = read_rows(raw, place, mistakes)
            else:
                legal = ", ".join(sorted(self._rows))
                mistakes.append(f"{place}: no such parameter; there are {legal}")
        self._values: dict[int, Any] = {}
        self._always: dict[str, Article] = {}
        mistakes.extend(self._check())
        if mistakes:
            raise CardError("\n".join(f"model {card.id}: {mistake}" for mistake in mistakes))
        rows = [row for rows in self._rows.values() for row in rows]
        self._changes = sorted({row.in_force_from for row in rows})
        self._regions = tuple(sorted({row.region for row in rows if row.region}))
        self._scopes: dict[str, tuple[str, ...]] = {"": ()}
        self._periods: dict[_Key, tuple[T, dict[str, Article]]] = {}
        self._pieces: dict[_Key, list[tuple[date, T]]] = {}

    def at(self, act: date, region: str = "") -> T:
        """The parameters in force on ``act``; one object per period, not to be changed."""
        return self._period(act, region)[0]

    def in_force(self, name: str, act: date, region: str = "") -> Article | None:
        """The row of one parameter on that day, of the longest region that ``region`` begins with.

        None before the first row; a row without a value says that there is no such rule.
        """
        if name not in self._rows:
            raise CardError(f"no parameter {name!r}; there are {', '.join(sorted(self._rows))}")
        return self._period(act, region)[1].get(name)

    def laws(self, spell: Spell, region: str = "") -> Iterator[tuple[Spell, T]]:
        """The pieces of a spell between changes of a value, each with its parameters."""
        if spell.empty:
            return
        since, terms = spell.since, self.at(spell.since, region)
        for change, following in self._following(spell.since, region):
            if spell.until is not None and change > spell.until:
                break
            yield Spell(since, change - DAY), terms
            since, terms = change, following
        yield Spell(since, spell.until), terms

    def _following(self, day: date, region: str) -> list[tuple[date, T]]:
        """The days after it on which a value changes, each with the parameters from then on."""
        key = bisect_right(self._changes, day), self._scope(region)
        found = self._pieces.get(key)
        if found is None:
            found, terms = [], self.at(day, region)
            for change in self._changes[key[0] :]:
                following = self.at(change, region)
                if following != terms:
                    found.append((change, following))
                    terms = following
            self._pieces[key] = found
        return found

    def _period(self, act: date, region: str) -> tuple[T, dict[str, Article]]:
        key = bisect_right(self._changes, act), self._scope(region)
        found = self._periods.get(key)
        if found is None:
            rows = {n: row for n in self._rows if (row := self._row(n, act, key[1])) is not None}
            values = {n: self._values.get(id(row)) for n, row in rows.items()}
            found = self._terms(**{n: values.get(n) for n in self._rows}), rows
            self._periods[key] = found
        return found

    def _scope(self, region: str) -> tuple[str, ...]:
        """The card's regions that apply to ``region``: equal ones share what is cached."""
        if not self._regions:
            return ()
        found = self._scopes.get(region)
        if found is None:
            found = tuple(prefix for prefix in self._regions if region.startswith(prefix))
            if len(self._scopes) < 100_000:  # regions come from rows: do not grow for ever
                self._scopes[region] = found
        return found

    def _row(self, name: str, act: date, scope: tuple[str, ...]) -> Article | None:
        rows = [
            row
            for row in self._rows[name]
            if row.in_force_from <= act and (not row.region or row.region in scope)
        ]
        best = max(rows, key=lambda row: (len(row.region), row.in_force_from), default=None)
        return best or self._always.get(name)

    def _check(self) -> Iterator[str]:
        fields = {field.name: field.type for field in msgspec.structs.fields(self._terms)}
        for name in sorted(fields.keys() - self._rows.keys()):
            yield f"{self._terms.__name__}.{name} has no [[parameters.{name}]] in the card"
        for name in sorted(self._rows.keys() - fields.keys()):
            yield f"parameters.{name} has no field in {self._terms.__name__}"
        for name in sorted(fields.keys() & self._rows.keys()):
            yield from self._check_rows(name, fields[name])

    def _check_rows(self, name: str, kind: Any) -> Iterator[str]:
        rows = self._rows[name]
        optional = _accepts_none(kind)
        for number, row in enumerate(rows):
            place = f"parameters.{name}[{number}].value"
            if row.value is not None:
                try:
                    self._values[id(row)] = msgspec.convert(row.value, kind, dec_hook=decode_term)
                except (msgspec.ValidationError, TypeError) as error:
                    yield f"{place}: {row.value!r}: {error}"
            elif not optional:
                yield f"{place}: missing, but {self._terms.__name__}.{name} does not allow None"
        if optional or not rows:
            return
        first = next((row for row in rows if not row.region), None)
        if first is None or first.kind != "product":
            yield (
                f"parameters.{name}: there is no such rule before the first row; let "
                f"{self._terms.__name__}.{name} allow None, or begin with a product row"
            )
        else:
            self._always[name] = first


def _accepts_none(kind: Any) -> bool:
    try:
        msgspec.convert(None, kind, dec_hook=decode_term)
    except msgspec.ValidationError:
        return False
    return True
