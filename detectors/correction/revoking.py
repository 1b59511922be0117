"""After the proposal: the court rules, decides on arrest, and whoever lost it goes to prison."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from detectors import DAY, Context, Deadline, Spell, Term
from detectors.correction.duties import DeliverFacts, Duty, DutyFacts
from detectors.correction.file import CorrectionFile
from detectors.correction.person import Person
from detectors.correction.sending import facts_of, second_instance
from schemas import CaseStep, Judgment, Record, Restraint

#: Proposal, rule, and the court's answer.
ANSWERS = {
    "proposal_revoke": ("ruling", "ruled_revocation"),
    "proposal_recall": ("recall_decision", "recall_decided"),
    "proposal_arrest": ("arrest_48h", "arrest_decided"),
}
IN_PRISON = ("有期徒刑", "无期", "死缓")
RULINGS = ("ruled_revocation", "recall_decided")


def answers(
    context: Context[Any], file: CorrectionFile, person: Person
) -> Iterator[tuple[Duty, DutyFacts]]:
    """The court answers each proposal in time."""
    for kind, (rule, step) in ANSWERS.items():
        for proposal in {row.source.key: row for row in file.events.get(kind, ())}.values():
            region = proposal.source.region
            term = getattr(context.law(proposal.on, region), rule)
            if term is None:
                continue
            answer = person.step(step, proposal.on)
            duty = Duty(
                rule,
                f"{proposal.source.key}/{rule}",
                proposal.on,
                context.calendar.deadline(proposal.on, term),
                (answer.on, answer) if answer is not None else None,
                (proposal, file.spell, file.judgment),
                answer or file.judgment or proposal,
                ((CaseStep, {"step": step, "organ": "court"}),),
                excuse="died" if person.died_before(answer.on if answer else None) else "",
            )
            yield duty, DutyFacts(**facts_of(file, duty))


def arrested(
    context: Context[Any], file: CorrectionFile, person: Person
) -> Iterator[tuple[Duty, DutyFacts]]:
    """Thirty days at most are held for the ruling; custody does not roll off a holiday."""
    for proposal in {
        row.source.key: row for row in file.events.get("proposal_arrest", ())
    }.values():
        held = person.first_arrest(proposal.on)
        term = context.law(proposal.on, proposal.source.region).arrest_30d
        if held is None or term is None:
            continue
        ruled = person.step("ruled_revocation", held.since)
        ends: list[tuple[date, Record]] = [(ruled.on, ruled)] if ruled is not None else []
        ends += [(held.until, held)] if held.until is not None else []
        if person.death is not None and person.death.died_on >= held.since:
            ends.append((person.death.died_on, person.death))
        duty = Duty(
            "arrest_30d",
            f"{proposal.source.key}/arrest_30d",
            held.since,
            context.calendar.deadline(held.since, term, roll=False),
            min(ends, key=lambda end: end[0], default=None),
            (proposal, held, file.spell),
            held,
            ((CaseStep, {"step": "ruled_revocation", "organ": "court"}), (Restraint, {})),
        )
        yield duty, DutyFacts(**facts_of(file, duty))


def delivered(context: Context[Any], person: Person) -> Iterator[tuple[Duty, DeliverFacts]]:
    """Who is sentenced to prison is brought there; who lost probation or release, as well."""
    for judgment in person.judgments:
        if judgment.penalty in IN_PRISON and judgment.probation_until is None:
            yield _sentenced(context, judgment, person)
    for code in RULINGS:
        for ruling in {row.source.key: row for row in person.steps(code)}.values():
            term = context.law(ruling.on, ruling.source.region).deliver_revoked
            kept, handed = person.kept(ruling.on), person.step("delivered", ruling.on)
            ends: list[tuple[date, Record]] = []
            ends += [(max(kept.since, ruling.on), kept)] if kept is not None else []
            ends += [(handed.on, handed)] if handed is not None else []
            done = min(ends, key=lambda end: end[0], default=None)
            duty = Duty(
                "not_delivered",
                f"{ruling.source.key}/deliver",
                ruling.on,
                context.calendar.deadline(ruling.on, term),
                done,
                (ruling,),
                ruling,
                ((Restraint, {}),),
                parameter="deliver_revoked",
                excuse="died" if person.died_before(done[0] if done else None) else "",
            )
            yield (
                duty,
                DeliverFacts(
                    file_no=ruling.case_no,
                    kind=code,
                    effective_on=None,
                    deadline=duty.deadline,
                    done_on=duty.done_on,
                    papers_on=None,
                    revoked_on=ruling.on,
                    sentence_until=None,
                ),
            )


def _sentenced(
    context: Context[Any], judgment: Judgment, person: Person
) -> tuple[Duty, DeliverFacts]:
    day, region = judgment.effective_on or judgment.pronounced_on, judgment.source.region
    law = context.law(day, region)
    papers = person.step("papers", judgment.pronounced_on, judgment.case_no)
    start = papers.on if papers is not None else context.calendar.deadline(day, law.papers).due
    start = start or day
    prison = person.in_prison(day)
    handed = person.step("delivered", day)
    ends: list[tuple[date, Record]] = [(max(prison.since, day), prison)] if prison else []
    ends += [(handed.on, handed)] if handed is not None else []
    done = min(ends, key=lambda end: end[0], default=None)
    deadline = context.calendar.deadline(start, law.deliver)
    until = judgment.sentence_until
    longest = until or _longest(judgment, day)
    excuse = ""
    if (
        longest is not None
        and deadline.due is not None
        and longest <= law.remainder.after(deadline.due)
    ):
        excuse = "short_remainder"  # so much or less is served in the lock-up
    elif longest is None and judgment.penalty == IN_PRISON[0]:
        deadline = Deadline(start, law.deliver.text, None)  # what is left is not known
    if not excuse and person.let_out(judgment.case_no, Spell(day, deadline.due or day)):
        excuse = "let_out"
    if second_instance(judgment, person):
        excuse = "appeal_pending"
    if not excuse and person.died_before(done[0] if done else None):
        excuse = "died"
    kept = person.kept(day)
    duty = Duty(
        "not_delivered",
        f"{judgment.source.key}/deliver",
        start,
        deadline,
        done,
        (judgment, papers, kept),
        kept if papers is not None and kept is not None else judgment,
        ((Restraint, {}),),
        parameter="deliver",
        excuse=excuse,
    )
    facts = DeliverFacts(
        file_no=judgment.case_no,
        kind=judgment.penalty,
        effective_on=day,
        deadline=duty.deadline,
        done_on=duty.done_on,
        papers_on=papers.on if papers else None,
        revoked_on=None,
        sentence_until=until,
    )
    return duty, facts


def _longest(judgment: Judgment, day: date) -> date | None:
    """The last day of the term where the judgment gives its length alone."""
    if not judgment.months:
        return None
    return Term(f"{judgment.months} m").after(judgment.sentence_since or day) - DAY
