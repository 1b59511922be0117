"""Whom or what an alert is about: as everybody may see it, and the number in clear."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detectors.framework.merged import hops_of
from detectors.framework.remembered import Subject
from schemas.identifiers import mask_name, mask_number
from schemas.keys import identity_fields
from schemas.numbers import printed
from schemas.record import Record
from schemas.subject import Tokens


def party_of(
    subject: str, known: Subject, tokens: Tokens, names: Mapping[str, str]
) -> tuple[str, str]:
    """The number in clear, and name and number for display; ``names`` is what agencies are called.

    A person is shown masked, a case and a project by number, a pair by the values it is made of.
    """
    kind, _, key = subject.partition(":")
    if kind == "person":
        return _person(known, tokens, key)
    if kind == "pair":
        return "", _pair(subject, known, tokens)
    if kind == "case":
        return printed(key), printed(key)
    if kind == "agency":
        name = names.get(key, "")
    else:
        called = (row.called(key) for row in known.dossier.all() if kind in _about(row, key))
        name = next(filter(None, called), "")
    shown = printed(key) if kind == "project" else key
    return shown, f"{name}（{shown}）" if name else shown


def former_numbers(rows: Iterable[Record], known: Subject, tokens: Tokens) -> tuple[str, ...]:
    """The former numbers, masked, under which some of these rows stand."""
    merged = known.merged
    if merged is None:
        return ()
    former = merged.former()
    found = {
        number
        for row in rows
        if hops_of(known.row(row.source.feed, row.source.key))
        for number in _numbers(row)
        if tokens.person(number) in former
    }
    return tuple(sorted({mask_number(number) for number in found}))


def _person(known: Subject, tokens: Tokens, key: str) -> tuple[str, str]:
    number = name = ""
    for row in known.dossier.all():
        found = next((one for one in _numbers(row) if tokens.person(one) == key), "")
        if found:
            number = number or found
            name = name or row.called(found)
            if name:
                break
    shown = mask_number(number)
    return number, f"{mask_name(name)}（{shown}）" if name else shown


def _numbers(row: Record) -> Iterable[str]:
    """The numbers in the fields of a row that may name a person to whom it is routed."""
    for field in identity_fields(type(row)):
        value = getattr(row, field)
        for number in value if isinstance(value, tuple) else (value,):
            if number:
                yield str(number)


def _pair(subject: str, known: Subject, tokens: Tokens) -> str:
    for row in known.dossier.all():
        for field in row.ROUTES.get("pair", ()):
            value = getattr(row, field)
            for one in value if isinstance(value, tuple) else (value,):
                if one and tokens.subject("pair", one) == subject:
                    return str(one)
    return ""


def _about(row: Record, key: str) -> set[str]:
    """As what kinds of subject a row names the key."""
    kinds = set()
    for kind, fields in row.ROUTES.items():
        for field in fields:
            value = getattr(row, field)
            if value == key or (isinstance(value, tuple) and key in value):
                kinds |= {"person", "organisation"} if kind == "party" else {kind}
    return kinds
