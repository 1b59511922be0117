"""What is known to be complete: statements of feeds joined into answers about a type of record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import product

from schemas.change import WITHDRAWN, Coverage

Which = tuple[tuple[str, tuple[str, ...]], ...]
"""A narrowed question, made comparable: field and asked values, in order."""

_Key = tuple[str, str, Which]


def which_key(which: Mapping[str, object]) -> Which:
    """Make the keyword arguments of a question comparable."""
    if not which:
        return ()
    return tuple(
        (
            name,
            tuple(sorted(map(str, value)))
            if isinstance(value, (tuple, set, frozenset))
            else (str(value),),
        )
        for name, value in sorted(which.items())
    )


def _matches(name: str, asked: str, supplied: tuple[str, ...]) -> bool:
    if name == "region":  # codes are hierarchical: a district lies in its city
        return any(asked.startswith(s) or s.startswith(asked) for s in supplied)
    return asked in supplied


class Complete:
    """The interval over which every feed that answers a question is complete, and their names."""

    __slots__ = ("feeds", "since", "until")

    def __init__(self, since: date, until: date, feeds: tuple[str, ...]) -> None:
        self.since, self.until, self.feeds = since, until, feeds


class Knowledge:
    """Coverage statements of all feeds, joined so that neither order nor number of clocks matters.

    Per feed, type and filter: a higher ``number`` replaces, under the same number ``until`` only
    grows. ``since`` belongs to the number: a feed that begins later than was said takes a new one.
    """

    def __init__(self, statements: Iterable[Coverage] = ()) -> None:
        self._by_key: dict[_Key, Coverage] = {}
        self._by_kind: dict[str, dict[_Key, Coverage]] = {}
        self._answers: dict[tuple[str, Which], Complete | None] = {}
        self.join(statements)

    def join(self, statements: Iterable[Coverage]) -> bool:
        """Take statements in; whether any answer may have changed."""
        changed = False
        for new in statements:
            key = (new.feed, new.kind, which_key(new.which))
            old = self._by_key.get(key)
            if (
                old is None
                or new.number > old.number
                or (new.number == old.number and new.until > old.until)
            ):
                self._by_key[key] = self._by_kind.setdefault(new.kind, {})[key] = new
                changed = True
        if changed:
            self._answers.clear()
        return changed

    def lowered_by(self, statements: Iterable[Coverage]) -> bool:
        """Whether taking these in may turn a yes into a no: a statement is taken back, or one more
        feed is found to supply what others supplied alone."""
        for new in statements:
            old = self._by_key.get((new.feed, new.kind, which_key(new.which)))
            if old is None:
                if new.kind in self._by_kind:
                    return True
            elif new.number > old.number and (new.until < old.until or new.since != old.since):
                return True
        return False

    def complete(self, kind: str, which: Which) -> Complete | None:
        """When the question's answer is known in full; None when no feed supplies (all of) it."""
        question = (kind, which)
        if question not in self._answers:
            self._answers[question] = self._ask(kind, which)
        return self._answers[question]

    def _ask(self, kind: str, which: Which) -> Complete | None:
        found = [c for c in self._by_kind.get(kind, {}).values() if c.until > WITHDRAWN]
        relevant: dict[int, Coverage] = {}
        for combination in product(*(values for _, values in which)):
            supplied = [
                c
                for c in found
                if all(
                    name not in c.which or _matches(name, asked, c.which[name])
                    for (name, _), asked in zip(which, combination, strict=True)
                )
            ]
            if not supplied:
                return None
            relevant.update((id(c), c) for c in supplied)
        feeds = tuple(sorted({c.feed for c in relevant.values()}))
        values = relevant.values()
        return Complete(max(c.since for c in values), min(c.until for c in values), feeds)

    def statements(self) -> tuple[Coverage, ...]:
        """All that is known, in a fixed order, for the state."""
        return tuple(self._by_key[key] for key in sorted(self._by_key))
