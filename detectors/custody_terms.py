"""D17: held longer than the stage of the case allows, or not warned of it; compulsory treatment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial

import msgspec

from detectors import (
    DAY,
    Context,
    Deadline,
    Dossier,
    Finding,
    Granted,
    Link,
    Outcome,
    Prolonged,
    SameCase,
    Spell,
    Spells,
    Stage,
    Term,
    detector,
    distinct,
    followed,
    nearest_notice,
    performed,
    prolonged,
)
from detectors.custody.law import StageLaw, confirmed, stage_extensions, stage_term
from detectors.custody.stages import CustodyStage, Piece, custody_stages
from schemas import CaseStep, Pause, PoliceCase, Record, Restraint

TREATMENT = (
    Link("med_opinion", ("med_opinion",)),
    Link(
        "med_application",
        ("med_application", "review_ended"),
        ("returned_for_supplement", "resubmitted"),
    ),
    Link("med_accept", ("med_accepted", "med_decided")),
    Link("med_decision", ("med_decided",)),
)
FREE = ("wanted", "bail")  #: measures under which a person is at large


class D17Terms(StageLaw, frozen=True):
    left_out: tuple[str, ...]
    no_roll: bool
    notices: tuple[Term, ...]
    warning: Term | None
    med_opinion: Term | None
    med_application: Term | None
    med_accept: Term | None
    med_decision: Term | None
    violent: tuple[str, ...]


class StageFacts(msgspec.Struct, frozen=True, kw_only=True):
    case_no: str
    charge: str | None
    measure_no: str
    held_since: date
    deadline: Deadline
    plain: Deadline  #: without what was approved
    due: date | None
    granted: tuple[Granted, ...]
    late: tuple[Granted, ...]
    notice: str | None  #: the term before the last day that has been reached
    overdue_from: date | None
    done_on: date | None
    done_by: str | None


class WarningFacts(msgspec.Struct, frozen=True, kw_only=True):
    case_no: str
    measure_no: str
    held_since: date
    stage: str
    deadline: Deadline
    done_on: date | None


class TreatmentFacts(msgspec.Struct, frozen=True, kw_only=True):
    case_no: str
    charge: str
    appraised_on: date
    deadline: Deadline
    whereabouts: str  #: on the last day of the term
    done_on: date | None


@detector(
    "D17",
    subject="person",
    reads=(Restraint, CaseStep, Pause, PoliceCase),
    terms=D17Terms,
    needs=(Restraint, Pause),
)
def custody_terms(dossier: Dossier, context: Context[D17Terms]) -> Iterator[Finding]:
    """Nobody is held a day longer than the stage allows; the mad are treated, not left alone."""
    restraints, steps = dossier.of(Restraint), dossier.of(CaseStep)
    same = SameCase.of_person(steps, restraints)
    cases = {same.of(c.police_case_no): c for c in dossier.of(PoliceCase)}
    pauses: dict[str, list[Pause]] = {}
    for pause in dossier.of(Pause):
        pauses.setdefault(same.of(pause.case_no), []).append(pause)
    times = context.law(date.max).supplement_times
    for stage in custody_stages(restraints, steps, same, times):
        case = same.of(stage.case_no)
        yield from _custody(context, stage, cases.get(case), pauses.get(case, ()))
    yield from _treatments(context, dossier, same, cases, pauses)


def _custody(
    context: Context[D17Terms],
    stage: CustodyStage,
    police: PoliceCase | None,
    pauses: Sequence[Pause],
) -> Iterator[Finding]:
    """One stage: held over its last day, about to be, or released or passed on in time."""
    act, region = stage.start, stage.row.source.region
    law = context.law(act, region)
    excluded = [p for p in pauses if p.ground in law.left_out]
    parameter, terms = stage_term(stage, context, law)
    chain = prolonged(
        context.calendar,
        act,
        terms,
        stage_extensions(stage, context, law),
        [Spell(p.since, p.until) for p in excluded],
        roll=not law.no_roll,
    )
    deadline = chain.deadline
    piece = stage.piece(deadline.due)
    done = piece.spell.until
    notice, overdue, unconfirmed = None, None, False
    if deadline.due is None:
        outcome = Outcome.PENDING if done is None else Outcome.LAPSED
    elif piece.spell.since > deadline.due or (done is not None and done <= deadline.due):
        outcome = Outcome.LAPSED
    elif done is not None:
        late = context.legal(parameter, act, region)
        outcome = Outcome.CURED if late else Outcome.LAPSED
        overdue = deadline.due + DAY
    elif context.reached(deadline.due + DAY):
        # No lag: where somebody's liberty is at stake it is said at once, and confirmed later.
        outcome, overdue = Outcome.HOLDS, deadline.due + DAY
        unconfirmed = not confirmed(context, stage, piece, deadline.due)
    else:
        notice = nearest_notice(context, deadline, law.notices)
        outcome = Outcome.HOLDS if notice else Outcome.PENDING
    facts = StageFacts(
        case_no=stage.case_no,
        charge=(police.charge or None) if police else None,
        measure_no=piece.measure.measure_no,
        held_since=piece.measure.since,
        deadline=Deadline(deadline.start, deadline.term, deadline.due, deadline.paused),
        plain=chain.plain,
        due=deadline.due,
        granted=chain.granted,
        late=chain.late,
        notice=notice.text if notice else None,
        overdue_from=overdue,
        done_on=done if overdue else None,
        done_by=piece.how if overdue and done else None,
    )
    rows: list[Record | None] = [piece.measure, piece.ending, police, *excluded]
    rows += [extension.paper for extension in chain.used]
    also = [extension.parameter for extension in chain.used]
    if excluded and deadline.paused:
        also.append("left_out")
    yield Finding(
        rule=stage.name,
        obligation=f"{stage.case_no}/{stage.row.source.key}",
        outcome=outcome,
        stage=Stage.NOTICE if notice else Stage.BREACH,
        act=act,
        basis=tuple(dict.fromkeys((parameter, *also, "no_roll"))),
        facts=facts,
        evidence=distinct(stage.row, *rows),
        agency=(police if police and stage.by_police else stage.row).source.agency,
        region=region,
        unconfirmed=unconfirmed,
    )
    yield from _warning(context, stage, chain, piece)


def _warning(
    context: Context[D17Terms], stage: CustodyStage, chain: Prolonged, piece: Piece
) -> Iterator[Finding]:
    """The detention centre warns the office in the seven days before the last day."""
    act, region = stage.start, stage.row.source.region
    term, due = context.law(act, region).warning, chain.deadline.due
    if term is None or (due is not None and term.before(due) <= act):
        return  # a term no longer than the time of the warning has none
    window = [term.before(due)] if due else []  # not earlier: it is to be told as the end is near
    since = max([act, *window, *(each.granted_on for each in chain.granted)])
    warned = next((s for s in stage.steps if s.step == "warning_sent" and s.on >= since), None)
    deadline = Deadline(term.before(due) if due else act, term.text, due)
    done = warned.on if warned else None
    over = piece.spell.until
    if due is not None and over is not None and over <= due:
        done = over  # released or passed on: there was nothing left to warn of
    if due is not None and piece.spell.since > due:
        done = due
    judged = performed(
        context,
        deadline,
        done,
        refuted_by=CaseStep,
        legal=context.legal("warning", act, region),
        step="warning_sent",
        organ="lock_up",
    )
    yield Finding(
        rule="warning_7d",
        obligation=f"{stage.case_no}/{stage.row.source.key}/warning",
        outcome=judged.outcome,
        waiting=judged.waiting,
        act=act,
        basis=("warning",),
        facts=WarningFacts(
            case_no=stage.case_no,
            measure_no=piece.measure.measure_no,
            held_since=piece.measure.since,
            stage=stage.name,
            deadline=deadline,
            done_on=warned.on if warned else None,
        ),
        evidence=distinct(stage.row, piece.measure, warned),
        agency=piece.measure.source.agency,
        region=piece.measure.source.region,
        severity="medium",
    )


def _treatments(
    context: Context[D17Terms],
    dossier: Dossier,
    same: SameCase,
    cases: Mapping[str, PoliceCase],
    pauses: Mapping[str, Sequence[Pause]],
) -> Iterator[Finding]:
    """The chain after an appraisal that found the author of a violent act not responsible."""
    held = Spells(Spell(r.since, r.until) for r in dossier.of(Restraint) if r.kind not in FREE)
    steps: dict[str, dict[str, list[CaseStep]]] = {}
    for step in dossier.of(CaseStep):
        steps.setdefault(same.of(step.case_no), {}).setdefault(step.step, []).append(step)
    for case in sorted(pauses.keys() & cases.keys()):
        police, region = cases[case], cases[case].source.region
        appraised = [p for p in pauses[case] if p.result and p.until is not None]
        found = next((p for p in appraised if p.result == "irresponsible"), None)
        if found is None or found.until is None:
            continue
        if police.charge not in context.law(found.until, region).violent:
            continue
        excuse = "" if appraised[-1].result == "irresponsible" else "reappraised"
        chain = followed(
            context.calendar,
            found.until,
            TREATMENT,
            partial(context.law, region=region),
            steps.get(case, {}),
        )
        for link in chain:
            rule, due, begun = link.link.rule, link.deadline.due, link.begun
            agency = police.source.agency if begun is None else begun.source.agency
            judged = performed(
                context,
                link.deadline,
                link.done.on if link.done else None,
                refuted_by=CaseStep,
                legal=context.legal(rule, link.since, region),
                step=link.link.done_by,
            )
            yield Finding(
                rule=rule,
                obligation=f"{found.source.key}/{rule}",
                outcome=Outcome.EXEMPT if excuse else judged.outcome,
                excuse=excuse,
                waiting=judged.waiting,
                act=link.since,
                basis=(rule, "violent"),
                facts=TreatmentFacts(
                    case_no=police.police_case_no,
                    charge=police.charge,
                    appraised_on=found.until,
                    deadline=link.deadline,
                    whereabouts="kept" if due is not None and held.at(due) else "at_large",
                    done_on=link.done.on if link.done else None,
                ),
                evidence=distinct(found, appraised[-1], police, begun, link.done),
                agency=agency,
                region=region,
            )
