"""Procedure (检察, 法院, 公安, 司法行政): one vocabulary of decisions, steps, papers, money."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from schemas.codes import ARTICLE, ORGANS, PROPERTY_ITEMS
from schemas.record import Record, record_type
from schemas.steps import STEPS

#: Decisions of the procuratorate; a conditional non-prosecution is not final.
DECISIONS = (
    "non_prosecution_statutory",
    "non_prosecution_relative",
    "non_prosecution_doubt",
    "non_prosecution_conditional",
    "no_arrest_no_crime",
    "no_arrest_doubt",
    "no_arrest_unnecessary",
    "arrest",
    "prosecution",
)

#: What stops a term from running.
PAUSE_GROUNDS = (
    "psychiatric_appraisal",
    "appraisal",
    "reconsideration",
    "suit",
    "complaint",
    "absconded",
    "hearing",
    "announcement",
    "jurisdiction",
    "consultation",
    "suspension",
    "supplement",
    "file_request",
    "audit",
    "relief",
)

#: 检察意见, 检察建议, 再审检察建议, 执行检察建议, 公益诉讼检察建议, 纠正违法, 说明理由.
DOCUMENTS = (
    "opinion",
    "suggestion",
    "retrial_suggestion",
    "execution_suggestion",
    "pi_suggestion",
    "correction",
    "reasons_request",
)

REPLIES = ("will_punish", "punished", "corrected", "refused", "no_action")

#: Money paid by the party, on to the treasury, to a victim, as aid, as wages, as tax.
RECEIPTS = ("paid", "treasury", "compensation", "aid", "wage", "tax")

#: How a case is heard: 普通, 简易, 速裁; and why a detention may last thirty days before arrest is
#: requested: 流窜, 多次, 结伙作案.
PROCEDURES = ("ordinary", "simple", "fast")
STEP_GROUNDS = ("roaming", "repeated", "gang")

#: What a psychiatric appraisal found: not, partly or fully responsible (不负、限制、完全刑事责任).
RESULTS = ("irresponsible", "limited", "responsible")

_TO_CASE_AND_PARTY: dict[str, tuple[str, ...]] = {"case": ("case_no",), "party": ("party",)}


@record_type
class Decision(Record, frozen=True, kw_only=True):
    """A decision of the procuratorate on one party of a case."""

    DAY: ClassVar[str] = "decided_on"
    KEY: ClassVar[tuple[str, ...]] = ("decision_no", "party")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"kind": DECISIONS}
    FORMS: ClassVar[Mapping[str, re.Pattern[str]]] = {"charges": ARTICLE}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = _TO_CASE_AND_PARTY

    decision_no: str
    case_no: str
    party: str
    kind: str
    ground_article: str = ""  #: of the criminal procedure law, such as 177-2
    charges: tuple[str, ...] = ()
    decided_on: date
    announced_on: date | None = None
    served_on: date | None = None
    revoked_on: date | None = None
    name: str = ""


@record_type
class CaseStep(Record, frozen=True, kw_only=True):
    """A step of a case, by one organ, on one day; stages also have an end.

    ``other_no`` is the other case of a joining, splitting or move. Which steps an organ takes is in
    :mod:`schemas.steps`.
    """

    DAY: ClassVar[str] = "on"
    KEY: ClassVar[tuple[str, ...]] = ("case_no", "party", "step", "on", "doc_no")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "ground": STEP_GROUNDS,
        "organ": ORGANS,
        "procedure": PROCEDURES,
        "step": tuple(sorted({step for steps in STEPS.values() for step in steps})),
    }
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = _TO_CASE_AND_PARTY

    case_no: str
    party: str = ""
    organ: str
    step: str
    on: date
    until: date | None = None
    doc_no: str = ""
    other_no: str = ""
    decided_by: str = ""
    amount_fen: int | None = None  #: the sum that the paper of the step demands
    procedure: str = ""  #: of a review or a trial; empty: ordinary
    ground: str = ""  #: of an extension


@record_type
class Pause(Record, frozen=True, kw_only=True):
    """Days on which the terms of a case do not run; without an end it lasts."""

    DAY: ClassVar[str] = "since"
    KEY: ClassVar[tuple[str, ...]] = ("case_no", "ground", "since")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"ground": PAUSE_GROUNDS, "result": RESULTS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = _TO_CASE_AND_PARTY

    case_no: str
    party: str = ""
    ground: str
    since: date
    until: date | None = None
    result: str = ""  #: of a psychiatric appraisal, known when it ends


@record_type
class Document(Record, frozen=True, kw_only=True):
    """A paper of the procuratorate to an organ (``recipient``: its code)."""

    DAY: ClassVar[str] = "issued_on"
    KEY: ClassVar[tuple[str, ...]] = ("doc_no",)
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"kind": DOCUMENTS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {
        "agency": ("recipient",),
        "case": ("case_no",),
        "party": ("party",),
    }

    doc_no: str
    case_no: str
    party: str = ""
    kind: str
    recipient: str
    issued_on: date
    served_on: date | None = None
    reply_due: date | None = None  #: as the paper itself says
    urgent: bool = False


@record_type
class Reply(Record, frozen=True, kw_only=True):
    """What the recipient of a paper answered. ``agency`` is its code: the paper's ``recipient``."""

    DAY: ClassVar[str] = "replied_on"
    KEY: ClassVar[tuple[str, ...]] = ("doc_no", "replied_on")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"kind": REPLIES}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = _TO_CASE_AND_PARTY

    doc_no: str
    case_no: str
    party: str = ""
    kind: str
    replied_on: date
    filed_on: date | None = None  #: the agency opened a case of its own (立案)
    penalty_no: str = ""  #: of the penalty that the reply tells of
    agency: str = ""


@record_type
class CaseCard(Record, frozen=True, kw_only=True):
    """The card (案卡) of a case in the case-management system: what is filled in, field by field.

    ``fields`` are pairs of a field's name, as in the system, and its value; an empty value says
    that the card has the field and nobody filled it.
    """

    DAY: ClassVar[str] = "opened_on"
    KEY: ClassVar[tuple[str, ...]] = ("case_no",)
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"case": ("case_no",)}

    case_no: str
    opened_on: date | None = None
    cause: str = ""
    department: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@record_type
class Receipt(Record, frozen=True, kw_only=True):
    """Money received or passed on for the item, decision, execution or case ``for_no``.

    ``item`` says for which property item of a judgment, where the voucher names only its case.
    """

    DAY: ClassVar[str] = "on"
    KEY: ClassVar[tuple[str, ...]] = ("voucher_no", "for_no", "kind", "on")
    CODES: ClassVar[Mapping[str, tuple[str, ...]]] = {"kind": RECEIPTS, "item": PROPERTY_ITEMS}
    ROUTES: ClassVar[dict[str, tuple[str, ...]]] = {"case": ("for_no",), "party": ("party",)}

    voucher_no: str = ""
    for_no: str
    party: str = ""
    kind: str
    on: date
    amount_fen: int
    item: str = ""
