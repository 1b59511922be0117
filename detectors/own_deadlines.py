"""D08: terms of procuratorial work that run out or have run out, and faulty case cards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import msgspec

from detectors import (
    DAY,
    Context,
    Deadline,
    Dossier,
    Finding,
    Outcome,
    Term,
    detector,
    extended,
    performed,
)
from detectors.deadlines.cards import differing, empties, value_of
from detectors.deadlines.clocks import CLOCKS, OWN, Clock
from detectors.deadlines.running import Begun, CaseTime
from detectors.deadlines.terms import counted, notice_of, parameter_of, replied_in
from schemas import CaseCard, CaseStep, Decision, Document, Pause, Reply


class D08Terms(msgspec.Struct, frozen=True):
    arrest_review: Term | None
    arrest_review_free: Term | None
    prosecution_review: Term | None
    prosecution_review_fast: Term | None
    supplement: Term | None
    supplement_times: int | None
    treatment_request: Term | None
    explain_not_filing: Term | None
    open_case: Term | None
    tell_victim: Term | None
    law_breach: Term | None
    correction_reply: bool | None
    reexamine: Term | None
    reconsider: Term | None
    suggestion_reply: Term | None
    suggestion_copy: Term | None
    pi_filing_served: Term | None
    pi_served: Term | None
    pi_copy: Term | None
    pi_reply: Term | None
    pi_reply_urgent: Term | None
    pi_suit_review: Term | None
    pi_notice: Term | None
    pi_civil_review: Term | None
    civil_supervision: Term | None
    admin_accept: Term | None
    admin_supervision: Term | None
    documents_out: Term | None
    retrial_copy: Term | None
    court_retrial_suggestion: Term | None
    court_execution_suggestion: Term | None
    court_protest: Term | None
    petition_told: Term | None
    petition_result: Term | None
    aid_decision: Term | None
    notice_share: float
    held_field: tuple[str, str]
    fast_field: tuple[str, str]
    card_required: dict[str, tuple[str, ...]]
    card_lag: Term
    card_pairs: tuple[tuple[str, str], ...]


class ClockFacts(msgspec.Struct, frozen=True, kw_only=True):
    begun: str
    doc_no: str | None
    before: Deadline | None  #: the term that had to run first
    deadline: Deadline
    extended_to: date | None
    done: str | None
    done_on: date | None


class TimesFacts(msgspec.Struct, frozen=True):
    times: int
    most: int
    days: tuple[date, ...]


class EmptyFacts(msgspec.Struct, frozen=True):
    fields: tuple[str, ...]
    deadline: Deadline | None


class Difference(msgspec.Struct, frozen=True):
    field: str
    value: str
    other: str
    other_value: str


class DiffersFacts(msgspec.Struct, frozen=True):
    differences: tuple[Difference, ...]


class TwiceFacts(msgspec.Struct, frozen=True):
    cards: int


@detector(
    "D08",
    subject="case",
    reads=(Decision, CaseStep, Document, Reply, Pause, CaseCard),
    terms=D08Terms,
    needs=(CaseStep, Document, CaseCard),
)
def own_deadlines(dossier: Dossier, context: Context[D08Terms]) -> Iterator[Finding]:
    """Each clock of the table is watched until what it asks is done; cards are complete."""
    time, cards = CaseTime(dossier), dossier.of(CaseCard)
    rules = _Rules(context, time, cards)
    for clock in CLOCKS:
        if time.runs(clock):
            for begun in time.begun(clock):
                yield from rules.judge(clock, begun)
    yield from rules.supplements()
    if cards:
        yield from rules.card(dossier.of(Decision))


class _Rules:
    def __init__(
        self, context: Context[D08Terms], time: CaseTime, cards: tuple[CaseCard, ...]
    ) -> None:
        self.context, self.time, self.case_cards = context, time, cards

    def judge(self, clock: Clock, begun: Begun) -> Iterator[Finding]:
        """One running of one clock."""
        row, act = begun.row, begun.since or begun.row.day
        region, calendar = row.source.region, self.context.calendar
        law = self.context.law(act, region)
        parameter = parameter_of(
            clock, begun, self._says(law.held_field), self._says(law.fast_field)
        )
        article = self.context.in_force(parameter, act, region)
        if article is None or article.value is None:
            return
        value = getattr(law, parameter)
        pauses, left_out = self.time.left_out(article.pauses)
        plain, before = counted(
            clock,
            begun,
            value if isinstance(value, Term) else None,
            calendar,
            left_out,
            lambda name: getattr(law, name),
        )
        granted = self.time.granted(clock, begun)
        more = next(
            (calendar.deadline(plain.due, t).due for t in article.extensions if plain.due), None
        )
        deadline = extended(
            calendar, plain, [(on, until or more) for on, until in granted], left_out
        )
        judged = performed(
            self.context,
            msgspec.structs.replace(deadline, start=act),
            begun.done_on,
            refuted_by=(),
            notice=notice_of(deadline, law.notice_share),
            legal=article.kind == "legal",
            also=self.time.refuted_by(clock, begun),
        )
        ends = [day for day in (deadline.due, begun.done_on) if day]
        excuse, gone = self.time.excuse(act, min(ends, default=date.max))
        facts = ClockFacts(
            begun=begun.code,
            doc_no=row.doc_no or None,
            before=before,
            deadline=deadline,
            extended_to=deadline.due if deadline.due != plain.due else None,
            done=begun.how,
            done_on=begun.done_on,
        )
        rows = (
            row,
            *begun.twins,
            self.time.papers.get(row.doc_no),
            begun.done,
            gone,
            *pauses,
            *granted.values(),
        )
        first = replied_in(begun) if clock.after == "pi_reply" else clock.after
        yield Finding(
            rule=clock.name,
            obligation=f"{clock.name}/{row.source.key}",
            outcome=Outcome.EXEMPT if excuse else judged.outcome,
            stage=judged.stage,
            waiting=judged.waiting,
            excuse=excuse,
            act=act,
            basis=(first, parameter) if first else (parameter,),
            facts=facts,
            evidence=tuple(found for found in rows if found is not None),
            agency=self.time.bearer(clock, begun),
            region=region,
        )

    def _says(self, field: tuple[str, str]) -> bool:
        """Whether the case card has these words in the field."""
        name, words = field
        return words in value_of(self.case_cards, name)

    def supplements(self) -> Iterator[Finding]:
        """A case is sent back for more investigation twice at most."""
        returned = tuple({s.on: s for s in self.time.of(OWN, "returned_for_supplement")}.values())
        for number, step in enumerate(returned):
            most = self.context.law(step.on, step.source.region).supplement_times
            if most is None or number < most:
                continue
            yield Finding(
                rule="supplement_times",
                obligation=f"supplement_times/{step.source.key}",
                outcome=Outcome.HOLDS,
                act=step.on,
                basis=("supplement_times",),
                facts=TimesFacts(number + 1, most, tuple(s.on for s in returned[: number + 1])),
                evidence=returned[: number + 1],
                agency=step.source.agency,
                region=step.source.region,
            )

    def card(self, decisions: tuple[Decision, ...]) -> Iterator[Finding]:
        """A card is filled in, agrees with itself and is there once."""
        card = self.case_cards[-1]
        twins = max(Counter(other.source.agency for other in self.case_cards).values())
        act = card.opened_on or min((d.decided_on for d in decisions), default=date.min)
        law = self.context.law(act, card.source.region)
        missing, due = list[str](), None
        for empty in empties(card, decisions, law.card_required):
            deadline = self.context.calendar.deadline(empty.since, law.card_lag)
            if deadline.due and self.context.reached(deadline.due + DAY):
                missing.append(empty.field)
                due = min(due or deadline, deadline, key=lambda d: d.due or date.max)
        unlike = tuple(Difference(*found) for found in differing(card, law.card_pairs))
        told: tuple[tuple[str, bool, tuple[str, ...], msgspec.Struct], ...] = (
            (
                "empty",
                bool(missing),
                ("card_required", "card_lag"),
                EmptyFacts(tuple(missing), due),
            ),
            ("differs", bool(unlike), ("card_pairs",), DiffersFacts(unlike)),
            ("duplicate", twins > 1, (), TwiceFacts(twins)),
        )
        for check, wrong, basis, facts in told:
            yield Finding(
                rule=f"card_{check}",
                obligation=f"card/{card.case_no}/{check}",
                outcome=Outcome.HOLDS if wrong else Outcome.LAPSED,
                act=act,
                basis=basis,
                facts=facts,
                evidence=(*self.case_cards, *(decisions if check == "empty" else ())),
                agency=card.source.agency,
                region=card.source.region,
            )
