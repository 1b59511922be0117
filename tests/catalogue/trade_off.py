"""What a score trades: precision and recall at other thresholds than the card's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from detectors.framework.card import Card
from detectors.framework.coverage import Knowledge
from detectors.framework.dossier import Dossier
from detectors.framework.registry import Catalogue
from detectors.framework.ruleset import RuleSet
from schemas.subject import Tokens
from streams.district import District, rules
from tests.catalogue.final import found_in, statuses


class Scored(NamedTuple):
    """A rule that is a score or a count: it holds from a threshold on, which is a choice."""

    model: str
    rule: str
    parameter: str
    values: tuple[int, ...]  #: besides the card's
    field: str = ""  #: of a parameter that is a table
    leave: str = ""  #: the parameter at which it ends, which goes with the threshold

    def overrides(self, card: Card, value: int) -> dict[str, list[dict[str, Any]]]:
        """The rows of the card with another threshold."""
        changed = {self.parameter: _with(card, self.parameter, self.field, value)}
        if self.leave:
            apart = self.own(card) - int(_rows(card, self.leave)[-1]["value"])
            changed[self.leave] = _with(card, self.leave, "", value - apart)
        return changed

    def own(self, card: Card) -> int:
        """The card's threshold."""
        value = _rows(card, self.parameter)[-1]["value"]
        return int(value[self.field] if self.field else value)


SCORES = (
    Scored("D05", "batch", "enter", (30, 40, 50, 70, 80, 90), leave="leave"),
    Scored("D06", "listed", "court_1y", (5, 8, 12, 15), field="suits"),
    Scored("D13", "ring", "ring_enter", (3, 4, 6, 7, 8), leave="ring_leave"),
)


def _rows(card: Card, parameter: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = msgspec.to_builtins(card.parameters[parameter], enc_hook=str)
    return rows


def _with(card: Card, parameter: str, field: str, value: int) -> list[dict[str, Any]]:
    return [
        {**row, "value": {**row["value"], field: value} if field else value}
        for row in _rows(card, parameter)
        if row.get("value") is not None
    ]


class Point(msgspec.Struct, frozen=True):
    """What one threshold finds on the last day."""

    value: int
    card: bool  #: whether it is the card's own
    planted: int
    found: int
    false: int

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.false) if self.found + self.false else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.planted if self.planted else 1.0


class TradeOff(msgspec.Struct, frozen=True):
    model: str
    rule: str
    parameter: str
    points: tuple[Point, ...]


def trade_off(
    scored: Scored,
    catalogue: Catalogue,
    district: District,
    dossiers: Mapping[str, Dossier],
    knowledge: Knowledge,
    tokens: Tokens,
) -> TradeOff:
    """The rule over the dossiers of the last day at each threshold, against what was planted."""
    card, day = catalogue.model(scored.model).card, district.window.until
    own, points = scored.own(card), []
    for value in sorted({*scored.values, own}):
        overrides = {scored.model: scored.overrides(card, value)}
        ruleset = RuleSet(
            catalogue.only([scored.model]), msgspec.structs.replace(rules(), overrides=overrides)
        )
        found = {
            name: status
            for name, status in statuses(found_in(dossiers, knowledge, day, ruleset)).items()
            if name[1] == scored.rule
        }
        planned = district.truth.of(scored.model, scored.rule)
        scores = planned.score(found, tokens.subject, day)
        points += [
            Point(value, value == own, score.planted, score.found, len(score.false))
            for score in scores
        ]
    name = f"{scored.parameter}.{scored.field}" if scored.field else scored.parameter
    return TradeOff(scored.model, scored.rule, name, tuple(points))
