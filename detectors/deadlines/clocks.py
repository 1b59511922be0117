"""The clocks of procuratorial work: what starts each, what ends it, and whose duty it is."""

from __future__ import annotations

from typing import NamedTuple

#: Decisions that end a review for prosecution.
CHARGED = (
    "prosecution",
    "non_prosecution_statutory",
    "non_prosecution_relative",
    "non_prosecution_doubt",
    "non_prosecution_conditional",
)
ARREST = ("arrest", "no_arrest_no_crime", "no_arrest_doubt", "no_arrest_unnecessary")
OWN = "procuratorate"


class Clock(NamedTuple):
    """One clock; its name is the rule and the parameter with its term.

    ``start`` and ``done`` name rows: steps of an organ; ``served``, ``issued``: documents by their
    service or issue; ``decision``: decisions; ``reply``: the answer to the starting document;
    ``service``: its service; ``copied``: the step that names it.
    """

    name: str
    start: tuple[str, tuple[str, ...]]
    done: tuple[tuple[str, tuple[str, ...]], ...]
    bearer: str = OWN  #: the organ whose duty it is; ``recipient``: of the document
    extends: str = ""  #: the organ whose extension makes it longer, and by which step
    only_after: str = ""  #: the clock runs only in cases that have this step or kind of decision
    after: str = ""  #: parameter of a term that must have run before this one begins


def _steps(*codes: str) -> tuple[str, tuple[str, ...]]:
    return OWN, codes


CLOCKS = (
    Clock(
        "arrest_review",
        _steps("arrest_requested"),
        (_steps("arrest_reviewed"), ("decision", ARREST)),
        extends=OWN,
    ),
    Clock(
        "prosecution_review",
        _steps("review", "resubmitted"),
        (_steps("review_ended", "returned_for_supplement"), ("decision", CHARGED)),
        extends="s172",
    ),
    Clock(
        "supplement",
        _steps("returned_for_supplement"),
        (_steps("resubmitted"), ("police", ("withdrawn", "investigation_ended"))),
        bearer="police",
    ),
    Clock(
        "treatment_request",
        ("police", ("med_opinion",)),
        (_steps("med_application", "review_ended"),),
        bearer="department",
    ),
    Clock(
        "explain_not_filing",
        _steps("reasons_requested"),
        (("police", ("reasons_given", "filed")),),
        "police",
    ),
    Clock("open_case", _steps("filing_ordered"), (("police", ("filed",)),), "police"),
    Clock("tell_victim", _steps("reasons_accepted"), (_steps("complainant_told"),)),
    Clock("law_breach", _steps("complaint_accepted"), (_steps("answered", "review_ended"),)),
    Clock("correction_reply", ("served", ("correction",)), (("reply", ()),), "recipient"),
    Clock(
        "reexamine", ("police", ("objection_made",)), (_steps("objection_answered"),), "department"
    ),
    Clock(
        "reconsider",
        ("police", ("reconsideration_asked",)),
        (_steps("reconsidered"),),
        bearer="department",
        only_after="non_prosecution",
    ),
    Clock("suggestion_reply", ("served", ("suggestion",)), (("reply", ()),), "recipient"),
    Clock("suggestion_copy", ("issued", ("suggestion",)), (("copied", ("copy_filed",)),)),
    Clock("pi_filing_served", _steps("pi_filed"), (_steps("pi_filing_served"),)),
    Clock("pi_served", ("issued", ("pi_suggestion",)), (("service", ()),)),
    Clock("pi_copy", ("issued", ("pi_suggestion",)), (("copied", ("copy_filed",)),)),
    Clock("pi_reply", ("served", ("pi_suggestion",)), (("reply", ()),), "recipient"),
    Clock(
        "pi_suit_review",
        ("served", ("pi_suggestion",)),
        (_steps("lawsuit_filed", "review_ended"),),
        extends=OWN,
        after="pi_reply",
    ),
    Clock(
        "pi_civil_review",
        _steps("pi_announced"),
        (_steps("lawsuit_filed", "review_ended"),),
        extends=OWN,
        after="pi_notice",
    ),
    Clock(
        "civil_supervision",
        _steps("civil_accepted"),
        (_steps("review_ended", "answered"),),
        extends=OWN,
    ),
    Clock("admin_accept", _steps("admin_applied"), (_steps("admin_accepted", "answered"),)),
    Clock(
        "admin_supervision",
        _steps("admin_accepted"),
        (_steps("review_ended", "answered"),),
        extends=OWN,
    ),
    Clock(
        "documents_out",
        ("issued", ("retrial_suggestion", "execution_suggestion")),
        (("service", ()),),
        only_after="admin_accepted",
    ),
    Clock(
        "retrial_copy",
        ("issued", ("retrial_suggestion",)),
        (("copied", ("copy_filed",)),),
        only_after="admin_accepted",
    ),
    Clock(
        "court_retrial_suggestion",
        ("served", ("retrial_suggestion",)),
        (("reply", ()),),
        "recipient",
    ),
    Clock(
        "court_execution_suggestion",
        ("served", ("execution_suggestion",)),
        (("reply", ()),),
        bearer="recipient",
        extends="court",
    ),
    Clock("court_protest", _steps("protested"), (("court", ("retrial_ordered",)),), "court"),
    Clock(
        "petition_told",
        _steps("petition_received"),
        (_steps("petition_told", "petition_answered"),),
    ),
    Clock("petition_result", _steps("petition_received"), (_steps("petition_answered"),)),
    Clock("aid_decision", _steps("aid_applied"), (_steps("aid_decided", "aid_paid"),)),
)
