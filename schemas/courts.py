"""Courts: criminal judgments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from schemas.codes import ARTICLE
from schemas.record import Record, record_type

OUTCOMES = ("guilty", "acquitted", "exempt")  #: exempt: guilty, punishment remitted (免予刑事处罚)
PENALTIES = ("管制", "拘役", "有期徒刑", "无期", "死缓", "死刑", "fine_only")


@record_type
class Judgment(Record, frozen=True, kw_only=True):
    """A criminal judgment on one party. Probation (缓刑) is ``probation_until`` set.

    ``case_no`` names the case; ``case_no_raw`` is the number as it came, with its 之一.
    ``months`` is the length of the term. ``sentence_until`` already counts the days in custody.
    ``replaces`` is the number of the case whose judgment a retrial took the place of.
    """

    DAY: ClassVar[str] = "pronounced_on"
    KEY: ClassVar[tuple[str, ...]] = ("case_no", "party")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"outcome": OUTCOMES, "penalty": PENALTIES}
    FORMS: ClassVar[Mapping[str, re.Pattern[str]]] = {"charges": ARTICLE}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {
        "case": ("case_no",),
        "organisation": ("organisations",),
        "party": ("party",),
    }

    case_no: str
    party: str
    court: str = ""
    charges: tuple[str, ...] = ()
    outcome: str
    penalty: str = ""
    months: int | None = None
    effective_on: date | None = None  #: None: not yet final
    pronounced_on: date
    sentence_since: date | None = None
    sentence_until: date | None = None
    probation_until: date | None = None
    rights_until: date | None = None  #: end of the loss of political rights
    ban_until: date | None = None  #: end of a ban from a trade
    minor_at_act: bool = False
    organisations: tuple[str, ...] = ()  #: credit codes of units convicted or companies used
    replaces: str = ""
    name: str = ""
    case_no_raw: str = ""
