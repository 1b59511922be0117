"""D10: sentences served outside: not handed over, out of sight, not revoked, not delivered."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from detectors import Context, Dossier, Finding, Term, detector
from detectors.correction.file import correction_files, final_judgments
from detectors.correction.person import Person
from detectors.correction.revoking import answers, arrested, delivered
from detectors.correction.sending import court_duties, hand_overs, late_with_reporting, report_in
from detectors.correction.supervision import held_unknown, not_closed, revocation_due
from schemas import (
    CaseStep,
    CorrectionEvent,
    CorrectionSpell,
    Death,
    DrugOrder,
    Judgment,
    Penalty,
    PoliceCase,
    Restraint,
)


class D10Terms(msgspec.Struct, frozen=True):
    court_notice: Term | None
    court_papers: Term | None
    report_in: Term | None
    hand_over: Term | None
    held_unknown: Term
    proposal: Term
    lost: Term
    warnings: int
    penalised: bool | None
    breach: bool | None
    ruling: Term | None
    recall_decision: Term | None
    arrest_48h: Term | None
    arrest_30d: Term | None
    papers: Term
    deliver: Term
    deliver_revoked: Term
    remainder: Term
    close: Term


@detector(
    "D10",
    subject="person",
    reads=(
        Judgment,
        CorrectionSpell,
        CorrectionEvent,
        Restraint,
        DrugOrder,
        Penalty,
        PoliceCase,
        CaseStep,
        Death,
    ),
    terms=D10Terms,
    needs=(Judgment, CorrectionSpell, Restraint, CaseStep),
)
def community_correction(dossier: Dossier, context: Context[D10Terms]) -> Iterator[Finding]:
    """Whoever serves outside is handed over, seen, and brought to prison when it has to be."""
    judgments = final_judgments(dossier)
    person = Person(dossier, judgments)
    for file in correction_files(dossier, judgments):
        for duty, told in court_duties(context, file, person):
            yield duty.finding(context, told)
        reported = report_in(context, file, person)
        late = None
        if reported is not None:
            duty, told = reported
            yield duty.finding(context, told)
            late = late_with_reporting(file, duty)
        for duty, held in held_unknown(context, file, person):
            yield duty.finding(context, held)
        for duty, breach in revocation_due(context, file, person, late):
            yield duty.finding(context, breach, severity="high", also=(breach.limb,))
        for duty, told in answers(context, file, person):
            yield duty.finding(context, told)
        for duty, told in arrested(context, file, person):
            judged, unconfirmed = duty.at_once(context)
            yield duty.finding(context, told, judged=judged, unconfirmed=unconfirmed)
        for duty, closed, judged_early in not_closed(context, file):
            yield duty.finding(context, closed, judged=judged_early)
    for duty, told in hand_overs(context, person):
        yield duty.finding(context, told)
    for duty, delivery in delivered(context, person):
        yield duty.finding(context, delivery, severity="high")
