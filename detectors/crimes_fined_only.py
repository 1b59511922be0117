"""D04: an offence at the level of a crime, punished administratively and not sent to the police."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from detectors import (
    Context,
    Deadline,
    Dossier,
    Finding,
    Outcome,
    Term,
    detector,
    grouped,
    performed,
    under_age,
)
from detectors.fined.lines import REPEATS, Hit, LineLaw, done_on, fullest, hits, last_run, measured
from detectors.fined.transfers import Transfers
from schemas import CaseStep, Decision, Penalty, PoliceCase, Receipt, Record


class D04Terms(LineLaw, frozen=True):
    tax_share: float | None
    tax_paid: Term | None
    tax_penalties: int
    toxic_food: bool | None
    transfer_decide: Term | None
    transfer_send: Term | None
    transfer_unreported: Term
    responsible_age: Term
    same_facts: Term


class Offence(msgspec.Struct, frozen=True):
    decision_no: str
    on: date
    decided_on: date
    value_fen: int | None


class FinedFacts(msgspec.Struct, frozen=True, kw_only=True):
    decision_no: str
    cause: str
    charge: str
    act_on: date | None
    decided_on: date
    fine_fen: int
    reported_on: date | None
    decide: Deadline | None
    deadline: Deadline
    transferred_on: date | None
    filed_on: date | None


class AmountFacts(FinedFacts, frozen=True, kw_only=True):
    hits: tuple[Hit, ...]
    share_pct: int | None
    share_unknown: str | None
    conduct_unknown: str | None


class RepeatFacts(FinedFacts, frozen=True, kw_only=True):
    offences: tuple[Offence, ...]
    times: int
    window: str
    penalised: str | None


@detector(
    "D04",
    subject="party",
    reads=(Penalty, CaseStep, PoliceCase, Decision, Receipt),
    terms=D04Terms,
    needs=(Penalty,),
)
def crimes_fined_only(dossier: Dossier, context: Context[D04Terms]) -> Iterator[Finding]:
    """An offence that reaches the line of a crime goes to the police, not only to the till."""
    penalties = fullest(dossier.of(Penalty))
    file = _File(
        context,
        Transfers(dossier, (p.decision_no for p in penalties), context.law(date.min).same_facts),
        grouped(dossier.of(Receipt, kind="tax"), "for_no"),
        sorted(p.decided_on for p in penalties if p.cause == "tax_evasion" and not p.annulled_on),
    )
    for penalty in penalties:
        yield from file.amounts(penalty)
        yield from file.conduct(penalty)
    for charge in dict.fromkeys(repeat.charge for repeat in REPEATS):
        yield from file.repeated(charge, penalties)


@dataclass(frozen=True)
class _File:
    """What the party's dossier knows of transfers, police cases and taxes paid."""

    context: Context[D04Terms]
    transfers: Transfers
    taxes: dict[str, tuple[Receipt, ...]]
    evasions: Sequence[date]  #: of penalties for evading taxes

    def law_of(self, penalty: Penalty) -> D04Terms:
        return self.context.law(done_on(penalty), penalty.source.region)

    def amounts(self, penalty: Penalty) -> Iterator[Finding]:
        """Each crime of which a measure reaches the line of the day of the offence."""
        law = self.law_of(penalty)
        for charge, found in hits(penalty, law).items():
            share = penalty.tax_share_pct
            taxed = charge == "201"
            if taxed and (law.tax_share is None or law.tax_paid is None):
                continue  # the sum alone makes no crime
            if taxed and share is not None and share < (law.tax_share or 0) * 100:
                continue
            unknown = taxed and share is None
            # Destruction, the share, and whether waste was dumped or only stored, are in no record.
            graded = unknown or charge in ("338", "342")
            facts = {
                "hits": tuple(hit for _, hit in found),
                "share_pct": share if taxed else None,
                "share_unknown": "share_unknown" if unknown else None,
                "conduct_unknown": "conduct_unknown" if charge == "338" else None,
            }
            parameters = (*(parameter for parameter, _ in found), *(("tax_share",) * taxed))
            yield self._finding(
                "amount",
                f"{penalty.decision_no}/{charge}",
                penalty,
                charge,
                parameters,
                AmountFacts,
                facts,
                (penalty,),
                max(hit.value_fen or 0 for _, hit in found),
                "" if graded else "medium",
            )

    def conduct(self, penalty: Penalty) -> Iterator[Finding]:
        """Poison in food is a crime whatever the sum (刑法144)."""
        law = self.law_of(penalty)
        if penalty.cause == "toxic_food" and law.toxic_food:
            yield self._finding(
                "conduct",
                f"{penalty.decision_no}/144/conduct",
                penalty,
                "144",
                ("toxic_food",),
                FinedFacts,
                {},
                (penalty,),
                0,
                "high",
            )

    def repeated(self, charge: str, penalties: Sequence[Penalty]) -> Iterator[Finding]:
        """So often in the time before the last offence, or once more after so many penalties."""
        rules = [repeat for repeat in REPEATS if repeat.charge == charge]
        mine = sorted(
            (p for p in penalties if p.cause in rules[0].causes),
            key=lambda p: (done_on(p), p.decided_on, p.decision_no),
        )
        valid = [penalty for penalty in mine if not penalty.annulled_on]
        found = [(r, run) for r in rules if (run := last_run(r, valid, self.law_of))]
        annulled = not found
        if annulled and len(valid) < len(mine):
            found = [(r, run) for r in rules if (run := last_run(r, mine, self.law_of))]
        if not found:
            return
        rule, run = max(found, key=lambda pair: done_on(pair[1][-1]))
        law = self.law_of(run[-1])
        facts = {
            "offences": tuple(
                Offence(p.decision_no, done_on(p), p.decided_on, measured(p, "trade_fen"))
                for p in run
            ),
            "times": getattr(law, rule.times),
            "window": getattr(law, rule.window).text,
            "penalised": "penalised" if rule.penalised else None,
        }
        floors = {"": (), "half": ("theft_half", "theft_fen")}.get(rule.floor, (rule.floor,))
        yield self._finding(
            "repeat",
            f"repeat/{charge}",
            run[-1],
            charge,
            (rule.times, rule.window, *floors),
            RepeatFacts,
            facts,
            run,
            measured(run[-1], rule.measure) or 0 if rule.measure else 0,
            "medium",
            "annulled" if annulled else "",
        )

    def _finding(
        self,
        rule: str,
        obligation: str,
        penalty: Penalty,
        charge: str,
        parameters: tuple[str, ...],
        kind: type[FinedFacts],
        told: dict[str, Any],
        rows: tuple[Penalty, ...],
        amount_fen: int,
        severity: str,
        excuse: str = "",
    ) -> Finding:
        """The offence was passed on to the police in time, late, or not at all."""
        context, region, act = self.context, penalty.source.region, done_on(penalty)
        start = penalty.report_on or penalty.decided_on
        law, decide = context.law(start, region), None
        terms: tuple[str, ...] = ("transfer_unreported",)
        deadline = context.calendar.deadline(start, law.transfer_unreported)
        if penalty.report_on and law.transfer_decide and law.transfer_send:
            terms = ("transfer_decide", "transfer_send")
            decide = context.calendar.deadline(start, law.transfer_decide)
            deadline = context.calendar.deadline(decide.due or start, law.transfer_send)
        sent, case = self.transfers.sent(penalty), self.transfers.filed(penalty, charge)
        done: list[CaseStep | PoliceCase] = [row for row in (sent, case) if row is not None]
        judged = performed(
            context,
            msgspec.structs.replace(deadline, start=start),
            min((row.day for row in done), default=None),
            refuted_by=CaseStep,
            legal=context.legal(terms[0], start, region),
            also=((PoliceCase, {}),),
            step="transferred_to_police",
            organ="agency",
        )
        paper: Record | None = None
        if not excuse:
            excuse, paper = self._excuse(penalty, charge, case)
        facts = kind(
            decision_no=penalty.decision_no,
            cause=penalty.cause,
            charge=charge,
            act_on=penalty.act_on,
            decided_on=penalty.decided_on,
            fine_fen=penalty.fine_fen,
            reported_on=penalty.report_on,
            decide=decide,
            deadline=deadline,
            transferred_on=sent.on if sent else None,
            filed_on=case.filed_on if case else None,
            **told,
        )
        return Finding(
            rule=rule,
            obligation=obligation,
            outcome=Outcome.EXEMPT if excuse else judged.outcome,
            excuse=excuse,
            waiting=judged.waiting,
            act=act,
            basis=(*parameters, *terms),
            facts=facts,
            evidence=(*rows, *done, *((paper,) if paper else ())),
            agency=penalty.agency or penalty.source.agency,
            region=region,
            amount_fen=amount_fen,
            severity=severity,
        )

    def _excuse(
        self, penalty: Penalty, charge: str, case: PoliceCase | None
    ) -> tuple[str, Record | None]:
        act, law = done_on(penalty), self.law_of(penalty)
        if penalty.annulled_on:
            return "annulled", None
        if decision := self.transfers.concluded(penalty, charge):
            return "prosecution_decided", decision
        if under_age(penalty.party, law.responsible_age, act):
            return "statutory_age", None
        if charge == "201" and law.tax_paid and penalty.tax_fen:
            receipts = self.taxes.get(penalty.decision_no, ())
            early = [r for r in receipts if case is None or r.on < case.filed_on]
            paid = sum(receipt.amount_fen for receipt in early) >= penalty.tax_fen
            since = bisect_left(self.evasions, law.tax_paid.before(act))
            before = bisect_left(self.evasions, act) - since
            if paid and before < law.tax_penalties:
                return "tax_paid_before_filing", early[-1]
        declined = self.transfers.declined(penalty, case)
        return ("not_filed_reviewed", declined) if declined else ("", None)
