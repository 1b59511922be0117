"""How long each stage of a case may hold a person, and what each approval adds to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec

from detectors.custody.stages import CustodyStage, Piece
from detectors.framework.context import Context
from detectors.framework.grants import Extension
from detectors.framework.spell import Spell
from detectors.framework.term import Term
from schemas import CaseStep, Restraint

#: Steps that end or extend a stage: they must be complete before overdue custody is confirmed.
REFUTES = {
    "detention": ("extended", "arrest_requested", "released"),
    "detention_own": ("extended", "released"),
    "arrest_review": ("arrest_reviewed", "released"),
    "investigation": ("s156", "s158", "s159", "restart_160", "sent_for_prosecution", "released"),
    "review": ("s172", "review_ended", "returned_for_supplement", "received", "released"),
    "supplement": ("resubmitted", "sent_for_prosecution", "released"),
    "first_instance": ("s208", "s208_upper", "s220", "s225", "returned_for_supplement", "released"),
    "second_instance": ("s243", "s208_upper", "released"),
}


class StageLaw(msgspec.Struct, frozen=True):
    """The parameters of a model that counts custody; a model's terms extend it.

    What an approval adds to the stage's own term stands in the ``extensions`` of its row.
    """

    detention: Term
    detention_grave: Term
    detention_own: Term
    arrest_review: Term
    investigation: Term
    s158: Term
    s159: Term
    review: Term
    review_fast: Term | None
    review_fast_long: Term | None
    supplement: Term
    supplement_times: int
    first_instance: Term
    s208_upper: Term | None
    simple: Term
    simple_long: tuple[Term, ...] | None
    fast: Term | None
    fast_long: Term | None
    second_instance: Term


def stage_term(
    stage: CustodyStage, context: Context[Any], law: StageLaw
) -> tuple[str, Sequence[Term]]:
    """The parameter of a stage, and its terms one after the other that need no approval."""
    if stage.name == "review" and stage.procedure == "fast" and law.review_fast:
        return "review_fast", (law.review_fast,)
    if stage.name == "first_instance":
        if stage.procedure == "simple":
            return "simple", (law.simple,)
        if stage.procedure == "fast" and law.fast:
            return "fast", (law.fast,)
        # Two months, at the latest three: the third needs nobody's approval.
        article = context.in_force("first_instance", stage.start, stage.row.source.region)
        return "first_instance", (law.first_instance, *(article.extensions[:1] if article else ()))
    return stage.name, (getattr(law, stage.name),)


def stage_extensions(
    stage: CustodyStage, context: Context[Any], law: StageLaw
) -> Iterator[Extension]:
    """What was approved while the stage ran: each kind once, those of the highest court each time.

    Agencies enter one approval twice, under keys of their own.
    """
    seen: set[tuple[str, str, date | None]] = set()
    for row in stage.steps:
        found = _allowed(stage, row, context, law)
        name = row.step, row.ground, row.on if row.step == "s208_upper" else None
        if found is not None and name not in seen:
            seen.add(name)
            yield found


def confirmed(context: Context[Any], stage: CustodyStage, piece: Piece, due: date) -> bool:
    """Whether every source that could show an approval, a release or the next stage is complete."""
    asked = Spell(stage.start, due)
    which = {"organ": piece.measure.organ} if piece.measure.organ else {}
    return all(
        [
            context.covered(CaseStep, asked, step=REFUTES[stage.name]),
            context.covered(Restraint, asked, **which),
        ]
    )


def _allowed(
    stage: CustodyStage, row: CaseStep, context: Context[Any], law: StageLaw
) -> Extension | None:
    def longer(parameter: str, number: int = 0) -> Extension | None:
        article = context.in_force(parameter, stage.start, stage.row.source.region)
        terms = article.extensions[number : number + 1] if article else ()
        return Extension(row, parameter, terms) if terms else None

    match stage.name, stage.procedure, row.step:
        case "detention", _, "extended" if row.organ == "police":
            if row.ground:
                return Extension(row, "detention_grave", (law.detention_grave,), True)
            article = context.in_force("detention", stage.start, stage.row.source.region)
            # To seven days at most: after an approval of thirty it adds nothing.
            more = article.extensions[:1] if article else ()
            return Extension(row, "detention", (law.detention, *more), True)
        case "detention_own", _, "extended" if row.organ == "procuratorate":
            return longer("detention_own")
        case "investigation", _, "s156":
            return longer("investigation")
        case "investigation", _, ("s158" | "s159") as step:
            return Extension(row, step, (getattr(law, step),))
        case "review", "fast", "s172":
            long = law.review_fast_long
            return Extension(row, "review_fast_long", (long,), True) if long else None
        case "review", _, "s172":
            return longer("review")
        case "first_instance", "simple", "s220":
            return Extension(row, "simple_long", law.simple_long, True) if law.simple_long else None
        case "first_instance", "fast", "s225":
            return Extension(row, "fast_long", (law.fast_long,), True) if law.fast_long else None
        case "first_instance", ("" | "ordinary"), "s208":
            return longer("first_instance", 1)
        case "second_instance", _, "s243":
            return longer("second_instance")
        case (("first_instance" | "second_instance"), _, "s208_upper"):
            return Extension(row, "s208_upper", (law.s208_upper,)) if law.s208_upper else None
    return None
