"""What a model may ask: the law of a day, and two questions about time and knowledge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Generic, TypeVar

import msgspec

from detectors.framework.calendar import Calendar
from detectors.framework.card import Article, Law
from detectors.framework.coverage import Knowledge, Which, which_key
from detectors.framework.lists import Lists
from detectors.framework.spell import Spell
from schemas.alert import Proof
from schemas.record import Record

T = TypeVar("T", bound=msgspec.Struct)


class Wait(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A question about completeness that was answered "not yet"."""

    kind: str
    which: Which
    since: date
    until: date


class Context(Generic[T]):
    """The law and the state of knowledge at one evaluation, asked by question only.

    Every "not yet" is recorded and is the wake-up: a model cannot forget to be looked at again, and
    what it says can change only when a row, the rules or one of its own answers does.
    """

    def __init__(
        self,
        law: Law[T],
        calendar: Calendar,
        *,
        granted: frozenset[str] = frozenset(),
        lists: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.calendar = calendar
        self._law, self._granted, self._lists = law, granted, Lists(lists or {})
        self._as_of, self._knowledge = date.min, Knowledge()
        self._unreadable: frozenset[str] = frozenset()
        self.lists_asked: set[str] = set()
        self.wake: date | None = None
        self.waits: set[Wait] = set()
        self.proofs: list[Proof] = []
        self.leaned = False

    def at(self, as_of: date, knowledge: Knowledge, unreadable: frozenset[str]) -> None:
        """Begin an evaluation. ``unreadable``: types of which this dossier holds a row unread."""
        self._as_of, self._knowledge, self._unreadable = as_of, knowledge, unreadable
        self.wake, self.leaned = None, False
        self.waits, self.proofs = set(), []

    def law(self, act: date, region: str = "") -> T:
        """The card's parameters in force on the day of the act, as the model's own struct."""
        return self._law.at(act, region)

    def laws(self, spell: Spell, region: str = "") -> Iterator[tuple[Spell, T]]:
        """The pieces of a spell between changes of law, each with its parameters."""
        return self._law.laws(spell, region)

    def in_force(self, parameter: str, act: date, region: str = "") -> Article | None:
        """The card's row of one parameter on that day: its value, kind and article."""
        return self._law.in_force(parameter, act, region)

    def legal(self, parameter: str, act: date, region: str = "") -> bool:
        """Whether the term in force is a legal one: only then is lateness a fault."""
        row = self._law.in_force(parameter, act, region)
        return row is not None and row.kind == "legal"

    def reached(self, day: date | None) -> bool:
        """Whether ``day`` has come; if not, the model is asked again on it. None never comes."""
        if day is None:
            return False
        if self._as_of >= day:
            return True
        if self.wake is None or day < self.wake:
            self.wake = day
        return False

    def covered(self, kind: type[Record], spell: Spell, /, **which: object) -> bool:
        """Whether every feed that supplies such rows is complete for all of ``spell``.

        Both ends count: a feed whose history begins after the duty proves nothing about it.
        ``which`` narrows the question (step, kind, organ, region) in the words of ``Dossier.of``.
        Raises ``TypeError`` for a derived type, which proves no absence, and for an open spell.
        """
        if kind.DERIVED:
            raise TypeError(f"{kind.__name__} is derived: absence may not be concluded from it")
        if spell.until is None:
            raise TypeError("completeness can only be asked of days that end")
        key = which_key(which)
        known = self._knowledge.complete(kind.__name__, key)
        if known is not None and known.since <= spell.since and known.until >= spell.until:
            self.leaned = True
            if kind.__name__ in self._unreadable:
                return False  # looked at again when the row can be read
            proof = Proof(
                kind.__name__,
                spell.since,
                spell.until,
                dict(key),
                known.feeds,
                known.since,
                known.until,
            )
            if proof not in self.proofs:
                self.proofs.append(proof)
            return True
        self.waits.add(Wait(kind.__name__, key, spell.since, spell.until))
        return False

    def listed(self, name: str, key: str, on: date | None = None) -> bool:
        """Membership of a small reference list that is activated together with the rules.

        Entries may hold from a day, or for a time: ``on`` asks for a day, without it for any.
        """
        self.lists_asked.add(name)
        return self._lists.has(name, key, on)

    def granted(self, permission: str) -> bool:
        """Whether the card declares the permission and the deployment grants it."""
        return permission in self._granted

    def asked(self) -> Any:
        """What was answered "not yet" in this evaluation."""
        return self.wake, tuple(sorted(self.waits)), self.leaned
