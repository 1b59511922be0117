"""The court tells the office and sends the papers; the person reports in, or is handed over."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from typing import Any

from detectors import DAY, Context, Spell
from detectors.correction.duties import Duty, DutyFacts
from detectors.correction.file import CorrectionFile
from detectors.correction.person import Person
from schemas import CaseStep, CorrectionEvent, CorrectionSpell, Judgment, Record, Restraint

REPORTS = ("control", "probation", "parole")
SANCTIONS = ("admonition", "warning", "proposal_revoke")


def facts_of(file: CorrectionFile, duty: Duty) -> dict[str, Any]:
    """What every duty around a file says."""
    return {
        "file_no": file.number,
        "kind": file.kind,
        "effective_on": file.effective_on,
        "deadline": duty.deadline,
        "done_on": duty.done_on,
    }


def court_duties(
    context: Context[Any], file: CorrectionFile, person: Person
) -> Iterator[tuple[Duty, DutyFacts]]:
    """Five days to tell the office of a sentence served outside, ten to send it the papers."""
    judgment = file.judgment
    if judgment is None or judgment.effective_on is None:
        return
    if file.kind not in REPORTS[:2] or not file.earliest:
        return
    day, region = judgment.effective_on, judgment.source.region
    for rule, step, event in (
        ("court_notice", "notice", "notice_received"),
        ("court_papers", "papers", "papers_received"),
    ):
        term = getattr(context.law(day, region), rule)
        if term is None:
            continue
        sent = person.step(step, judgment.pronounced_on, judgment.case_no)
        received = file.first((event,), judgment.pronounced_on)
        done = _first(sent, received)
        duty = Duty(
            rule,
            f"{judgment.source.key}/{step}",
            day,
            context.calendar.deadline(day, term),
            done,
            (judgment,),
            judgment,
            (
                (CaseStep, {"step": step, "organ": "court"}),
                (CorrectionEvent, {"kind": event}),
            ),
            excuse=_of_court(file, person, done),
        )
        yield duty, DutyFacts(**facts_of(file, duty))


def report_in(
    context: Context[Any], file: CorrectionFile, person: Person
) -> tuple[Duty, DutyFacts] | None:
    """Ten days from effect to report in; a sanction for being late is what the office owes."""
    start = file.effective_on
    owner: Record | None = file.spell or file.judgment
    if file.kind not in REPORTS or start is None or owner is None or not file.earliest:
        return None
    term = context.law(start, owner.source.region).report_in
    if term is None:
        return None
    deadline = context.calendar.deadline(start, term)
    due = deadline.due or start
    known = file.first(("notice_received", "papers_received", "reported"))
    entered = (file.spell.since, file.spell) if file.spell is not None else None
    done = _earliest(_first(file.first(("reported",), start), file.first(SANCTIONS, due)), entered)
    key = file.judgment.source.key if _by_judgment(file) and file.judgment else file.number
    duty = Duty(
        "report_in",
        f"{key}/report_in",
        start,
        deadline,
        done,
        (file.judgment, file.spell, known),
        file.spell or known or owner,
        ((CorrectionEvent, {"kind": "reported"}), (CorrectionSpell, {})),
        excuse=_excuse(file, person, due, done[0] if done else None),
    )
    return duty, DutyFacts(**facts_of(file, duty))


def late_with_reporting(file: CorrectionFile, duty: Duty) -> Spell | None:
    """The days from the end of the term to the day on which the person came, sanction or not."""
    due = duty.deadline.due
    if due is None or duty.excuse:
        return None
    came = file.first(("reported",), duty.act)
    days = [file.spell.since] if file.spell is not None else []
    days += [came.on] if came is not None else []
    return Spell(due + DAY, min(days) - DAY if days else None)


def hand_overs(context: Context[Any], person: Person) -> Iterator[tuple[Duty, DutyFacts]]:
    """Ten days for the prison or lock-up to hand over whom it lets out for a time.

    The prison's own row begins the duty, so also where no office made a file; a file whose prison
    sends no rows begins it by the day on which the decision took effect.
    """
    files, claimed = person.releases, set[str]()
    for row in person.restraints:
        if row.end_reason == "temporary_release" and row.until is not None:
            place = bisect_left(files, row.until, key=lambda spell: spell.since)
            spell = files[place] if place < len(files) else None
            if spell is not None:
                claimed.add(spell.file_no)
            yield from _hand_over(context, person, row, row.until, spell)
    for spell in files:
        if spell.file_no not in claimed and spell.effective_on is not None:
            yield from _hand_over(context, person, spell, spell.effective_on, spell)


def _hand_over(
    context: Context[Any],
    person: Person,
    row: Restraint | CorrectionSpell,
    start: date,
    spell: CorrectionSpell | None,
) -> Iterator[tuple[Duty, DutyFacts]]:
    term = context.law(start, row.source.region).hand_over
    if term is None:
        return
    handed = _first(person.step("handed_over", start))
    done = _earliest(handed, (spell.since, spell) if spell is not None else None)
    number = row.measure_no if isinstance(row, Restraint) else row.file_no
    locked_up = isinstance(row, Restraint) and row.kind != "prison"
    where = {"step": "handed_over", "organ": "lock_up" if locked_up else "prison"}
    duty = Duty(
        "hand_over",
        f"{number}/hand_over",
        start,
        context.calendar.deadline(start, term),
        done,
        (row,),
        row,
        ((CaseStep, where), (CorrectionSpell, {})),
        excuse="died" if person.died_before(done[0] if done else None) else "",
    )
    yield (
        duty,
        DutyFacts(
            file_no=number,
            kind="temporary_release",
            effective_on=start,
            deadline=duty.deadline,
            done_on=duty.done_on,
        ),
    )


def appeal(file: CorrectionFile, person: Person) -> bool:
    """Whether a second instance began after the day that is given as that of effect."""
    return file.judgment is not None and second_instance(file.judgment, person)


def second_instance(judgment: Judgment, person: Person) -> bool:
    """The same of a judgment."""
    if judgment.effective_on is None:
        return False
    after = judgment.effective_on + DAY
    return person.step("second_instance", after, judgment.case_no) is not None


def _of_court(file: CorrectionFile, person: Person, done: tuple[date, Record] | None) -> str:
    if appeal(file, person):
        return "appeal_pending"
    return "died" if person.died_before(done[0] if done else None) else ""


def _by_judgment(file: CorrectionFile) -> bool:
    return file.judgment is not None and file.kind in REPORTS[:2]


def _excuse(file: CorrectionFile, person: Person, due: date, done: date | None) -> str:
    if appeal(file, person):
        return "appeal_pending"
    case = file.judgment.case_no if file.judgment is not None else ""
    moved = person.step("moved", date.min, case) if case else None
    left = file.spell is not None and file.spell.end_reason == "transferred"
    if moved is not None or left or file.first(("transfer",)) is not None:
        return "handed_over_elsewhere"
    if person.died_before(done):
        return "died"
    if (done is None or done > due) and person.held.at(due) is not None:
        return "in_custody"
    return ""


def _first(*rows: CaseStep | CorrectionEvent | None) -> tuple[date, Record] | None:
    found: list[tuple[date, Record]] = [(row.on, row) for row in rows if row is not None]
    return min(found, key=lambda end: end[0], default=None)


def _earliest(*ends: tuple[date, Record] | None) -> tuple[date, Record] | None:
    return min((end for end in ends if end is not None), key=lambda end: end[0], default=None)
