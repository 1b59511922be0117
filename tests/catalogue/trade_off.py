"""What a score trades: precision and recall at other thresholds than the card's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec

from detectors.framework.coverage import Knowledge
from detectors.framework.dossier import Dossier
from detectors.framework.registry import Catalogue
from detectors.framework.ruleset import RuleSet
from schemas.subject import Tokens
from streams.district import District, rules
from tests.catalogue.final import found_in, statuses


class Scored(NamedTuple):
    """A rule that is a score: it holds from a threshold on, which is a choice and no law."""

    model: str
    rule: str
    parameter: str
    values: tuple[Any, ...]  #: besides the card's


SCORES: tuple[Scored, ...] = ()


class Point(msgspec.Struct, frozen=True):
    """What one threshold finds on the last day."""

    value: str
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
    model = catalogue.model(scored.model)
    rows: list[dict[str, Any]] = msgspec.to_builtins(
        model.card.parameters[scored.parameter], enc_hook=str
    )
    own = rows[-1]["value"]
    values = sorted({*scored.values, own})
    points = []
    for value in values:
        overrides = {scored.model: {scored.parameter: [{**row, "value": value} for row in rows]}}
        ruleset = RuleSet(
            catalogue.only([scored.model]), msgspec.structs.replace(rules(), overrides=overrides)
        )
        day: date = district.window.until
        found = statuses(found_in(dossiers, knowledge, day, ruleset))
        points.append(_point(scored, district, found, tokens, day, value, own))
    return TradeOff(scored.model, scored.rule, scored.parameter, tuple(points))


def _point(
    scored: Scored,
    district: District,
    found: Mapping[tuple[str, str, str, str], str],
    tokens: Tokens,
    day: date,
    value: object,
    own: object,
) -> Point:
    of_rule = {name: status for name, status in found.items() if name[1] == scored.rule}
    planned = district.truth.of(scored.model, scored.rule)
    (score,) = planned.score(of_rule, tokens.subject, day) or [None]
    if score is None:
        return Point(str(value), value == own, 0, 0, 0)
    return Point(str(value), value == own, score.planted, score.found, len(score.false))
