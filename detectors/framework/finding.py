"""What a model says about one obligation."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from schemas.record import Record


class Outcome(StrEnum):
    """What is so now. HOLDS and CURED are the active set; the others end an alert and say why."""

    HOLDS = "holds"
    CURED = "cured"  #: performed or repaired, but late: the lateness stays a fact
    EXEMPT = "exempt"  #: a lawful reason; the finding names the excuse
    LAPSED = "lapsed"  #: ended by time, done in time, or done after a product term: no fault left
    PENDING = "pending"  #: not due, or due but its refutation is not known to be complete


class Stage(StrEnum):
    """A running term may be told before it ends; notice and breach are one alert."""

    NOTICE = "notice"
    BREACH = "breach"


class Waiting(StrEnum):
    """Why a finding is PENDING: it decides the reason of the withdrawal of an open alert."""

    NOT_DUE = "not_due"
    NOT_COVERED = "not_covered"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a model says of one obligation. Nothing in it may depend on today's date."""

    rule: str  #: names the texts in the card
    obligation: str  #: identity: record keys and rule names, never a correctable value
    outcome: Outcome
    act: date  #: the day whose law applies
    basis: tuple[str, ...]  #: card parameters whose articles the alert prints, in force on ``act``
    facts: msgspec.Struct  #: what the templates print; no identity number, no date of today
    evidence: tuple[Record, ...]
    agency: str = ""  #: whose duty it is: organ code or, without one, name
    region: str = ""
    amount_fen: int = 0
    stage: Stage = Stage.BREACH
    waiting: Waiting = Waiting.NOT_DUE  #: read only when PENDING
    excuse: str = ""  #: code from the card's ``[excuses]`` when EXEMPT
    severity: str = ""  #: raises the card's default when higher: low, medium, high
    unconfirmed: bool = False  #: told before coverage confirmed it (custody only)
