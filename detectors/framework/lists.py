"""Reference lists of a deployment: who stands on one, and on which days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from detectors.framework.spell import Spell
from schemas.errors import CardError


class Lists:
    """An entry is a key, or a key with the first and perhaps the last day on which it holds.

    ``"91…X"``, ``"91…X 2018-01-01"`` and ``"91…X 2018-01-01 2022-12-31"`` are entries; a key may
    have several. Raises :class:`CardError` for an entry that is none of these.
    """

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._plain: dict[str, frozenset[str]] = {}
        self._dated: dict[str, dict[str, list[Spell]]] = {}
        for name, entries in lists.items():
            plain, dated = set(), dict[str, list[Spell]]()
            for entry in entries:
                key, *days = entry.split() or [""]
                if days or not key:
                    dated.setdefault(key, []).append(_spell(name, entry, days))
                else:
                    plain.add(key)
            self._plain[name], self._dated[name] = frozenset(plain), dated

    def has(self, name: str, key: str, on: date | None = None) -> bool:
        """Whether the key stands on the list on a day; without a day: whether it ever does."""
        if key in self._plain.get(name, ()):
            return True
        spells = self._dated.get(name, {}).get(key, ())
        return bool(spells) if on is None else any(on in spell for spell in spells)


def _spell(name: str, entry: str, days: list[str]) -> Spell:
    try:
        since, *until = map(date.fromisoformat, days)
        return Spell(since, *until)
    except (TypeError, ValueError):
        raise CardError(
            f"list {name}: {entry!r} is no entry; write a key, and the first and last day after it"
        ) from None
