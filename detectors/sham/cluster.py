"""The suits against one defendant, and what a signal may ask of any window of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import Any, NamedTuple

import msgspec

from detectors.framework.dossier import Dossier
from detectors.framework.spell import Spell
from detectors.framework.term import Term
from schemas import CivilCase, Claimant, CompanyEvent, Enrolment, Execution, Record

WAGE_CAUSES = ("追索劳动报酬纠纷", "劳动合同纠纷", "劳务合同纠纷")

#: Closings by agreement: nobody tried whether the claim is true.
AGREED = ("mediation", "confirmation")

#: A law firm acts for many. That one who is no lawyer does is the mark.
OUTSIDERS = ("employee", "citizen")


class Known(msgspec.Struct, frozen=True):
    """What the registers and lists say, besides the suits themselves."""

    claimants: Mapping[str, Sequence[Claimant]]  #: by case
    insured: Mapping[str, Sequence[Spell]]  #: by person, with this defendant
    insurance: Sequence[Spell]  #: in which all insurances of the plaintiffs are known
    distress: Sequence[date]  #: others enforce, or a petition for bankruptcy; in order
    blacklist: frozenset[str]
    quick: Term
    worked: Term  #: so long before a suit, an insurance is looked for


class Mark(NamedTuple):
    """What one suit shows."""

    agents: tuple[str, ...]
    blacklisted: bool
    quick: bool
    absent: bool
    uninsured: bool
    unlikely: bool


class Cluster:
    """Suits in the order of filing, with a window that moves on over them and never back."""

    def __init__(self, suits: Sequence[CivilCase], known: Known) -> None:
        self.suits, self._known = suits, known
        self._marks = [_mark(suit, known) for suit in suits]
        self._sums: dict[str, list[int]] = {
            name: list(accumulate((getattr(m, name) for m in self._marks), initial=0))
            for name in Mark._fields[1:]
        }
        self._first = self._last = 0
        self._amounts: list[int] = []
        self._distinct: Counter[int] = Counter()
        self._agents: Counter[str] = Counter()

    def move(self, first: int, last: int) -> None:
        """Let the window hold the suits from place ``first`` to before ``last``."""
        for at in range(self._last, last):
            if (amount := self.suits[at].amount_fen) is not None:
                insort(self._amounts, amount)
                self._distinct[amount] += 1
            self._agents.update(self._marks[at].agents)
        for at in range(self._first, first):
            if (amount := self.suits[at].amount_fen) is not None:
                del self._amounts[bisect_left(self._amounts, amount)]
                _take(self._distinct, amount)
            for agent in self._marks[at].agents:
                _take(self._agents, agent)
        self._first, self._last = first, last

    def __len__(self) -> int:
        return self._last - self._first

    def marked(self, name: str) -> int:
        """How many of the suits in the window show it."""
        sums = self._sums[name]
        return sums[self._last] - sums[self._first]

    def agent(self) -> tuple[str, int]:
        """Who acts for the plaintiffs in most of the suits, and in how many."""
        best = max(self._agents, key=self._agents.__getitem__, default="")
        return best, self._agents[best] if best else 0

    def amounts(self) -> tuple[int, int, int, int]:
        """How many claims have a sum, how many sums differ, the least and the greatest."""
        if not self._amounts:
            return 0, 0, 0, 0
        return len(self._amounts), len(self._distinct), self._amounts[0], self._amounts[-1]

    def distress(self, within: Term) -> int:
        """How many other executions and petitions for bankruptcy lie so near to the suits."""
        since = within.before(self.suits[self._first].filed_on)
        until = within.after(self.suits[self._last - 1].filed_on)
        events = self._known.distress
        return bisect_right(events, until) - bisect_left(events, since)

    def insurance_known(self) -> bool:
        """Whether it is known of these suits that an insurance which is not there never was."""
        day = self.suits[self._first].filed_on
        return any(day in spell for spell in self._known.insurance)


def distress_of(dossier: Dossier, own: set[str]) -> list[Record]:
    """Executions for others than those who sue, and petitions for bankruptcy."""
    rows: list[Record] = [
        row
        for row in dossier.of(Execution)
        if dossier.is_subject(row.debtor) and row.base_no not in own
    ]
    rows += dossier.of(CompanyEvent, kind="bankruptcy_applied")
    return sorted(rows, key=lambda row: row.day)


def insured_with(enrolments: Iterable[Enrolment]) -> dict[str, list[Spell]]:
    """The insurances of each person with the defendant; one paid up later proves no work."""
    found: dict[str, list[Spell]] = {}
    for enrolment in enrolments:
        if not enrolment.back_paid:
            spell = Spell(enrolment.since, enrolment.until)
            found.setdefault(enrolment.person, []).append(spell)
    return found


def _mark(suit: CivilCase, known: Known) -> Mark:
    places = zip(suit.agents, suit.agent_kinds, suit.agent_sides, strict=False)
    agents = tuple(a for a, kind, side in places if kind in OUTSIDERS and side == "plaintiff")
    last = known.quick.after(suit.filed_on)
    worked = Spell(known.worked.before(suit.filed_on), suit.filed_on)
    claimants = known.claimants.get(suit.case_no, ())
    # A claimant insured under another number is known to be by the own dossier.
    insured = any(c.employed_here for c in claimants) or any(
        worked.meets(s) for p in suit.plaintiffs for s in known.insured.get(p, ())
    )
    return Mark(
        agents,
        any(agent in known.blacklist for agent in agents),
        suit.close_mode in AGREED and suit.closed_on is not None and suit.closed_on <= last,
        suit.absent_defendant,
        suit.cause in WAGE_CAUSES and not insured,
        any(
            c.minor or c.disabled or (c.insured_elsewhere and not c.employed_here)
            for c in claimants
        ),
    )


def _take(counter: Counter[Any], key: int | str) -> None:
    """Count one less, and forget what is counted no more."""
    counter[key] -= 1
    if not counter[key]:
        del counter[key]
