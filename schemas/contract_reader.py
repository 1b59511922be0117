"""Reads a table of a contract key by key and keeps every mistake with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

Table = Mapping[str, object]


class Reader:
    """One table of the contract. ``mistakes`` is shared by all tables of the file.

    Every method returns a value of the right type, whatever is wrong: a mistake was then noted, and
    the contract is refused in the end.
    """

    def __init__(
        self, table: Table, mistakes: list[str], place: str = "", text: str | None = None
    ) -> None:
        self.table, self.mistakes, self.place = table, mistakes, place
        self._text, self._read = text, set[str]()

    def mistake(self, key: str, what: str) -> None:
        """Note a mistake at a key of this table; an empty key is the table itself."""
        path = ".".join(part for part in (self.place, key) if part)
        line = self._line(path)
        self.mistakes.append(f"{path or 'contract'}{f' (line {line})' if line else ''}: {what}")

    def has(self, key: str) -> bool:
        return key in self.table

    def take(self, key: str) -> object:
        """The value as it is; None if there is none."""
        self._read.add(key)
        return self.table.get(key)

    def text(
        self,
        key: str,
        default: str | None = None,
        *,
        choices: Sequence[str] = (),
        form: str = "",
        means: str = "",
    ) -> str:
        """A text; without ``default`` it must be there."""
        value = self.take(key)
        if value is None and default is not None:
            return default
        legal = means or ", ".join(choices) or "a text"
        if value is None:
            self.mistake(key, f"missing; legal: {legal}")
        elif not isinstance(value, str):
            self.mistake(key, f"is {_shown(value)}; legal: {legal}")
        elif choices and value not in choices:
            self.mistake(key, f"{_shown(value)} is unknown; legal: {legal}")
        elif form and not re.fullmatch(form, value):
            self.mistake(key, f"{_shown(value)} is not legal; legal: {legal}")
        elif not value and default is None:
            self.mistake(key, f"is empty; legal: {legal}")
        else:
            return value
        return default or ""

    def flag(self, key: str, default: bool) -> bool:
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.mistake(key, f"is {_shown(value)}; legal: true, false")
            return default
        return value

    def number(self, key: str, default: int, least: int) -> int:
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            self.mistake(key, f"is {_shown(value)}; legal: a whole number from {least}")
            return default
        return value

    def day(self, key: str) -> date:
        value = self.take(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        what = "missing" if value is None else f"is {_shown(value)}"
        self.mistake(key, f"{what}; legal: a date without quotes, such as 2019-01-01")
        return date.min

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A text or a list of texts."""
        value = self.take(key)
        if value is None and not required:
            return ()
        found = [value] if isinstance(value, str) else value
        if isinstance(found, list) and found and all(isinstance(v, str) and v for v in found):
            return tuple(found)
        what = "missing" if value is None else f"is {_shown(value)}"
        self.mistake(key, f"{what}; legal: a text, or a list of texts that is not empty")
        return ()

    def child(self, key: str) -> Reader | None:
        """A table inside this one; None if it is not there or is no table."""
        value = self.take(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.mistake(key, f"is {_shown(value)}; legal: a table")
            return None
        return self._inside(key, value)

    def children(self, key: str) -> list[Reader]:
        """An array of tables; empty if it is not there."""
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.mistake(key, f"is {_shown(value)}; legal: tables, each under [[{key}]]")
            return []
        found = []
        for index, item in enumerate(value):
            if isinstance(item, dict):
                found.append(self._inside(f"{key}[{index}]", item))
            else:
                self.mistake(f"{key}[{index}]", f"is {_shown(item)}; legal: a table")
        return found

    def done(self, *legal: str) -> None:
        """Note every key that nobody read; ``legal`` adds keys that are read only sometimes."""
        known = sorted(self._read.union(legal))
        for key in self.table:
            if key not in self._read:
                self.mistake(key, f"is not known here; legal: {', '.join(known)}")

    def _inside(self, key: str, table: Table) -> Reader:
        place = f"{self.place}.{key}" if self.place else key
        return Reader(table, self.mistakes, place, self._text)

    def _line(self, path: str) -> int:
        """The line where the place begins, or the nearest place around it; 0 if unknown."""
        if not self._text or not path:
            return 0
        best, best_length, header, seen = 0, 0, "", dict[str, int]()
        for number, line in enumerate(self._text.splitlines(), 1):
            if found := re.match(r"\s*\[\[\s*([^\]]+?)\s*\]\]", line):
                index = seen[found[1]] = seen.get(found[1], -1) + 1
                header = here = f"{found[1]}[{index}]"
            elif found := re.match(r"\s*\[\s*([^\]]+?)\s*\]", line):
                header = here = found[1]
            elif found := re.match(r"\s*(\"[^\"]*\"|[^\s=#]+)\s*=", line):
                name = found[1].strip('"')
                here = f"{header}.{name}" if header else name
            else:
                continue
            inside = path == here or path.startswith((f"{here}.", f"{here}["))
            if inside and len(here) > best_length:
                best, best_length = number, len(here)
        return best


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
