"""Where an administrative offence becomes a crime: sums, quantities, and how often."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from detectors.framework.grouped import grouped
from detectors.framework.term import Term
from schemas import Penalty

#: What a penalty measures. The fine, and what was confiscated, measure nothing of the act.
_MEASURES = ("goods_fen", "sales_fen", "gain_fen", "tax_fen", "mass_g", "area_m2", "sticks")


class Line(NamedTuple):
    """A crime that begins where ``measure`` of an offence reaches the parameter of that name."""

    parameter: str
    charge: str  #: article of the criminal law
    causes: tuple[str, ...]
    measure: str
    scale: float = 1  #: units of the measure in one unit of the parameter
    land: str = ""  #: parameter that names the kinds of land


class Repeat(NamedTuple):
    """A crime that begins with so many offences, or with one more after so many penalties."""

    times: str  #: parameter
    window: str  #: parameter
    charge: str
    causes: tuple[str, ...]
    penalised: bool  #: penalties are counted, and the offence comes after them
    measure: str = ""  #: of the last offence, that must reach …
    floor: str = ""  #: … this parameter


LINES = (
    Line("shoddy_sales_fen", "140", ("inferior_goods",), "sales_fen"),
    Line("shoddy_unsold_fen", "140", ("inferior_goods",), "unsold_fen"),
    Line("hazardous_waste_t", "338", ("hazardous_waste",), "mass_g", 1_000_000),
    Line("farmland_permanent_mu", "342", ("farmland",), "area_m2", 666.67, "permanent_land"),
    Line("farmland_other_mu", "342", ("farmland",), "area_m2", 666.67, "other_land"),
    Line("tobacco_sales_fen", "225", ("tobacco",), "trade_fen"),
    Line("tobacco_profit_fen", "225", ("tobacco",), "gain_fen"),
    Line("tobacco_sticks", "225", ("tobacco",), "sticks"),
    Line("tax_evasion_fen", "201", ("tax_evasion",), "tax_fen"),
    Line("invoices_fen", "205", ("false_invoices",), "tax_fen"),
    Line("theft_fen", "264", ("theft",), "goods_fen"),
    Line("fraud_fen", "266", ("fraud",), "taken_fen"),
    Line("mining_fen", "343", ("mining",), "trade_fen"),
)
REPEATS = (
    Repeat("theft_times", "theft_window", "264", ("theft",), False),
    Repeat("theft_half_times", "theft_half_window", "264", ("theft",), True, "goods_fen", "half"),
    Repeat("waste_penalties", "waste_window", "338", ("hazardous_waste",), True),
    Repeat("tobacco_penalties", "tobacco_window", "225", ("tobacco",), True, "trade_fen",
           "tobacco_repeat_fen"),
    Repeat("mining_penalties", "mining_window", "343", ("mining",), True),
)  # fmt: skip
UNITS = {"mass_g": "g", "area_m2": "m2", "sticks": "sticks"}


class LineLaw(msgspec.Struct, frozen=True):
    """The parameters of the lines, as part of a model's own terms. Of a range that provinces
    choose from, the highest is used."""

    shoddy_sales_fen: int | None
    shoddy_unsold_fen: int | None
    hazardous_waste_t: int | None
    farmland_permanent_mu: int | None
    farmland_other_mu: int | None
    permanent_land: tuple[str, ...]
    other_land: tuple[str, ...]
    tobacco_sales_fen: int | None
    tobacco_profit_fen: int | None
    tobacco_sticks: int | None
    tax_evasion_fen: int | None
    invoices_fen: int | None
    theft_fen: tuple[int, ...] | None
    fraud_fen: tuple[int, ...] | None
    mining_fen: tuple[int, ...] | None
    theft_times: int | None
    theft_window: Term | None
    theft_half: float | None
    theft_half_times: int
    theft_half_window: Term | None
    waste_penalties: int | None
    waste_window: Term | None
    tobacco_penalties: int | None
    tobacco_window: Term | None
    tobacco_repeat_fen: int | None
    mining_penalties: int | None
    mining_window: Term | None


class Hit(msgspec.Struct, frozen=True):
    """A measure that reaches its line: money, or a quantity in its unit."""

    measure: str
    value_fen: int | None = None
    limit_fen: int | None = None
    value: int | None = None
    limit: int | None = None
    unit: str | None = None


def hits(penalty: Penalty, law: LineLaw) -> dict[str, list[tuple[str, Hit]]]:
    """By charge, the parameters whose line the offence reaches, and by how much."""
    found: dict[str, list[tuple[str, Hit]]] = {}
    for line in LINES:
        if penalty.cause in line.causes and (hit := _hit(line, penalty, law)) is not None:
            found.setdefault(line.charge, []).append((line.parameter, hit))
    return found


def last_run(
    rule: Repeat, penalties: Sequence[Penalty], law_of: Callable[[Penalty], LineLaw]
) -> tuple[Penalty, ...]:
    """The last offence that makes it a crime, behind those that count with it; ``penalties`` in
    the order of the offences."""
    counted = sorted(penalties, key=in_effect) if rule.penalised else penalties
    days = [in_effect(p) if rule.penalised else done_on(p) for p in counted]
    for place in range(len(penalties) - 1, -1, -1):
        last = penalties[place]
        law = law_of(last)
        times, window = getattr(law, rule.times), getattr(law, rule.window)
        if not times or window is None or (rule.penalised and last.act_on is None):
            continue  # without its day it cannot be said to come after the penalties
        first = first_within(days, done_on(last), window)
        end = bisect_left(days, done_on(last)) if rule.penalised else place
        enough = end - first >= times - (not rule.penalised)
        if enough and _reaches(law, rule, last):
            return (*counted[first:end], last)
    return ()


def measured(penalty: Penalty, measure: str) -> int | None:
    """The measure of an offence; None where its record does not tell."""
    goods, sales, gain = penalty.goods_fen, penalty.sales_fen, penalty.gain_fen
    match measure:
        case "unsold_fen":
            return None if goods is None else goods - (sales or 0)
        case "trade_fen":  # 经营数额: what was sold or was there to be sold
            return max((one for one in (goods, sales) if one is not None), default=None)
        case "taken_fen":
            return max((one for one in (goods, gain) if one is not None), default=None)
    value: int | None = getattr(penalty, measure)
    return value


def fullest(penalties: Iterable[Penalty]) -> tuple[Penalty, ...]:
    """Of each decision the row that tells most: the public copy does not measure the offence."""
    return tuple(
        max(rows, key=lambda row: sum(getattr(row, name) is not None for name in _MEASURES))
        for rows in grouped(penalties, "decision_no").values()
    )


def done_on(penalty: Penalty) -> date:
    """The day of the offence; where it is not told, that of the decision."""
    return penalty.act_on or penalty.decided_on


def first_within(days: Sequence[date], last: date, term: Term) -> int:
    """The place of the first of ascending ``days`` whose term, itself counted, still runs on
    ``last``."""
    return bisect_left(days, True, key=lambda day: last < term.after(day))


def in_effect(penalty: Penalty) -> date:
    """The day on which a penalty took effect: its service or, not told, its decision."""
    return penalty.served_on or penalty.decided_on


def _hit(line: Line, penalty: Penalty, law: LineLaw) -> Hit | None:
    """What of the line the offence reaches; a number of the law includes itself (刑法99)."""
    limit = getattr(law, line.parameter)
    value = measured(penalty, line.measure)
    if limit is None or value is None:
        return None
    if line.land and penalty.land_kind not in getattr(law, line.land):
        return None
    least = math.ceil((limit[-1] if isinstance(limit, tuple) else limit) * line.scale)
    if value < least:
        return None
    if line.measure in UNITS:
        return Hit(line.measure, value=value, limit=least, unit=UNITS[line.measure])
    return Hit(line.measure, value_fen=value, limit_fen=least)


def _reaches(law: LineLaw, rule: Repeat, last: Penalty) -> bool:
    """Whether the last offence is large enough, where the law asks for that."""
    if not rule.measure:
        return True
    value = measured(last, rule.measure)
    floor: float | None = getattr(law, rule.floor, None)
    if rule.floor == "half":
        floor = law.theft_fen[-1] * law.theft_half if law.theft_fen and law.theft_half else None
    return value is not None and floor is not None and value >= floor
