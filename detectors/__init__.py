"""The rules: a model is one module, its card and its cases; this is what a model's author imports.

A model is a pure function of a dossier and a context. It never sees today's date: it asks
``context.reached(day)`` and ``context.covered(Type, spell, ...)``, and each "not yet" wakes it.
"""

from __future__ import annotations

from detectors.framework.age import under_age
from detectors.framework.article import Article
from detectors.framework.calendar import Calendar, Deadline, legal_calendar
from detectors.framework.card import Card, load_card
from detectors.framework.context import Context
from detectors.framework.counting import counted, latch, rolling, window
from detectors.framework.custody import Custody, CustodyLaw, Time, serves_all, time_of
from detectors.framework.deaths import accepted_death
from detectors.framework.dossier import Dossier
from detectors.framework.driving import Bar, Driver, DrivingLaw, ended_on, validity
from detectors.framework.drug_orders import in_force_until
from detectors.framework.duty import Judged, nearest_notice, performed, standing
from detectors.framework.extension import extended
from detectors.framework.finding import Finding, Outcome, Stage, Waiting
from detectors.framework.grants import Extension, Granted, Prolonged, prolonged
from detectors.framework.grouped import by_number, distinct, grouped
from detectors.framework.law import Law
from detectors.framework.links import Link, first_since, followed
from detectors.framework.meeting import Meeting
from detectors.framework.months import PaidMonth, month_of, months_between
from detectors.framework.paid import paid_up
from detectors.framework.penalised import Penalties
from detectors.framework.registry import derivation, detector, discover
from detectors.framework.same_case import SameCase
from detectors.framework.spell import DAY, Spell, common, merged
from detectors.framework.spells import Spells
from detectors.framework.term import Term
from detectors.framework.verdicts import Verdicts, case_of, final_on, replaced

__all__ = [
    "DAY",
    "Article",
    "Bar",
    "Calendar",
    "Card",
    "Context",
    "Custody",
    "CustodyLaw",
    "Deadline",
    "Dossier",
    "Driver",
    "DrivingLaw",
    "Extension",
    "Finding",
    "Granted",
    "Judged",
    "Law",
    "Link",
    "Meeting",
    "Outcome",
    "PaidMonth",
    "Penalties",
    "Prolonged",
    "SameCase",
    "Spell",
    "Spells",
    "Stage",
    "Term",
    "Time",
    "Verdicts",
    "Waiting",
    "accepted_death",
    "by_number",
    "case_of",
    "common",
    "counted",
    "derivation",
    "detector",
    "discover",
    "distinct",
    "ended_on",
    "extended",
    "final_on",
    "first_since",
    "followed",
    "grouped",
    "in_force_until",
    "latch",
    "legal_calendar",
    "load_card",
    "merged",
    "month_of",
    "months_between",
    "nearest_notice",
    "paid_up",
    "performed",
    "prolonged",
    "replaced",
    "rolling",
    "serves_all",
    "standing",
    "time_of",
    "under_age",
    "validity",
    "window",
]
