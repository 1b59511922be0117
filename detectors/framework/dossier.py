"""A dossier: all records of one subject as they now stand, in the order of their days."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar, cast

from schemas.record import Record, bases_of
from schemas.subject import HIDDEN

R = TypeVar("R", bound=Record)


def _order(record: Record) -> tuple[date, str, str]:
    return record.day, record.source.feed, record.source.key


class Dossier:
    """What a model is shown of one subject. Models only read; the engine puts and discards.

    ``key`` is the subject without its kind: a credit code, a case number, a person's token.
    """

    __slots__ = ("_allowed", "_former", "_reads", "_rows", "_sealed", "_shown", "_token",
                 "key", "kind")  # fmt: skip

    def __init__(
        self,
        subject: str,
        records: Iterable[Record] = (),
        token: Callable[[str], str] | None = None,
    ) -> None:
        """``token`` is the deployment's: what stands for a person's number in a subject."""
        self.kind, _, self.key = subject.partition(":")
        self._token = token
        self._former: frozenset[str] = frozenset()
        self._rows: dict[type[Record], list[Record]] = {}
        self._shown: dict[
            type[Record], tuple[Record, ...]
        ] = {}  # tuples handed out, until a row changes
        self._reads: frozenset[type[Record]] | None = None
        self._allowed: frozenset[str] = frozenset()
        self._sealed = 0
        for record in records:
            self.put(record)

    # ---- what a model asks

    def of(self, kind: type[R], /, **equal: object) -> tuple[R, ...]:
        """Rows of one type by day, feed and key; a named field has this value, or one of a tuple's.

        Raises ``LookupError`` for a type that the model does not declare in ``reads``: its changes
        would not wake the model.
        """
        if self._reads is not None and kind not in self._reads:
            raise LookupError(f"{kind.__name__} is read but not declared in reads")
        shown = self._shown.get(kind)
        if shown is None:
            shown = self._shown[kind] = tuple(self._rows.get(kind, ()))
        rows: tuple[Any, ...] = self._unsealed(shown) if self._sealed and shown else shown
        for name, value in equal.items():
            if isinstance(value, (tuple, set, frozenset)):
                rows = tuple([row for row in rows if getattr(row, name) in value])
            else:
                rows = tuple([row for row in rows if getattr(row, name) == value])
        return rows

    def first(self, kind: type[R], since: date = date.min, /, **equal: object) -> R | None:
        """The earliest of them on or after ``since``."""
        return next((row for row in self.of(kind, **equal) if row.day >= since), None)

    def is_subject(self, number: str) -> bool:
        """Whether this number names whom the dossier is about: a row may name other parties too.

        A former number of the person, whose rows are here because of an ``Identity``, does. The
        "number" of a pair is its two values in one text.

        Raises ``LookupError`` in such a dossier that was made without the deployment's token.
        """
        if self.kind not in HIDDEN:
            return number == self.key
        if self._token is None:
            raise LookupError(f"a {self.kind}'s dossier knows its number only with the token")
        if not number:
            return False
        token = self._token(number)
        return token == self.key or token in self._former

    # ---- what the engine does

    def also_known_as(self, former: frozenset[str]) -> None:
        """Name the tokens of the person's former numbers."""
        self._former = former

    def every(self, kind: type[R]) -> tuple[R, ...]:
        """Every row of one type in order, sealed or not, whoever asks."""
        return cast("tuple[R, ...]", tuple(self._rows.get(kind, ())))

    def has(self, kinds: tuple[type[Record], ...]) -> bool:
        """Whether a row of any of these types is here, sealed or not."""
        return any(map(self._rows.get, kinds))

    def bases(self, kinds: tuple[type[Record], ...]) -> list[str]:
        """The permissions that rows of these types are sealed by, in order."""
        if not self._sealed:
            return []
        rows = (row for kind in kinds for row in self._rows.get(kind, ()) if row.sealed_basis)
        return sorted({basis for row in rows for basis in bases_of(row.sealed_basis)})

    def _unsealed(self, rows: tuple[Record, ...]) -> tuple[Record, ...]:
        """The rows that may be seen. Of one derived row there may be several, one for all and one
        for each permission that tells more: the one that says most stands for the others."""
        seen = tuple(row for row in rows if bases_of(row.sealed_basis) <= self._allowed)
        most: dict[tuple[str, str], int] = {}
        for row in seen:
            if row.DERIVED and row.sealed_basis:
                place = _base(row)
                most[place] = max(most.get(place, 0), len(bases_of(row.sealed_basis)))
        if not most:
            return seen
        return tuple(r for r in seen if len(bases_of(r.sealed_basis)) >= most.get(_base(r), 0))

    def count(self, kinds: tuple[type[Record], ...]) -> int:
        """How many rows of these types are here, sealed or not."""
        return sum(len(self._rows.get(kind, ())) for kind in kinds)

    def shown_to(self, reads: frozenset[type[Record]], allowed: frozenset[str]) -> Dossier:
        """Narrow the dossier to what one model declared and may see, until the next call."""
        self._reads, self._allowed = reads, allowed
        return self

    def put(self, record: Record) -> None:
        """Add a row; the engine has discarded the former one of the same key."""
        kind = type(record)
        rows = self._rows.setdefault(kind, [])
        if not rows or _order(rows[-1]) <= _order(record):
            rows.append(record)
        else:
            insort(rows, record, key=_order)
        self._shown.pop(kind, None)
        self._sealed += bool(record.sealed_basis)

    def load(self, record: Record) -> None:
        """Add one of many rows, in any order; :meth:`sort` comes after the last."""
        self._rows.setdefault(type(record), []).append(record)
        self._sealed += bool(record.sealed_basis)

    def sort(self) -> None:
        """Put rows in order that were loaded in any."""
        for rows in self._rows.values():
            if len(rows) > 1:
                rows.sort(key=_order)

    def discard(self, record: Record) -> None:
        """Take a row out again."""
        kind = type(record)
        rows = self._rows[kind]
        at = bisect_left(rows, _order(record), key=_order)
        while rows[at] is not record:
            at += 1
        del rows[at]
        self._shown.pop(kind, None)
        self._sealed -= bool(record.sealed_basis)

    def all(self) -> Iterable[Record]:
        """Every row, type by type in the order of their names."""
        for kind in sorted(self._rows, key=lambda k: k.__name__):
            yield from self._rows[kind]

    def __len__(self) -> int:
        return sum(map(len, self._rows.values()))


def _base(row: Record) -> tuple[str, str]:
    """Feed and key that a derived row has in common with what others are shown of it."""
    return row.source.feed, row.source.key.removesuffix(f"~{row.sealed_basis}")


def read_only(dossier: Dossier) -> dict[str, Any]:
    """A comparable picture of a dossier, for the test that a model does not change it."""
    return {record.source.feed + "\0" + record.source.key: record for record in dossier.all()}
