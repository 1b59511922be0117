"""The most that may be charged for each day on which a fine is paid late (加处罚款)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from detectors.framework.finding import Outcome
from detectors.framework.spell import Spell, merged
from schemas import CaseStep


class Surcharge(msgspec.Struct, frozen=True):
    """How a surcharge is computed: days late times a share of the fine, and the lawful sum."""

    late: Spell
    per_cent: int  #: of the fine, a day
    days: int  #: counted, those left out taken off
    left_out: int
    daily_fen: int
    computed_fen: int
    lawful_fen: int  #: at most the fine, where the law says so


def most(
    fine_fen: int, share: float, late: Spell, pauses: Iterable[Spell], *, capped: bool
) -> Surcharge:
    """The highest lawful surcharge for days late; those in ``pauses`` are not counted."""
    shared = (late.overlap(pause) for pause in merged(pauses))
    left_out = sum(part.days() or 0 for part in shared if part)
    days = (late.days() or 0) - left_out
    per_cent = round(share * 100)
    computed = fine_fen * per_cent * days // 100
    lawful = min(computed, fine_fen) if capped else computed
    return Surcharge(late, per_cent, days, left_out, fine_fen * per_cent // 100, computed, lawful)


def since_day(spells: Iterable[Spell], first: date) -> list[Spell]:
    """The parts of spells on and after a day, such as that on which a law began to spare them."""
    return [
        Spell(max(spell.since, first), spell.until)
        for spell in spells
        if spell.until is None or spell.until >= first
    ]


class Charged(NamedTuple):
    """What was demanded for late payment, against what the law allows."""

    demand: CaseStep  #: the last that asks too much, or else the last
    lawful: Surcharge
    excess_fen: int
    lowered: CaseStep | None  #: a later demand that asks no more than is lawful

    @property
    def outcome(self) -> Outcome:
        if self.lowered is not None:
            return Outcome.CURED
        return Outcome.HOLDS if self.excess_fen else Outcome.LAPSED


def charged(demands: Sequence[CaseStep], lawful: Callable[[CaseStep], Surcharge]) -> Charged:
    """Judge demands, in the order of their days; there must be one."""
    told = [(demand, lawful(demand)) for demand in demands]
    over = [(d, most) for d, most in told if (d.amount_fen or 0) > most.lawful_fen]
    demand, allowed = over[-1] if over else told[-1]
    lowered = demands[-1] if over and demands[-1] is not demand else None
    return Charged(demand, allowed, max((demand.amount_fen or 0) - allowed.lawful_fen, 0), lowered)
