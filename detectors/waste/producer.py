"""What one organisation bought, handed over and keeps, and what must have arisen of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import accumulate

import msgspec

from detectors import Dossier, Spell, Term
from schemas import Company, MaterialFlow, Penalty


class WasteLaw(msgspec.Struct, frozen=True):
    manifest: bool | None
    litres: int
    within: Term
    density_g_per_l: int
    yield_pct: int
    enter_pct: int
    leave_pct: int
    storage: Term | None
    broker_sectors: tuple[str, ...]


class Producer:
    """What one organisation bought, handed over and declared, with running sums."""

    def __init__(self, dossier: Dossier, flows: Sequence[MaterialFlow]) -> None:
        self.purchases = [f for f in flows if f.kind == "purchase" and f.volume_ml]
        self.manifests = [f for f in flows if f.kind == "manifest"]
        self.stocks = [f for f in flows if f.kind in ("stock", "declaration")]
        self.company = next(reversed(dossier.of(Company)), None)
        self.penalties = dossier.of(Penalty, cause="hazardous_waste", annulled_on=None)
        self._bought = _sums(self.purchases, "volume_ml")
        self._handed = _sums(self.manifests, "mass_g")

    def unaccounted(self) -> Sequence[MaterialFlow]:
        """What was bought since the last manifest: what it was made for is not told apart."""
        days = [flow.on for flow in self.purchases]
        return (
            self.purchases[bisect_right(days, self.manifests[-1].on) :]
            if self.manifests
            else (self.purchases)
        )

    def litres(self, spell: Spell) -> int:
        return _between(self._bought, spell) // 1000

    def handed_kg(self, spell: Spell) -> int:
        return _between(self._handed, spell) // 1000

    def stock_kg(self, spell: Spell) -> int:
        """The last stock that was declared inside, which the law lets a producer keep."""
        inside = [f.mass_g or 0 for f in self.stocks if f.on in spell]
        return inside[-1] // 1000 if inside else 0

    def trades_only(self, law: WasteLaw) -> bool:
        """Whether it sells the material on: no waste arises where nothing is used."""
        sectors = self.company.sectors if self.company else ()
        return bool(sectors) and all(s.startswith(law.broker_sectors) for s in sectors)

    @property
    def agency(self) -> str:
        return self.purchases[-1].source.agency

    @property
    def region(self) -> str:
        return self.purchases[-1].source.region


def expected_kg(law: WasteLaw, litres: int) -> int:
    return litres * law.density_g_per_l * law.yield_pct // 100_000


def _sums(flows: Sequence[MaterialFlow], field: str) -> tuple[list[date], list[int]]:
    """The days in order, and the running sum of a field from nothing on."""
    amounts = [getattr(flow, field) or 0 for flow in flows]
    return [flow.on for flow in flows], [0, *accumulate(amounts)]


def _between(sums: tuple[list[date], list[int]], spell: Spell) -> int:
    days, running = sums
    first = bisect_left(days, spell.since)
    last = len(days) if spell.until is None else bisect_right(days, spell.until)
    return running[max(last, first)] - running[first]
