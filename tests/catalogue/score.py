"""Planted against found of each model over the whole time, and who raised what was not planted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from detectors.framework.registry import Catalogue
from schemas.subject import Tokens
from streams.district import District, Expected
from tests.catalogue.cost import Costs, percentile
from tests.catalogue.ledger import Alert, Ledger, as_planned


class Line(msgspec.Struct, frozen=True):
    """One model on the district."""

    model: str
    planted: int
    found: int  #: planted and told, with every status that the plan has, when the plan has it
    false: int  #: told and never planted
    withdrawn: int  #: of those found, how many ended again: withdrawn, lapsed, no longer so
    cured: int
    look_alikes: int  #: played
    raised: int  #: false alerts that rest on rows of a look-alike
    evaluations: int
    p50_us: float
    p99_us: float

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.false) if self.found + self.false else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.planted if self.planted else 1.0


class Mistake(msgspec.Struct, frozen=True):
    """A planted alert that was not told as planned, or one that nobody planted."""

    model: str
    rule: str
    life: str
    what: str


def lines(
    district: District, catalogue: Catalogue, ledger: Ledger, tokens: Tokens, costs: Costs
) -> tuple[list[Line], list[Mistake]]:
    """The table, and what is wrong in it."""
    until, mistakes = district.window.until, []
    found: dict[str, list[Expected]] = {}
    told: set[int] = set()
    for plan, alert in ledger.matched(list(district.truth), tokens.subject):
        if alert is not None:
            told.add(id(alert))
        if alert is not None and as_planned(plan, alert, until):
            found.setdefault(plan.model, []).append(plan)
        else:
            said = "not told" if alert is None else f"told as {alert.steps}, planned {plan.steps}"
            mistakes.append(Mistake(plan.model, plan.rule, plan.life, said))
    authors = district.authors(tokens.subject)
    false, raised = Counter[str](), Counter[str]()
    for alert in (alert for alert in ledger if id(alert) not in told):
        lives = _lives(alert, authors)
        false[alert.name[0]] += 1
        raised[alert.name[0]] += any(sort == "look_alike" for sort, _ in lives)
        wrote = ", ".join(sorted({name for _, name in lives})) or "nobody"
        mistakes.append(Mistake(*alert.name[:2], wrote, f"never planted: {alert.name[3]}"))
    planted = Counter(plan.model for plan in district.truth)
    look_alikes = Counter[str]()
    for (sort, model, _), count in district.played.items():
        look_alikes[model] += count * (sort == "look_alike")
    table = [
        Line(
            model,
            planted[model],
            len(found.get(model, ())),
            false[model],
            _with_status("", found.get(model, ())),
            _with_status("cured", found.get(model, ())),
            look_alikes[model],
            raised[model],
            len(costs[model]),
            round(percentile(costs[model], 0.5), 1),
            round(percentile(costs[model], 0.99), 1),
        )
        for model in (one.id for one in catalogue.models)
    ]
    return table, mistakes


def _lives(alert: Alert, authors: dict) -> set[tuple[str, str]]:  # type: ignore[type-arg]
    wrote = (authors.get(row) for row in alert.rows)
    return {(life.sort, life.name) for life in wrote if life is not None}


def _with_status(status: str, plans: Iterable[Expected]) -> int:
    return sum(any(told == status for _, told in plan.steps) for plan in plans)
