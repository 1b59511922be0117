"""What an alert says of its facts: the templates of a card, filled, in one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeGuard

import msgspec

from detectors.framework.calendar import Calendar, Deadline, legal_calendar
from detectors.framework.card import Card
from detectors.framework.chain import chain
from detectors.framework.plain import (
    NOTHING,
    age_words,
    counted_words,
    date_words,
    fen_words,
    joined,
    spell_words,
    term_words,
    yes_no,
)
from detectors.framework.tables import table
from detectors.framework.template import Place, parse
from detectors.framework.words import charge, word, word_in
from schemas.errors import CardError
from schemas.identifiers import mask_name, mask_number
from schemas.numbers import printed


class Parts(NamedTuple):
    """The parts of an alert's text that come from templates."""

    title: str
    facts: tuple[str, ...]
    sum: str


def render(
    card: Card,
    rule: str,
    lang: str,
    *,
    cured: bool,
    facts: msgspec.Struct | Mapping[str, object],
    calendar: Calendar | None = None,
    names: Mapping[str, str] | None = None,
) -> Parts:
    """Fill the templates of a rule. ``facts`` is the struct, or what JSON made of it.

    ``names`` are what agencies are called: a fact that is the code of one is printed as its name.

    A sentence of ``facts`` that speaks of something absent (None, an empty list or text) is left
    out; in a title or a sum the absent is a dash, unless the part that speaks of it is ``given``.
    """
    texts = card.texts.get(rule)
    if texts is None:
        raise CardError(f"model {card.id}: no texts.{rule}; there are {', '.join(card.texts)}")
    text = texts[lang]
    fill = _Filling(card, lang, calendar or legal_calendar(), names or {})
    return Parts(
        fill.text(text.done_late if cured and text.done_late else text.title, facts),
        tuple(fill.text(fact, facts) for fact in text.facts if not _about_nothing(fact, facts)),
        fill.text(text.sum, facts),
    )


_WORDS = ("code", "each", "spell")


class _Filling:
    """Renders values in one language; the words of the card, and of what it reads, come first."""

    def __init__(
        self, card: Card, language: str, calendar: Calendar, names: Mapping[str, str]
    ) -> None:
        self._names = names
        self._words, self._kinds = card.words, tuple(card.inputs)
        self._language, self._calendar = language, calendar

    def text(self, template: str, facts: object) -> str:
        text = self._inner(template, facts).rstrip()
        first = next(iter(parse(template)), "")
        # A sentence that begins with the word of a code begins with a capital in English.
        if self._language == "en" and isinstance(first, Place) and first.renderer in _WORDS:
            return text[:1].upper() + text[1:]
        return text

    def _inner(self, template: str, facts: object) -> str:
        return "".join(
            part if isinstance(part, str) else self._part(part, facts) for part in parse(template)
        )

    def _part(self, part: Place, facts: object) -> str:
        value = value_at(facts, part.path)
        if part.renderer == "given":
            return self._inner(part.option, facts) if value else ""
        return self._place(part, value)

    def _place(self, place: Place, value: object) -> str:
        match place.renderer:
            case "each":
                items = [self._inner(place.option, item) for item in _items(value)]
                return "".join(items).rstrip("；;，,、 ")
            case "plural":
                return counted_words(value, place.option)
            case "count":
                return str(len(_items(value)))
            case "table" | "matrix" | "months":
                return table(_items(value), self._language, self._cell, place.option)
            case "chain":
                return "\n".join(map(self._chain, value if _several(value) else (value,)))
            case renderer if _several(value):
                single = place._replace(renderer=renderer)
                return joined([self._one(single, item) for item in value], self._language)
            case _:
                return self._one(place, value)

    def _one(self, place: Place, value: object) -> str:
        if value is None:
            return NOTHING
        match place.renderer:
            case "date":
                return date_words(value)
            case "month":
                return date_words(value)[:7]
            case "fen":
                return fen_words(value)
            case "age":
                return age_words(value, self._language)
            case "term":
                return term_words(value, self._language)
            case "spell":
                return spell_words(value, self._language)
            case "code":
                return self._code(str(value), place)
            case "no":
                return printed(str(value))
            case "party":
                text = str(value)
                return mask_number(text) if text.isascii() else mask_name(text)
            case "percent":
                return f"{float(str(value)):.0%}"
            case _:
                return self._plain(place.name, value)

    def _plain(self, name: str, value: object) -> str:
        if isinstance(value, bool):
            return yes_no(value, self._language)
        if isinstance(value, date):
            return date_words(value)
        if isinstance(value, dict | msgspec.Struct):
            return spell_words(value, self._language)
        text = str(value)
        return printed(text) if name.endswith("_no") else self._names.get(text, text)

    def _code(self, code: str, place: Place) -> str:
        if code in self._words:
            return self._words[code].in_(self._language)
        if place.option:
            return word_in(place.option, code, self._language) or code
        if place.name in ("charge", "charges"):
            return charge(code, self._language)
        return word(code, self._language, field=place.name, kinds=self._kinds)

    def _cell(self, name: str, value: object) -> str:
        """A value in a table, where no template says how: by the name of its field."""
        if value is None or value == "":
            return "–"
        if isinstance(value, bool):
            return "✓" if value else "–"
        if name.endswith("_fen"):
            return fen_words(value, "")
        if _several(value):
            return joined([self._cell(name, item) for item in value], self._language)
        if isinstance(value, str) and not name.endswith("_no"):
            return self._code(value, Place((name,), "code", ""))
        return self._plain(name, value)

    def _chain(self, value: object) -> str:
        if isinstance(value, dict):
            value = msgspec.convert(value, Deadline)
        if not isinstance(value, Deadline):
            return NOTHING
        return chain(value, self._language, self._calendar)


def value_at(facts: object, path: tuple[str, ...]) -> object:
    """The value at a path; None where nothing is."""
    for name in path:
        facts = facts.get(name) if isinstance(facts, dict) else getattr(facts, name, None)
    return facts


def _several(value: object) -> TypeGuard[Sequence[object]]:
    """Whether it is a list, of a struct or of what JSON made of one."""
    return isinstance(value, list | tuple)


def _items(value: object) -> Sequence[object]:
    return value if _several(value) else ()


def _about_nothing(template: str, facts: object) -> bool:
    return any(
        value_at(facts, part.path) in (None, (), [], "")
        for part in parse(template)
        if isinstance(part, Place) and part.renderer != "given"
    )
