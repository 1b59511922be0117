"""D03: not prosecuted, and then not passed on, reviewed, answered or punished in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import msgspec

from detectors import (
    DAY,
    Context,
    Deadline,
    Dossier,
    Finding,
    Judged,
    Outcome,
    Penalties,
    Spell,
    Term,
    by_number,
    detector,
    extended,
    grouped,
    performed,
    under_age,
)
from schemas import CaseStep, Decision, Document, Pause, Penalty, Record, Reply

#: A conditional non-prosecution is not final: its own final decision starts the chain.
FINAL = ("non_prosecution_statutory", "non_prosecution_relative", "non_prosecution_doubt")


class D03Terms(msgspec.Struct, frozen=True):
    transfer: Term
    review: Term
    reply: Term
    reply_stated: bool | None
    penalty: Term | None
    penalty_police: Term | None
    penalty_unfiled: Term | None
    prescription: Term | None
    same_facts: Term
    responsible_age: Term


class TransferFacts(msgspec.Struct, frozen=True, kw_only=True):
    decision_no: str
    decided_on: date
    kind: str
    ground: str | None
    charges: tuple[str, ...]
    deadline: Deadline
    done_on: date | None


class ReviewFacts(TransferFacts, frozen=True, kw_only=True):
    extended_to: date | None


class ReplyFacts(TransferFacts, frozen=True, kw_only=True):
    doc_no: str
    served_on: date | None


class PenaltyFacts(TransferFacts, frozen=True, kw_only=True):
    doc_no: str
    replied_on: date
    filed_on: date | None
    extension: str | None  #: the longest that the law allows, counted in
    done_no: str | None


@detector(
    "D03",
    subject="party",
    reads=(Decision, CaseStep, Document, Reply, Pause, Penalty),
    terms=D03Terms,
    needs=(Decision,),
)
def not_prosecuted_not_punished(dossier: Dossier, context: Context[D03Terms]) -> Iterator[Finding]:
    """Who is not prosecuted but ought to be punished is passed on, judged and punished in time."""
    steps = grouped(dossier.of(CaseStep, organ="procuratorate"), "case_no")
    pauses = grouped(dossier.of(Pause), "case_no")
    opinions = grouped(by_number(dossier.of(Document, kind="opinion"), "doc_no"), "case_no")
    replies = grouped(dossier.of(Reply), "doc_no")
    penalties = Penalties(dossier.of(Penalty))
    prosecutions = grouped(dossier.of(Decision, kind="prosecution"), "case_no")
    for decision in by_number(dossier.of(Decision, kind=FINAL), "decision_no"):
        case, day = decision.case_no, decision.decided_on
        chain = _Chain(
            context,
            decision,
            tuple(step for step in steps.get(case, ()) if step.on >= day),
            pauses.get(case, ()),
            penalties,
            any(other.decided_on >= day for other in prosecutions.get(case, ())),
        )
        yield chain.transfer()
        yield from chain.review()
        for opinion in opinions.get(case, ()):
            if opinion.issued_on >= day:
                asked = replies.get(opinion.doc_no, ())  # also before the paper's formal service
                answers = [reply for reply in asked if reply.replied_on >= opinion.issued_on]
                yield chain.reply(opinion, answers)
                yield from chain.penalty(opinion, answers)


@dataclass(frozen=True)
class _Chain:
    """One final decision not to prosecute, with what followed it."""

    context: Context[D03Terms]
    decision: Decision
    steps: tuple[CaseStep, ...]  #: of the procuratorate, since the decision
    pauses: tuple[Pause, ...]
    penalties: Penalties
    prosecuted: bool

    def transfer(self) -> Finding:
        """The department passes the case on; a case that was accepted has been passed on."""
        day, region = self.decision.decided_on, self.region
        moved = self._step("transferred", "accepted")
        deadline = self.context.calendar.deadline(day, self.law.transfer)
        judged = performed(
            self.context,
            deadline,
            moved.on if moved else None,
            refuted_by=CaseStep,
            legal=self.context.legal("transfer", day, region),
            step="transferred",
            organ="procuratorate",
        )
        facts = TransferFacts(**self._told(deadline, moved.on if moved else None))
        return self._finding("transfer", judged, day, facts, (moved,))

    def review(self) -> Iterator[Finding]:
        """The administrative department ends its review, counted from its acceptance."""
        accepted = self._step("accepted")
        if accepted is None:
            return
        day, region = self.decision.decided_on, self.region
        ended = self._step("review_ended", since=accepted.on)
        article = self.context.in_force("review", day, region)
        pauses = [p for p in self.pauses if article and p.ground in article.pauses]
        extensions = [step for step in self.steps if step.step == "extended"]
        excluded = [Spell(p.since, p.until) for p in pauses]
        calendar = self.context.calendar
        plain = calendar.deadline(accepted.on, self.law.review, excluded)
        deadline = extended(calendar, plain, [(s.on, s.until) for s in extensions], excluded)
        judged = performed(
            self.context,
            deadline,
            ended.on if ended else None,
            refuted_by=CaseStep,
            legal=self.context.legal("review", day, region),
            step="review_ended",
            organ="procuratorate",
        )
        told = self._told(deadline, ended.on if ended else None)
        facts = ReviewFacts(**told, extended_to=deadline.due if deadline.due != plain.due else None)
        rows = (accepted, *extensions, *pauses, ended)
        yield self._finding("review", judged, day, facts, rows, accepted.source.agency)

    def reply(self, opinion: Document, answers: Sequence[Reply]) -> Finding:
        """The agency answers by the day that the opinion states, or within the usual term."""
        day, region = self.decision.decided_on, self.region
        stated = opinion.reply_due is not None and bool(self.law.reply_stated)
        parameter = "reply_stated" if stated else "reply"
        if opinion.served_on is None:
            deadline = Deadline(opinion.issued_on, self.law.reply.text, None)
        elif stated:
            deadline = Deadline(opinion.served_on, self.law.reply.text, opinion.reply_due)
        else:
            deadline = self.context.calendar.deadline(opinion.served_on, self.law.reply)
        first = answers[0] if answers else None
        judged = performed(
            self.context,
            deadline,
            first.replied_on if first else None,
            refuted_by=Reply,
            legal=self.context.legal(parameter, day, region),
            agency=opinion.recipient,
        )
        told = self._told(deadline, first.replied_on if first else None)
        facts = ReplyFacts(**told, doc_no=opinion.doc_no, served_on=opinion.served_on)
        rows, agency = (opinion, first), opinion.recipient
        return self._finding("reply", judged, day, facts, rows, agency, parameter, opinion.doc_no)

    def penalty(self, opinion: Document, answers: Sequence[Reply]) -> Iterator[Finding]:
        """The agency that promised to punish decides within the term of its own procedure."""
        promise = next((reply for reply in answers if reply.kind == "will_punish"), None)
        police = self.context.listed("police_organs", opinion.recipient)
        if promise is None or (police and not self.context.granted("public_security")):
            return
        act = promise.filed_on or promise.replied_on
        parameter = "penalty_police" if police else "penalty"
        if self.context.in_force(parameter, act, self.region) is None:
            return
        parameter = parameter if promise.filed_on else "penalty_unfiled"
        article = self.context.in_force(parameter, act, self.region)
        term = getattr(self.context.law(act, self.region), parameter)
        if article is None or term is None:
            return
        days = term.number + sum(extension.number for extension in article.extensions)
        pauses = [p for p in self.pauses if p.ground in article.pauses]
        deadline = self.context.calendar.deadline(
            act, Term(f"{days} {term.unit}"), [Spell(p.since, p.until) for p in pauses]
        )
        done: list[Record] = [p for r in answers for p in self.penalties.numbered(r.penalty_no)]
        since = self.decision.decided_on + DAY
        done += self.penalties.by(opinion.recipient, self.decision.charges, since)
        done += [reply for reply in answers if reply.kind != "will_punish" and reply.day >= act]
        paper = min(done, key=lambda row: row.day, default=None)
        done_on = paper.day if paper else None
        judged = performed(
            self.context,
            deadline,
            done_on,
            refuted_by=Penalty,
            legal=article.kind == "legal",
            agency=opinion.recipient,
        )
        facts = PenaltyFacts(
            **self._told(deadline, done_on),
            doc_no=opinion.doc_no,
            replied_on=promise.replied_on,
            filed_on=promise.filed_on,
            extension=f"{days - term.number} {term.unit}" if article.extensions else None,
            done_no=paper.decision_no if isinstance(paper, Penalty) else None,
        )
        rows, agency = (opinion, promise, *pauses, paper), opinion.recipient
        yield self._finding("penalty", judged, act, facts, rows, agency, parameter, opinion.doc_no)

    @property
    def law(self) -> D03Terms:
        return self.context.law(self.decision.decided_on, self.region)

    @property
    def region(self) -> str:
        return self.decision.source.region

    @cached_property
    def excuse(self) -> str:
        """The lawful reason for which the chain ends, if there is one."""
        day = self.decision.decided_on
        since = self.law.same_facts.before(day)
        if self.decision.revoked_on:
            return "decision_revoked"
        if self.prosecuted:
            return "prosecuted_later"
        if any(p.decided_on <= day for p in self.penalties.by("", self.decision.charges, since)):
            return "punished_before"
        if self._step("no_penalty_needed"):
            return "no_penalty_needed"
        young = under_age(self.decision.party, self.law.responsible_age, day)
        return "statutory_age" if young else ""

    def _step(self, *codes: str, since: date = date.min) -> CaseStep | None:
        return next((s for s in self.steps if s.step in codes and s.on >= since), None)

    def _told(self, deadline: Deadline, done_on: date | None) -> dict[str, Any]:
        return {
            "decision_no": self.decision.decision_no,
            "decided_on": self.decision.decided_on,
            "kind": self.decision.kind,
            "ground": self.decision.ground_article or None,
            "charges": self.decision.charges,
            "deadline": deadline,
            "done_on": done_on,
        }

    def _finding(
        self,
        rule: str,
        judged: Judged,
        act: date,
        facts: TransferFacts,
        rows: Iterable[Record | None],
        agency: str = "",
        parameter: str = "",
        doc_no: str = "",
    ) -> Finding:
        also = ("prescription",) if rule == "penalty" else ()
        return Finding(
            rule=rule,
            obligation="/".join(filter(None, (self.decision.decision_no, rule, doc_no))),
            outcome=Outcome.EXEMPT if self.excuse else judged.outcome,
            excuse=self.excuse,
            waiting=judged.waiting,
            act=act,
            basis=(parameter or rule, *also),
            facts=facts,
            evidence=(self.decision, *(row for row in rows if row is not None)),
            agency=agency or self.decision.source.agency,
            region=self.region,
        )
