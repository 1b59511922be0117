"""Planted against found: the district's truth, which knows no detector, against Redis."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from schemas.alert import Transition
from schemas.subject import Tokens
from streams.district import District, Expected


@dataclass(frozen=True, slots=True)
class Line:
    """One rule of one model."""

    model: str
    rule: str
    planted: int = 0  #: alerts that must stand at the end
    found: int = 0  #: of these, alerts that do, with the right status
    missing: tuple[Expected, ...] = ()
    wrong: tuple[tuple[Expected, str], ...] = ()  #: stand, but with this status
    false: tuple[Transition, ...] = ()  #: stand and were never planted
    gone: int = 0  #: planted to be withdrawn or to end before the last day, and gone

    @property
    def recall(self) -> float:
        return self.found / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        standing = self.found + len(self.wrong) + len(self.false)
        return (standing - len(self.false)) / standing if standing else 1.0

    @property
    def right(self) -> bool:
        """Nothing missing, nothing wrong, nothing too much."""
        return not (self.missing or self.wrong or self.false)


@dataclass(frozen=True, slots=True)
class Verdict:
    """All lines, and what was not judged because it changes around the last day."""

    lines: tuple[Line, ...]
    look_alikes: dict[str, dict[str, int]] = field(default_factory=dict)  #: model: life: how many
    unsettled: int = 0

    @property
    def right(self) -> bool:
        return all(line.right for line in self.lines)

    def models(self) -> tuple[str, ...]:
        return tuple(sorted({line.model for line in self.lines}))

    def total(self, model: str = "") -> Line:
        """All lines in one, or those of one model."""
        lines = [line for line in self.lines if model in ("", line.model)]
        return Line(
            model,
            "",
            sum(line.planted for line in lines),
            sum(line.found for line in lines),
            tuple(one for line in lines for one in line.missing),
            tuple(one for line in lines for one in line.wrong),
            tuple(one for line in lines for one in line.false),
            sum(line.gone for line in lines),
        )


def judge(district: District, alerts: Iterable[Transition], tokens: Tokens, day: date) -> Verdict:
    """Compare by model, rule, subject and, where the plan names it, obligation; each alert once.

    Clues about an agency are left out: they count other alerts, and nobody plants them.
    """
    standing: dict[tuple[str, str, str], list[Transition]] = defaultdict(list)
    for alert in alerts:
        if alert.status.active and not alert.subject.startswith("agency:"):
            standing[alert.model, alert.rule, alert.subject].append(alert)
    found: dict[tuple[str, str], dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
    unsettled = 0
    # Those that must stand take theirs first, so that what is left over is false.
    for expected in sorted(
        district.truth, key=lambda one: (not one.obligation, not one.status(day))
    ):
        rule = found[expected.model, expected.rule]
        name = (expected.model, expected.rule, expected.subject(tokens.subject))
        candidates, status = standing.get(name, []), expected.status(day)
        if wanted := expected.obligation_in(tokens.subject):
            candidates = [one for one in candidates if one.obligation == wanted]
        if not expected.settled(day):
            unsettled += 1
            if candidates:
                standing[name].remove(candidates[-1])
        elif not status:
            rule["gone"].append(expected)
        elif not candidates:
            rule["missing"].append(expected)
        else:
            standing[name].remove(_take(rule, candidates, expected, status))
    for (model, rule_name, _), left in standing.items():
        found[model, rule_name]["false"] += left
    lines = tuple(_line(model, rule, said) for (model, rule), said in sorted(found.items()))
    return Verdict(lines, _look_alikes(district), unsettled)


def _take(
    rule: dict[str, list[object]], candidates: list[Transition], expected: Expected, status: str
) -> Transition:
    """The alert with the right status if there is one, else any."""
    alert = next((one for one in candidates if one.status == status), candidates[-1])
    if alert.status == status:
        rule["found"].append(expected)
    else:
        rule["wrong"].append((expected, str(alert.status)))
    return alert


def _line(model: str, rule: str, said: dict[str, list[object]]) -> Line:
    counts = {name: tuple(said.get(name, ())) for name in ("missing", "wrong", "false")}
    found = len(said.get("found", ()))
    planted = found + len(counts["missing"]) + len(counts["wrong"])
    gone = len(said.get("gone", ()))
    return Line(model, rule, planted, found, gone=gone, **counts)  # type: ignore[arg-type]  # as filled


def _look_alikes(district: District) -> dict[str, dict[str, int]]:
    played: dict[str, Counter[str]] = defaultdict(Counter)
    for (sort, model, name), count in sorted(district.played.items()):
        if sort == "look_alike":
            played[model][name] += count
    return {model: dict(counts) for model, counts in sorted(played.items())}
