"""Checks of a case card (案卡): what is empty, what contradicts itself, what is there twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from schemas import CaseCard, Decision


class Empty(NamedTuple):
    """A field that nobody filled, and the day from which it ought to be filled."""

    field: str
    since: date


def value_of(cards: Iterable[CaseCard], field: str) -> str:
    """What a card says in a field; empty where none has it."""
    return next((value for card in cards for name, value in card.fields if name == field), "")


def empties(
    card: CaseCard, decisions: Sequence[Decision], required: Mapping[str, tuple[str, ...]]
) -> Iterator[Empty]:
    """The empty fields among those required once a case is opened, or decided in some way.

    A card that lacks a field altogether comes from a system that has none: it is not called empty.
    """
    empty = {name for name, value in card.fields if not value.strip()}
    first: dict[str, date] = {"opened": card.opened_on} if card.opened_on else {}
    for decision in decisions:
        first.setdefault(decision.kind, decision.decided_on)
    told: dict[str, date] = {}
    for stage, fields in required.items():
        if stage in first:
            for field in fields:
                if field in empty:
                    told[field] = min(first[stage], told.get(field, date.max))
    yield from (Empty(field, since) for field, since in sorted(told.items()))


def differing(
    card: CaseCard, pairs: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str, str, str]]:
    """Pairs of fields that ought to say the same and do not; what is empty contradicts nothing."""
    values = dict(card.fields)
    for one, other in pairs:
        left, right = values.get(one, "").strip(), values.get(other, "").strip()
        if left and right and left != right:
            yield one, left, other, right
