"""Times in which a person is paid nothing: wanted, held awaiting a verdict, or serving."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from detectors.framework.dossier import Dossier
from detectors.framework.months import month_of
from detectors.framework.spell import DAY, Spell
from detectors.framework.spells import Spells
from detectors.framework.verdicts import Verdicts
from schemas import CorrectionSpell, Judgment, Restraint

#: Ends of a case in favour of the person, the most certain first.
FAVOURS = ("acquitted", "not_prosecuted", "withdrawn")


class CustodyLaw(msgspec.Struct, frozen=True):
    """The parameters of a model that judges what is paid in custody; a model's terms extend it."""

    suspended: tuple[str, ...] | None  #: kinds of restraint before a verdict
    stopped: tuple[str, ...] | None  #: kinds of restraint that serve a sentence
    not_served: tuple[str, ...] | None  #: ends of a temporary release that was none
    parole_revoked: tuple[str, ...] | None  #: ends of a parole from whose month on nothing is due
    partial_months: Literal["exclude", "include"]
    acquittal_restores: tuple[str, ...] | None  #: kinds of restraint that an acquittal makes good
    release_restores: tuple[str, ...] | None  #: further ends of a case that do


class Time(msgspec.Struct, frozen=True):
    """A fact: a time of being held, serving or under supervision, as a row has it."""

    spell: Spell
    kind: str
    organ: str
    case_no: str

    @classmethod
    def of(cls, row: Restraint | CorrectionSpell, spell: Spell | None = None) -> Time:
        organ = row.organ if isinstance(row, Restraint) else "correction"
        return cls(spell or time_of(row), row.kind, organ, row.case_no)


class Custody(Verdicts):
    """A person's times without liberty, and how the cases behind them ended."""

    def __init__(self, dossier: Dossier) -> None:
        self.restraints = dossier.of(Restraint)
        self.corrections = dossier.of(CorrectionSpell)
        super().__init__(self.restraints, dossier.of(Judgment))
        self._held: dict[CustodyLaw, Held] = {}

    def favour(self, restraint: Restraint, law: CustodyLaw) -> str:
        """Why the months in custody of this case are owed after all; empty when they are not."""
        if restraint.kind not in (law.acquittal_restores or ()):
            return ""
        known = ("acquitted", *(law.release_restores or ()))
        return self.ended(restraint, (end for end in FAVOURS if end in known))

    def under(self, law: CustodyLaw) -> Held:
        """The times in which this law pays nothing."""
        found = self._held.get(law)
        if found is None:
            found = self._held[law] = Held(self, law)
        return found


class Held:
    """The times in which one law pays nothing; ``kept`` are those that stay so after every end of a
    case in favour of the person."""

    def __init__(self, custody: Custody, law: CustodyLaw) -> None:
        awaiting = [(time_of(r), r) for r in custody.restraints if r.kind in (law.suspended or ())]
        serving: list[tuple[Spell, Restraint | CorrectionSpell]] = [
            (spell, r)
            for r in custody.restraints
            if r.kind in (law.stopped or ())
            for spell in _inside(r, custody.corrections)
        ]
        serving += [
            (spell, row)
            for row in custody.corrections
            for spell in _unserved(row, law, custody.restraints)
        ]
        served = [spell for spell, _ in serving]
        self._favours = [(spell, custody.favour(r, law)) for spell, r in awaiting]
        self._whole = law.partial_months == "exclude"
        self.rows: list[tuple[Spell, Restraint | CorrectionSpell]] = [*awaiting, *serving]
        self._all = Spells(spell for spell, _ in self.rows)
        self._awaiting, self._serving = Spells(spell for spell, _ in awaiting), Spells(served)
        self.kept = Spells([*(spell for spell, favour in self._favours if not favour), *served])

    def holds(self, month: Spell) -> bool:
        """Whether nothing is due for the month: the whole of it, or any day, as the law says."""
        return self._all.holds_month(month.since) if self._whole else self._all.meets(month)

    def keeps(self, month: Spell) -> bool:
        """Whether nothing is due for it either when what is owed after all is taken out."""
        return self.kept.holds_month(month.since) if self._whole else self.kept.meets(month)

    def standing(self, month: Spell) -> str:
        """``awaiting`` a verdict, ``serving``, or ``mixed``."""
        if not self._serving.meets(month):
            return "awaiting"
        return "mixed" if self._awaiting.meets(month) else "serving"

    def excuse(self, months: Spells) -> str:
        """The least certain of the reasons for which these months are owed after all."""
        reasons = (f for spell, f in self._favours if f and months.meets(spell))
        return max(reasons, key=FAVOURS.index)


def time_of(row: Restraint | CorrectionSpell) -> Spell:
    return Spell(row.since, row.until)


def serves_all(row: CorrectionSpell, law: CustodyLaw) -> bool:
    """Whether a time outside counts as serving from its first day: a release got by fraud. Of an
    escape only the days after it do, so what came before was supervision."""
    return (
        row.kind == "temporary_release"
        and row.end_reason != "escaped"
        and row.end_reason in (law.not_served or ())
    )


def _inside(prison: Restraint, corrections: Iterable[CorrectionSpell]) -> Iterator[Spell]:
    """A time in prison without what was served outside from a later day on: prisons keep the row
    of a sentence open, or to its end, through a parole or a temporary release."""
    since = prison.since
    for row in corrections:
        if row.since <= prison.since or (prison.until and row.since > prison.until):
            continue
        yield Spell(since, row.since)
        if row.until is None:
            return
        since = max(since, row.until + DAY)
    yield Spell(since, prison.until)


def _unserved(
    row: CorrectionSpell, law: CustodyLaw, restraints: Iterable[Restraint]
) -> Iterator[Spell]:
    """Times outside that count as serving: a release got by fraud, an escape, and of a revoked
    parole the month of its revocation."""
    ended = row.until
    if row.kind == "parole" and ended and row.end_reason in (law.parole_revoked or ()):
        yield month_of(ended)
    elif serves_all(row, law):
        yield time_of(row)
    elif row.kind == "temporary_release" and row.end_reason in (law.not_served or ()) and ended:
        caught = next((r.since for r in restraints if r.since >= ended), None)
        yield Spell(ended + DAY, caught - DAY if caught else None)
