"""Checks a rule's templates against the facts it prints: no unknown place, no unprinted field."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import date
from typing import Any, Union, get_args, get_origin

import msgspec

from detectors.framework.calendar import Deadline
from detectors.framework.card import LANGUAGES, Card, RuleText
from detectors.framework.spell import Spell
from detectors.framework.template import Place, TemplateError, parse
from detectors.framework.term import Term
from detectors.framework.words import word_in
from schemas.errors import CardError

#: Renderer to the types it takes; ``struct`` is any struct of the model's own.
RENDERERS: dict[str, tuple[object, ...]] = {
    "age": (str,),
    "": (str, int, float, bool, date, Spell),
    "chain": (Deadline,),
    "code": (str,),
    "count": (),
    "date": (date,),
    "each": (),
    "fen": (int,),
    "given": (),
    "matrix": ("struct",),
    "month": (date,),
    "months": ("struct",),
    "no": (str,),
    "party": (str,),
    "percent": (float, int),
    "plural": (int,),
    "spell": (Spell,),
    "table": ("struct",),
    "term": (str,),
}
_LISTS = ("count", "each", "matrix", "months", "table")
_WHOLE = (Deadline, Spell)  # one printed part of these prints enough


def check_texts(card: Card, rule: str, facts_type: type[msgspec.Struct]) -> None:
    """Raise :class:`CardError` with every mistake in the templates of ``rule``."""
    texts = card.texts.get(rule)
    if texts is None:
        raise CardError(f"model {card.id}: no texts.{rule}; there are {', '.join(card.texts)}")
    mistakes = list(_unencodable(facts_type, ()))
    for language in LANGUAGES:
        printed: set[tuple[str, ...]] = set()
        for part, template in _templates(texts[language]):
            place = f"texts.{rule}.{language}.{part}"
            mistakes += [f"{place}: {m}" for m in _check(template, facts_type, (), printed)]
        mistakes += [
            f"texts.{rule}.{language}: {facts_type.__name__}.{'.'.join(path)} is printed nowhere"
            for path in _leaves(facts_type, ())
            if not any(path[: len(done)] == done or done[: len(path)] == path for done in printed)
        ]
    if mistakes:
        raise CardError("\n".join(f"model {card.id}: {mistake}" for mistake in mistakes))


def _templates(text: RuleText) -> Iterator[tuple[str, str]]:
    yield "title", text.title
    yield "done_late", text.done_late
    for number, fact in enumerate(text.facts):
        yield f"facts[{number}]", fact
    yield "sum", text.sum


def _check(
    template: str, kind: Any, above: tuple[str, ...], printed: set[tuple[str, ...]]
) -> Iterator[str]:
    try:
        parts = parse(template)
    except TemplateError as error:
        yield str(error)
        return
    for part in parts:
        if isinstance(part, Place):
            yield from _check_place(part, kind, above, printed)


def _check_place(
    place: Place, kind: Any, above: tuple[str, ...], printed: set[tuple[str, ...]]
) -> Iterator[str]:
    shown = "{" + ".".join(place.path) + (f":{place.renderer}" if place.renderer else "") + "}"
    whole = kind
    for name in place.path:
        fields = _fields(_item(kind)[0])
        if name not in fields:
            yield f"{shown}: no such fact; there are {', '.join(fields) or 'none below'}"
            return
        kind = fields[name]
    if place.renderer not in RENDERERS:
        yield f"{shown}: no such renderer; there are {', '.join(filter(None, RENDERERS))}"
        return
    item, several = _item(kind)
    path = (*above, *place.path)
    if place.renderer in _LISTS and not several:
        yield f"{shown}: {place.renderer} needs a list"
    elif place.renderer == "each":
        yield from _check(place.option, item, path, printed)
    elif place.renderer == "given":
        if item is bool:
            printed.add(path)  # that it is said at all tells it
        yield from _check(place.option, whole, above, printed)
    elif place.renderer != "count" and not (several and place.renderer == "plural"):
        columns = [part.partition("=")[0].strip() for part in place.option.split(",") if part]
        picked = columns if "struct" in RENDERERS[place.renderer] else []
        printed.update([(*path, name) for name in picked] or [path])
        wanted = RENDERERS[place.renderer]
        if not (item in wanted or ("struct" in wanted and _fields(item))):
            name = getattr(item, "__name__", item)
            yield f"{shown}: cannot print {name}; choose a renderer for it"
        elif place.name.endswith("_fen") and place.renderer == "":
            yield f"{shown}: an amount in fen is printed with :fen"
        elif "struct" in wanted and place.option:
            yield from _check_columns(place.option, item, shown)
        elif "struct" in wanted:
            yield from (
                f"{shown}: column {name!r} has no word; name it in the option"
                for name in _fields(item)
                if word_in("field", name, "zh") is None
            )


def _check_columns(option: str, item: Any, shown: str) -> Iterator[str]:
    fields = _fields(item)
    for part in option.split(","):
        name = part.partition("=")[0].strip()
        if name not in fields:
            yield f"{shown}: no column {name!r}; there are {', '.join(fields)}"


def _leaves(kind: Any, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The fields that must be printed, those of the model's own structs one by one."""
    for name, inner in _fields(kind).items():
        item, _ = _item(inner)
        if _fields(item) and item not in _WHOLE:
            yield from _leaves(item, (*above, name))
        else:
            yield (*above, name)


def _unencodable(kind: Any, above: tuple[str, ...]) -> Iterator[str]:
    for name, inner in _fields(kind).items():
        item, _ = _item(inner)
        path = (*above, name)
        if item is Term:
            yield f"{'.'.join(path)}: facts are encoded; write str, and fill it with term.text"
        elif _fields(item) and item not in _WHOLE:
            yield from _unencodable(item, path)


def _fields(kind: Any) -> dict[str, Any]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return {field.name: field.type for field in msgspec.structs.fields(kind)}
    return {}


def _item(kind: Any) -> tuple[Any, bool]:
    """The type without None, of one item where it is a list, and whether it is one."""
    if get_origin(kind) in (Union, types.UnionType):
        inner = [arm for arm in get_args(kind) if arm is not type(None)]
        return _item(inner[0]) if len(inner) == 1 else (kind, False)
    if get_origin(kind) in (tuple, list):
        return _item(get_args(kind)[0])[0], True
    if isinstance(kind, type) and issubclass(kind, str) and kind is not Term:
        return str, False  # codes may be enumerations
    return kind, False
