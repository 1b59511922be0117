"""The articles that a package of models applies, read from its ``articles.toml``, and who agrees.

A card's row says by itself what holds, since when and how sure that is; the entry that it names
says it once for all models. :func:`disagreements` compares the two, so neither drifts.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from detectors.framework.article import Article
from detectors.framework.card import Card
from detectors.framework.term import Term, decode_term
from schemas.errors import CardError

FILE = "articles.toml"

Read = Literal["text", "undated", "page", "nowhere"]

#: What to know of an entry that was not read in full: in English, in Chinese.
_UNREAD: Mapping[str, tuple[str, str]] = {
    "undated": (
        "article read; its day of entry into force is general knowledge",
        "已见条文，施行日期未见原文",
    ),
    "page": (
        "seen quoted on a page, not in a full text",
        "见于引用的网页，未见全文",
    ),
    "nowhere": ("not found in a text", "未见条文"),
}


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value of one article, in one period in which it was the law."""

    id: str
    law: str
    in_force_from: date
    read: Read
    also: tuple[str, ...] = ()  #: other names under which a basis may quote the law
    article: str = ""
    value: Any = None  #: None: the article states no quantity
    extensions: tuple[Term, ...] = ()
    starts: str = ""
    excluded: str = ""  #: what is left out of the term
    in_force_until: date | None = None
    quote: str = ""
    note: str = ""
    note_zh: str = ""

    @property
    def verified(self) -> bool:
        """Whether wording and first day were read in a full text of the law."""
        return self.read == "text"

    def note_in(self, language: str) -> str:
        """What to know, and how far the text was read."""
        own, unread = (
            (self.note_zh, _UNREAD.get(self.read, ("", ""))[1])
            if language == "zh"
            else (self.note, _UNREAD.get(self.read, ("", ""))[0])
        )
        return ("；" if language == "zh" else "; ").join(text for text in (own, unread) if text)

    def named_by(self, basis: str) -> bool:
        """Whether a card's basis names the law, and the article by its first number."""
        number = re.match(r"\d+", self.article)
        return any(name in basis for name in (self.law, *self.also)) and (
            number is None or re.search(rf"(?<!\d){number[0]}(?!\d)", basis) is not None
        )


def load_articles(path: Path) -> dict[str, Entry]:
    """Every entry of a file by its id. Raises :class:`CardError` with every mistake."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CardError(f"{path}: {error}") from error
    return read_articles(raw, str(path))


def read_articles(raw: Mapping[str, Any], source: str) -> dict[str, Entry]:
    """Check entries that are already parsed; ``source`` names them in the error."""
    found: dict[str, Entry] = {}
    mistakes: list[str] = []
    for place, fields in _leaves(raw, "", {}):
        try:
            entry = msgspec.convert({**fields, "id": place}, Entry, dec_hook=decode_term)
        except msgspec.ValidationError as error:
            mistakes.append(f"{place}: {error}")
            continue
        found[place] = entry
        mistakes += (f"{place}{mistake}" for mistake in _mistakes(entry))
    if mistakes:
        raise CardError("\n".join(f"{source}: {mistake}" for mistake in mistakes))
    return found


@lru_cache(maxsize=8)
def articles_beside(folder: Path) -> Mapping[str, Entry]:
    """What models of that folder may name: our entries, and those of a pack's own file."""
    own = Path(__file__).parents[1]
    found = dict(load_articles(own / FILE))
    if folder != own and (folder / FILE).is_file():
        for id, entry in load_articles(folder / FILE).items():
            if id in found:
                raise CardError(f"{folder / FILE}: {id}: stands in {own / FILE} already")
            found[id] = entry
    return found


def disagreements(card: Card, articles: Mapping[str, Entry]) -> Iterator[str]:
    """Where a card's legal rows say something else than the articles that they name."""
    for name, rows in card.parameters.items():
        for number, row in enumerate(rows):
            place = f"parameters.{name}[{number}]"
            later = [other.in_force_from for other in rows[number + 1 :]]
            per = 100 if name.endswith("_fen") else 1  # the law counts in yuan
            yield from (f"{place}{mistake}" for mistake in _row(row, later, articles, per))


def used_by(cards: Iterable[Card]) -> dict[str, tuple[str, ...]]:
    """Ids of the models that rest on each entry."""
    found: dict[str, list[str]] = {}
    for card in cards:
        for id in dict.fromkeys(
            id for rows in card.parameters.values() for row in rows for id in row.articles
        ):
            found.setdefault(id, []).append(card.id)
    return {id: tuple(models) for id, models in found.items()}


def _row(row: Article, later: list[date], articles: Mapping[str, Entry], per: int) -> Iterator[str]:
    if not row.articles:
        if row.kind == "legal" and row.value is not None:
            yield ".article: missing; a legal row names its entry of articles.toml"
        return
    if unknown := [id for id in row.articles if id not in articles]:
        yield f".article: no entry {', '.join(unknown)}"
        return
    entries = [articles[id] for id in row.articles]
    for entry in entries:
        if not entry.named_by(row.basis):
            yield f".basis: {row.basis!r} does not name {entry.law}{entry.article} ({entry.id})"
    if row.kind != "legal":
        return
    first = entries[0]  # the others bear it out
    stating = next((entry for entry in entries if entry.value is not None), first)
    yield from _same("value", _plain(row.value), _plain(stating.value, per), stating)
    lawful = stating.extensions[: len(row.extensions)]  # a card may leave the last ones out
    yield from _same("extensions", row.extensions, lawful, stating)
    yield from _same("in_force_from", row.in_force_from, first.in_force_from, first)
    verified = all(entry.verified for entry in entries)
    if row.verified != verified:
        unread = [entry.id for entry in entries if not entry.verified]
        yield f".verified: {row.verified}, but {', '.join(unread) or first.id} is " + (
            "verified" if verified else "not"
        )
    last = first.in_force_until
    if last is not None and not any(day <= last + timedelta(days=1) for day in later):
        yield f".in_force_from: {first.id} ended on {last}, and no later row follows it"


def _same(field: str, said: object, entry: object, source: Entry) -> Iterator[str]:
    if field == "value" and entry is None:
        if _quantity(said):
            yield f".value: {said!r} is a quantity, and {source.id} states none"
    elif said != entry:
        yield f".{field}: {said!r}, but {source.id} says {entry!r}"


def _plain(value: object, per: int = 1) -> object:
    """A value as TOML has it, whatever made it; numbers in the unit of the card."""
    if isinstance(value, list | tuple):
        return [_plain(item, per) for item in value]
    return value * per if per != 1 and isinstance(value, int | float) else value


def _quantity(value: object) -> bool:
    """Numbers and terms, also in lists and tables; codes and switches are none."""
    if isinstance(value, Mapping):
        return any(map(_quantity, value.values()))
    if isinstance(value, list):
        return any(map(_quantity, value))
    if isinstance(value, str):
        return _is_term(value)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_term(text: str) -> bool:
    try:
        Term(text)
    except ValueError:
        return False
    return True


_FIELDS = frozenset(field.name for field in msgspec.structs.fields(Entry))


def _leaves(
    raw: object, place: str, inherited: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Entries with what the tables around them say: instrument, then article, then entry."""
    if not isinstance(raw, Mapping):
        yield place, {**inherited, "value": raw}
        return
    said = {name: value for name, value in raw.items() if place and name in _FIELDS}
    tables = {name: table for name, table in raw.items() if name not in said}
    fields = {**inherited, **said}
    if place and not tables:
        yield place, fields
    for name, table in tables.items():
        if place and name[0].isdigit() and "article" not in said:
            fields["article"] = name.replace("_", "之")
        yield from _leaves(table, f"{place}.{name}" if place else name, dict(fields))


def _mistakes(entry: Entry) -> Iterator[str]:
    """What the types do not show."""
    if not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+){1,2}", entry.id):
        yield ": an id is <instrument>[.<article>].<name>, of small letters, digits and _"
    if not entry.law.strip():
        yield ".law: empty"
    if entry.in_force_until is not None and entry.in_force_until <= entry.in_force_from:
        yield f".in_force_until: {entry.in_force_until} does not follow {entry.in_force_from}"
    for value in entry.value if isinstance(entry.value, list) else [entry.value]:
        if isinstance(value, str) and not _is_term(value):
            yield f".value: {value!r} is no term; write '<n> d|wd|m|y [exact]'"
        elif not isinstance(value, str | int | float | None) or isinstance(value, bool):
            yield f".value: {value!r} is no term, number or list of them"
    if entry.extensions and not isinstance(entry.value, str):
        yield ".extensions: of no term"
    if entry.quote != entry.quote.strip() or re.search(r"[a-z“”\"]", entry.quote):
        yield f".quote: {entry.quote!r} is not the Chinese text alone"
    if bool(entry.note) != bool(entry.note_zh):
        yield ".note: stands in one language only"
