"""The rules: a model is one module, its card and its cases; this is what a model's author imports.

A model is a pure function of a dossier and a context. It never sees today's date: it asks
``context.reached(day)`` and ``context.covered(Type, spell, ...)``, and each "not yet" wakes it.
"""

from __future__ import annotations

from detectors.framework.age import under_age
from detectors.framework.article import Article
from detectors.framework.bans import Ban, Ground, within
from detectors.framework.calendar import Calendar, Deadline, legal_calendar
from detectors.framework.card import Card, load_card
from detectors.framework.collecting import Course, Stretch, course
from detectors.framework.context import Context
from detectors.framework.convicted import Convicted
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
from detectors.framework.grounds import final_judgments, grounds_of
from detectors.framework.grouped import by_number, distinct, grouped
from detectors.framework.law import Law
from detectors.framework.ledger import Owed, SetOff, ledger
from detectors.framework.links import Link, first_since, followed
from detectors.framework.litigation import Window, window_of
from detectors.framework.months import PaidMonth, month_of, months_between
from detectors.framework.non_litigation import CourtDuty, court_duties
from detectors.framework.paid import paid_up
from detectors.framework.penalised import Penalties
from detectors.framework.penalty_case import PenaltyCase
from detectors.framework.posts import Held, held_licences, held_posts
from detectors.framework.reachable import Reachable, reachable
from detectors.framework.registry import derivation, detector, discover
from detectors.framework.same_case import SameCase
from detectors.framework.school_staff import SchoolLaw, convicted_staff, not_queried
from detectors.framework.spell import DAY, Spell, common, merged
from detectors.framework.spells import Spells
from detectors.framework.surcharge import Surcharge, charged, most, since_day
from detectors.framework.term import Term
from detectors.framework.treasury import treasury
from detectors.framework.verdicts import Verdicts, final_on

__all__ = [
    "DAY",
    "Article",
    "Ban",
    "Bar",
    "Calendar",
    "Card",
    "Context",
    "Convicted",
    "Course",
    "CourtDuty",
    "Custody",
    "CustodyLaw",
    "Deadline",
    "Dossier",
    "Driver",
    "DrivingLaw",
    "Extension",
    "Finding",
    "Granted",
    "Ground",
    "Held",
    "Judged",
    "Law",
    "Link",
    "Outcome",
    "Owed",
    "PaidMonth",
    "Penalties",
    "PenaltyCase",
    "Prolonged",
    "Reachable",
    "SameCase",
    "SchoolLaw",
    "SetOff",
    "Spell",
    "Spells",
    "Stage",
    "Stretch",
    "Surcharge",
    "Term",
    "Time",
    "Verdicts",
    "Waiting",
    "Window",
    "accepted_death",
    "by_number",
    "charged",
    "common",
    "convicted_staff",
    "counted",
    "course",
    "court_duties",
    "derivation",
    "detector",
    "discover",
    "distinct",
    "ended_on",
    "extended",
    "final_judgments",
    "final_on",
    "first_since",
    "followed",
    "grounds_of",
    "grouped",
    "held_licences",
    "held_posts",
    "in_force_until",
    "latch",
    "ledger",
    "legal_calendar",
    "load_card",
    "merged",
    "month_of",
    "months_between",
    "most",
    "nearest_notice",
    "not_queried",
    "paid_up",
    "performed",
    "prolonged",
    "reachable",
    "rolling",
    "serves_all",
    "since_day",
    "standing",
    "time_of",
    "treasury",
    "under_age",
    "validity",
    "window",
    "window_of",
    "within",
]
