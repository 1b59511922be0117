"""Bans from a trade: what brings one about, what it bars from, and how long it runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec

from detectors.framework.spell import DAY, Spell
from detectors.framework.term import Term
from schemas import Decision, Judgment, Penalty, Record

#: What a ban is brought about by: a judgment, an administrative penalty, a decision not to
#: prosecute, a drug order, a measured alcohol level, a listing as dishonest debtor, three
#: detentions, a certificate or a company's licence revoked, a food licence taken from a company.
By = Literal[
    "judgment",
    "penalty",
    "decision",
    "order",
    "check",
    "listing",
    "detentions",
    "certificate",
    "company",
    "food_company",
    "court_ban",
    "probation_order",
]

#: Sentences that are served for life unless they are commuted.
_FOR_LIFE = ("无期", "死缓")


@dataclass(frozen=True, slots=True)
class Ground:
    """Something in a person's past that may bar from a trade."""

    by: By
    no: str  #: of the record; empty for a set of records
    on: date
    rows: tuple[Record, ...]
    excuse: str = ""  #: why it does not count any more
    until: date | None = None  #: the ban's last day, where the record itself names it
    level: int = 0  #: mg of alcohol per 100 ml; the number of detentions
    again: bool = False  #: the second of its kind, where the law then bars for good
    cause: str = ""
    organisation: str = ""  #: where it arose, if that is what the ban does not concern
    sectors: tuple[str, ...] = ()  #: that the record itself names

    @property
    def judgment(self) -> Judgment | None:
        return row if isinstance(row := self.rows[0], Judgment) else None

    @property
    def charges(self) -> tuple[str, ...]:
        row = self.rows[0]
        return row.charges if isinstance(row, (Judgment, Decision)) else ()


class Ban(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the table of bans: its ``scope`` in a card, and by the law its length.

    ``roles`` and ``licences`` are what it bars from, ``sectors`` the beginnings of the industry's
    number (GB/T 4754), or ``food`` for who has a food licence. A charge is an article or a range
    (``140..231``). ``counts`` is what ``lasts`` runs from; without ``lasts`` it has no end.
    """

    by: tuple[By, ...]
    roles: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()  #: industries in which every post is barred, whatever the role
    not_sectors: tuple[str, ...] = ()  #: industries whose units it does not concern at all
    licences: tuple[str, ...] = ()
    charges: tuple[str, ...] = ()
    not_charges: tuple[str, ...] = ()
    decision_charges: tuple[str, ...] = ()  #: those for which a decision not to prosecute counts
    penalties: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ("guilty",)
    probation: bool | None = None  #: only, or no, suspended sentences; None: both
    or_rights: bool = False  #: or whoever lost political rights, whatever charge and penalty
    causes: tuple[str, ...] = ()
    slight: tuple[str, ...] = ()  #: causes of penalties that need not be what the law means
    kinds: tuple[str, ...] = ()  #: of administrative penalties, of which one must be there
    least: int = 0  #: mg of alcohol, or number of detentions
    counts: Literal["ground", "served", "probation", "rights", "stated"] = "ground"
    lasts: Term | None = None
    grounds_from: date | None = None  #: grounds before this day are not reached
    severity: str = ""

    def under(self, value: object) -> Ban:
        """The ban as the law of a day has it: its length, the number that it takes, or no end."""
        match value:
            case Term():
                return msgspec.structs.replace(self, lasts=value)
            case tuple():  # from … to …
                return msgspec.structs.replace(self, lasts=value[-1])
            case int() if value is not True:
                return msgspec.structs.replace(self, least=value)
        return self

    def catches(self, ground: Ground) -> bool:
        """Whether the ground is one of this ban's."""
        if ground.by not in self.by or (self.grounds_from and ground.on < self.grounds_from):
            return False
        match ground.rows[0]:
            case Judgment() as judgment:
                return self._convicts(judgment)
            case Decision() as decision:
                return any(within(charge, self.decision_charges) for charge in decision.charges)
            case Penalty() as penalty if ground.by == "penalty":
                named = not self.kinds or any(kind in penalty.kinds for kind in self.kinds)
                return penalty.cause in self.causes and named
        if ground.by == "detentions":
            return ground.level == self.least
        return ground.level >= self.least

    def grade(self, ground: Ground) -> str:
        """How grave it is to hold a post in spite of this ground."""
        return "low" if ground.by == "penalty" and ground.cause in self.slight else self.severity

    def counted_from(self, ground: Ground) -> date:
        """The day from which the ban's length runs; the last day of all where none is in sight."""
        judgment = ground.judgment
        if judgment is None or self.counts == "ground":
            return ground.on
        if self.counts == "served":
            if judgment.penalty in _FOR_LIFE:
                # A commuted one has an end.
                return judgment.sentence_until or date.max
            # Where the end of the sentence is not known, the ban lasts at least so long.
            return judgment.sentence_until or ground.on
        ends = judgment.probation_until if self.counts == "probation" else judgment.rights_until
        return ends or ground.on

    def spell(self, ground: Ground) -> Spell:
        """The days on which the ground bars."""
        if self.counts == "stated":
            # It runs from the day on which the sentence ended, and bars from the next one.
            longest = self.lasts.after(ground.on - DAY) if self.lasts else None
            days = (day for day in (ground.until, longest) if day)
            return Spell(ground.on, min(days, default=None))
        start = self.counted_from(ground)
        if self.lasts is None or ground.again or start == date.max:
            return Spell(ground.on)
        until = self.lasts.after(start)
        return Spell(ground.on, until if until < date.max else None)

    def _convicts(self, judgment: Judgment) -> bool:
        if self.counts == "rights" and judgment.rights_until is None:
            return False
        if judgment.outcome not in self.outcomes:
            return False
        if self.or_rights and judgment.rights_until is not None:
            return True
        suspended = judgment.probation_until is not None
        return (
            (not self.penalties or judgment.penalty in self.penalties)
            and self.probation in (None, suspended)
            and self._charged(judgment.charges)
        )

    def _charged(self, charges: tuple[str, ...]) -> bool:
        # Where no charge is recorded, nobody knows that it is another one.
        if self.not_charges and all(within(charge, self.not_charges) for charge in charges):
            return False
        return not self.charges or any(within(charge, self.charges) for charge in charges)


def within(charge: str, ranges: tuple[str, ...]) -> bool:
    """Whether a charge is one of these articles, or lies in a range such as ``140..231``."""
    if charge in ranges:
        return True
    number = int(charge.partition("-")[0])
    return any(
        int(first) <= number <= int(last)
        for first, dots, last in (one.partition("..") for one in ranges)
        if dots
    )
