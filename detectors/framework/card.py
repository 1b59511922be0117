"""A model's card: what it finds, under which law, what it says, and what it cannot know."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from detectors.framework.article import Article, read_rows
from detectors.framework.law import Law
from detectors.framework.term import Term, decode_term
from schemas.errors import CardError

__all__ = ["Article", "Card", "Law", "Respond", "RuleText", "Severity", "Words", "load_card"]

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

#: What a card may declare and a deployment grant, with the law that gates it.
PERMISSIONS = {
    "custody": "detention registers",
    "juvenile": "刑诉法 286; 预防未成年人犯罪法 59",
    "medical": "diagnoses",
    "public_security": "治安管理处罚法 136",
    "sexual_non_prosecution": "relative non-prosecution for sexual offences",
}

Grade = Literal["low", "medium", "high"]
GRADES: tuple[str, ...] = get_args(Grade)


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in both languages."""

    zh: str
    en: str

    def in_(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


class Lists(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list of texts in both languages."""

    zh: tuple[str, ...]
    en: tuple[str, ...]

    def in_(self, language: str) -> tuple[str, ...]:
        return self.zh if language == "zh" else self.en


class Respond(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The next step for one rule, and how long there is for it."""

    zh: str
    en: str
    within: Term | None = None

    def in_(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


class Severity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How grave a finding is: the default, and the amounts from which it is graver."""

    default: Grade = "medium"
    medium_fen: int | None = None
    high_fen: int | None = None


class RuleText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The templates of one rule in one language."""

    title: str
    facts: tuple[str, ...]
    sum: str = ""
    done_late: str = ""  #: title when it was performed late; empty: the title


class References(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to read on: laws, and published models of the same kind."""

    laws: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


class Card(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole card; ``parameters`` maps a name to its rows, ``texts`` a rule and a language."""

    id: str
    family: str
    permissions: tuple[str, ...] = ()
    title: Words
    detects: Words
    supervises: Words
    inputs: dict[str, tuple[str, ...]]
    lists: dict[str, Words] = {}  #: reference lists that the code asks: what belongs into each
    parameters: dict[str, tuple[Article, ...]]
    misses: Lists
    false_positives: Lists
    excuses: dict[str, Words] = {}
    words: dict[str, Words] = {}  #: of codes that only this model's facts have
    respond: dict[str, Respond]
    severity: Severity
    texts: dict[str, dict[str, RuleText]]
    references: References

    @property
    def rules(self) -> tuple[str, ...]:
        return tuple(self.texts)

    def severity_of(self, amount_fen: int, raised: str = "") -> str:
        """The default, raised by the amount and by what the finding says; never lowered."""
        grades: list[str] = [self.severity.default]
        for grade, floor in (
            ("medium", self.severity.medium_fen),
            ("high", self.severity.high_fen),
        ):
            if floor is not None and amount_fen >= floor:
                grades.append(grade)
        if raised:
            grades.append(raised)
        return max(grades, key=GRADES.index)


def load_card(path: Path) -> Card:
    """Read a card. Raises :class:`CardError` with every mistake and its place."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CardError(f"{path}: {error}") from error
    return read_card(raw, str(path))


def read_card(raw: Mapping[str, Any], source: str) -> Card:
    """Check a card that is already parsed; ``source`` names it in the error."""
    reading = _Reading()
    fields = {field.name: field for field in msgspec.structs.fields(Card)}
    for name in sorted(raw.keys() - fields.keys()):
        reading.mistakes.append(
            f"{name}: no such part of a card; the parts are {', '.join(fields)}"
        )
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name not in raw:
            if field.required:
                reading.mistakes.append(f"{name}: missing")
        elif name == "parameters":
            values[name] = reading.table(raw[name], name, reading.rows)
        elif name == "texts":
            values[name] = reading.table(raw[name], name, reading.texts)
        elif name in ("excuses", "lists", "respond", "words"):
            kind = Respond if name == "respond" else Words
            values[name] = reading.table(
                raw[name], name, lambda v, p, k=kind: reading.part(v, p, k)
            )
        else:
            values[name] = reading.part(raw[name], name, field.type)
    if not reading.mistakes:
        reading.mistakes.extend(_mistakes(Card(**values)))
    if reading.mistakes:
        raise CardError("\n".join(f"{source}: {mistake}" for mistake in reading.mistakes))
    return Card(**values)


class _Reading:
    """Reads a card part by part, so that one mistake does not hide the next."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []

    def part(self, value: object, place: str, kind: Any) -> Any:
        try:
            return msgspec.convert(value, kind, dec_hook=decode_term)
        except msgspec.ValidationError as error:
            self.mistakes.append(f"{place}: {error}")
            return None

    def table(self, value: object, place: str, read: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            self.mistakes.append(f"{place}: a table of names")
            return {}
        return {name: read(item, f"{place}.{name}") for name, item in value.items()}

    def rows(self, value: object, place: str) -> tuple[Article, ...]:
        return read_rows(value, place, self.mistakes)

    def texts(self, value: object, place: str) -> dict[str, RuleText]:
        found: dict[str, RuleText] = self.table(
            value, place, lambda v, p: self.part(v, p, RuleText)
        )
        for language in LANGUAGES:
            if language not in found:
                self.mistakes.append(f"{place}.{language}: missing; a rule speaks both languages")
        for other in sorted(found.keys() - set(LANGUAGES)):
            self.mistakes.append(f"{place}.{other}: languages are {' and '.join(LANGUAGES)}")
        return found


def _mistakes(card: Card) -> list[str]:
    """What only the whole card can show."""
    found = []
    if not re.fullmatch(r"[\w-]+", card.id):
        found.append(f"id: {card.id!r} is made of letters, digits, - and _")
    for name in card.permissions:
        if name not in PERMISSIONS:
            found.append(f"permissions: {name!r} is none of {', '.join(PERMISSIONS)}")
    for rule in sorted(card.texts.keys() - card.respond.keys()):
        found.append(f"respond.{rule}: missing; every rule says what to do")
    for rule in sorted(card.respond.keys() - card.texts.keys()):
        found.append(f"respond.{rule}: there are no texts.{rule}")
    for language in LANGUAGES:
        if not card.false_positives.in_(language):
            found.append(f"false_positives.{language}: at least one innocent explanation")
    for place, words in (
        ("title", card.title), ("detects", card.detects), ("supervises", card.supervises),
        *((f"excuses.{code}", words) for code, words in card.excuses.items()),
        *((f"lists.{name}", words) for name, words in card.lists.items()),
    ):  # fmt: skip
        found += [f"{place}.{lang}: empty" for lang in LANGUAGES if not words.in_(lang).strip()]
    for rule, texts in card.texts.items():
        zh, en = texts["zh"], texts["en"]
        if bool(zh.done_late) != bool(en.done_late):
            found.append(f"texts.{rule}: done_late stands in one language only")
        if len(zh.facts) != len(en.facts):
            found.append(f"texts.{rule}: {len(zh.facts)} facts in zh, {len(en.facts)} in en")
    grave = card.severity
    if (
        grave.medium_fen is not None
        and grave.high_fen is not None
        and grave.medium_fen >= grave.high_fen
    ):
        found.append("severity: medium_fen must lie below high_fen")
    return found
