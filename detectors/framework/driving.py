"""Driving licences: when one is valid, what costs it, and how long none may be obtained again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from datetime import date
from itertools import accumulate
from typing import NamedTuple

import msgspec

from detectors.framework.dossier import Dossier
from detectors.framework.grouped import by_number
from detectors.framework.spell import DAY, Spell
from detectors.framework.spells import Spells
from detectors.framework.term import Term
from schemas import DrugOrder, Judgment, Licence, Penalty, Record, TrafficCheck

CRASH = frozenset(("133", "133-1"))  #: causing a traffic accident, dangerous driving


class DrivingLaw(msgspec.Struct, frozen=True):
    """The parameters of a model that judges driving licences; a model's terms extend it.

    A term says how long no licence may be obtained after a revocation on that ground, ``True``
    that it is for life.
    """

    drunk_mg: int | None
    drink_mg: int | None
    drink_causes: tuple[str, ...]  #: penalties after which drinking again costs the licence
    drunk: Term | None
    drunk_commercial: Term | None
    drink_commercial: Term | None
    drink_again: Term | None
    crash: bool | None
    hit_and_run: bool | None
    ban_other_crash: Term | None
    ban_other: Term | None
    ban_withdrawn: Term | None
    ban_drug: Term | None


class Bar(NamedTuple):
    """A time in which no licence may be obtained, and why."""

    since: date
    until: date  #: the first day after it; the last date of all for life
    ground: str
    rows: tuple[Record, ...]


class Driver:
    """One person's driving licences, checks and drug orders, under the law of each day."""

    def __init__(self, dossier: Dossier, law: Callable[[date, str], DrivingLaw]) -> None:
        self._law = law
        self.checks = by_number(dossier.of(TrafficCheck), "check_no")
        self.orders = by_number(dossier.of(DrugOrder), "order_no")
        self.licences = by_number(dossier.of(Licence, kind="driving"), "licence_no")
        self.valid = Spells(map(validity, self.licences))
        self._renewable = Spells(map(_renewable, self.licences))
        self._penalties = [p for p in dossier.of(Penalty) if not p.annulled_on]
        self._lost = [
            (x.ended_on, x)
            for x in self.licences
            if x.ended_on and x.end_kind in ("revoked", "cancelled")
        ]
        self._lost.sort(key=lambda pair: pair[0])
        self._judgments = [
            j for j in dossier.of(Judgment) if j.effective_on and not CRASH.isdisjoint(j.charges)
        ]
        self._barred: dict[DrivingLaw, tuple[list[Bar], list[Bar]]] = {}

    def held(self, day: date) -> list[Licence]:
        """The licences valid on the day."""
        return [licence for licence in self.licences if day in validity(licence)]

    def standing(self, day: date) -> tuple[list[Licence], list[Licence]]:
        """The licences valid on the day with those that took their place without a gap, and of
        them those whose place none took: a licence moved or renewed goes on."""
        chain = self.held(day)
        ends = [validity(x).until for x in chain if not _struck(x)]
        reach = None if not ends else max(end or date.max for end in ends)
        for licence in sorted(self.licences, key=lambda x: x.issued_on):
            if reach is None or licence.issued_on.toordinal() > reach.toordinal() + 1:
                break
            if licence.issued_on > day:
                chain.append(licence)
                if not _struck(licence):
                    reach = max(reach, validity(licence).until or date.max)
        later = [validity(x) for x in chain if x.issued_on > day]
        return chain, [x for x in chain if not _replaced(x, later)]

    def renewed(self, day: date) -> bool:
        """Whether a licence of the day goes on from one of the day before."""
        return self._renewable.at(day - DAY) is not None

    def lost_from(self, day: date) -> Iterator[tuple[date, Licence]]:
        """The licences revoked or cancelled on or after the day, and when; where another one went
        on, nothing was lost."""
        for lost, licence in self._lost[bisect_left(self._lost, day, key=lambda pair: pair[0]) :]:
            if not self.valid.at(lost + DAY):
                yield lost, licence

    def revoked_before(self, day: date) -> tuple[date, Licence] | None:
        """The last licence revoked before the day, and when, if none was obtained since: one that
        was withdrawn never was."""
        place = bisect_left(self._lost, day, key=lambda pair: pair[0])
        revoked = (pair for pair in reversed(self._lost[:place]) if pair[1].end_kind == "revoked")
        found = next(revoked, None)
        if found is None or any(
            found[0] < x.issued_on <= day and x.end_kind != "withdrawn" for x in self.licences
        ):
            return None
        return found

    def ground(self, check: TrafficCheck) -> str:
        """The provision under which this check costs the licence; empty if it does not."""
        law = self._law(check.on, check.source.region)
        bac = -1 if check.bac_mg is None else check.bac_mg
        if law.drink_mg is None or law.drunk_mg is None or bac < law.drink_mg:
            return ""
        drunk = bac >= law.drunk_mg
        if check.accident_crime and law.crash:
            return "crash"
        if check.commercial:
            return "drunk_commercial" if drunk else "drink_commercial"
        if drunk:
            return "drunk"
        return "drink_again" if self.punished_before(check) else ""

    def punished_before(self, check: TrafficCheck) -> Penalty | None:
        """The penalty for drinking before this check; an earlier check alone is none."""
        causes = self._law(check.on, check.source.region).drink_causes
        return next(
            (p for p in self._penalties if p.cause in causes and p.decided_on < check.on), None
        )

    def crash_judgment(self, check: TrafficCheck) -> Judgment | None:
        """The final judgment on the crash that the check belongs to."""
        return next((j for j in self._judgments if j.pronounced_on >= check.on), None)

    def barred(self, day: date, region: str) -> Bar | None:
        """The longest bar begun before the day that still holds on it."""
        law = self._law(day, region)
        found = self._barred.get(law)
        if found is None:
            bars = sorted(self.bars(law), key=lambda bar: (bar.since, bar.until, bar.ground))
            found = self._barred[law] = bars, list(accumulate(bars, _longer))
        bars, longest = found
        place = bisect_left(bars, day, key=lambda bar: bar.since)
        bar = longest[place - 1] if place else None
        return bar if bar is not None and day < bar.until else None

    def bars(self, issue: DrivingLaw) -> Iterator[Bar]:
        """What bars a new licence: every revocation, withdrawal and drug order.

        The penalties of the traffic law bar by the law of the revocation; who may apply at all is
        said by the law under which the new licence is issued (``issue``).
        """
        for licence in self.licences:
            ended = licence.ended_on
            if ended is None or licence.end_kind not in ("revoked", "withdrawn"):
                continue
            law = self._law(ended, licence.source.region)
            check = self._cause(licence, ended) if licence.end_kind == "revoked" else None
            ground = "ban_withdrawn" if licence.end_kind == "withdrawn" else self._bar(check, law)
            term = getattr(issue if ground.startswith("ban_") else law, ground)
            if term is not None:
                until = date.max if term is True else term.after(ended)
                yield Bar(ended, until, ground, (licence, check) if check else (licence,))
        for order in self.orders:
            term = issue.ban_drug
            if term is not None and not order.annulled_on:
                release = order.kind == "compulsory" and (order.ended or order.until)
                until = max(term.after(order.decided_on), term.after(release or order.decided_on))
                yield Bar(order.decided_on, until, "ban_drug", (order,))

    def _cause(self, licence: Licence, ended: date) -> TrafficCheck | None:
        """The last check under this licence that costs it: what it was revoked for."""
        spell = Spell(licence.issued_on, ended)
        return next(
            (
                check
                for check in reversed(self.checks)
                if check.on in spell
                and not check.annulled_on
                and check.vehicle == "motor"
                and (check.hit_and_run or check.accident_crime or self.ground(check))
            ),
            None,
        )

    def _bar(self, check: TrafficCheck | None, law: DrivingLaw) -> str:
        """The provision that says how long a revocation bars a new licence."""
        if check is None:
            return "ban_other"
        if check.hit_and_run and law.hit_and_run:
            return "hit_and_run"
        ground = self.ground(check)
        if check.accident_crime and ground != "crash":
            return "ban_other_crash"
        return "ban_other" if ground == "drink_again" else ground


def _longer(one: Bar, other: Bar) -> Bar:
    return other if other.until > one.until else one


def _struck(licence: Licence) -> bool:
    """Whether the licence was taken away, so that nothing goes on from it."""
    return licence.ended_on is not None and licence.end_kind in ("revoked", "withdrawn")


def _replaced(licence: Licence, later: list[Spell]) -> bool:
    """Whether the next of these licences, in order, took its place: begun by its end, it outlives
    it."""
    until = validity(licence).until
    place = bisect_right(later, licence.issued_on, key=lambda spell: spell.since)
    if until is None or _struck(licence) or place == len(later):
        return False
    begun, ends = later[place].since, later[place].until
    return begun.toordinal() <= until.toordinal() + 1 and (ends is None or ends >= until)


def _renewable(licence: Licence) -> Spell:
    """The days from which a licence of the next day goes on: not the one on which it was lost."""
    spell, ended = validity(licence), licence.ended_on
    if ended is None or spell.until != ended or not _struck(licence):
        return spell
    return Spell(spell.since, ended - DAY)


def validity(licence: Licence) -> Spell:
    """The days on which a licence is valid; on its last day it still is."""
    ends = [day for day in (licence.ended_on, licence.valid_until) if day is not None]
    return Spell(licence.issued_on, min(ends, default=None))


def ended_on(licences: list[Licence], due: date | None) -> date | None:
    """When the last of the licences ended; None while one goes on.

    Running out counts when it lies within the term: later, the duty had been missed before.
    """
    days = []
    for licence in licences:
        ran_out = licence.valid_until
        if ran_out is not None and (due is None or ran_out > due):
            ran_out = None
        ends = [day for day in (licence.ended_on, ran_out) if day is not None]
        if not ends:
            return None
        days.append(min(ends))
    return max(days, default=None)
