"""Companies that show no sign of life for as long as the law allows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from operator import sub

import msgspec

from detectors import (
    Context,
    Deadline,
    Dossier,
    Finding,
    Outcome,
    Spell,
    Term,
    Waiting,
    month_of,
    performed,
)
from detectors.company.register import ENDS, Register
from detectors.company.terms import CompanyLaw
from schemas import Activity, CompanyEvent, Execution

Law = Context[CompanyLaw]
_LEAST = {"d": 1, "wd": 1, "m": 28, "y": 365}  #: days that one unit of a term has at least


class DormantFacts(msgspec.Struct, frozen=True):
    registered_on: date
    last_sign: str
    last_sign_on: date
    outstanding_fen: int | None
    deadline: Deadline


def dormant(dossier: Dossier, context: Law, register: Register) -> Iterator[Finding]:
    """No sign of life for six months: nobody insured, no invoice, no tax, no annual report.

    The power to revoke is a power over how things stand: who trades again has no fault left.
    """
    company, closed_on = register.company, register.ended(ENDS)
    region = company.source.region
    days, sign, row = _signs_of_life(dossier, context, register)
    for deadline in _windows(context, days[-1], region):
        judged = performed(
            context,
            deadline,
            closed_on,
            refuted_by=Activity,
            also=((CompanyEvent, {"kind": ("annual_report",)}),),
            legal=False,
        )
        if judged.outcome is not Outcome.PENDING or judged.waiting is Waiting.NOT_DUE:
            break
    else:
        return
    outcome, excuse = judged.outcome, ""
    if outcome is Outcome.PENDING and sign == "suspension":
        outcome, excuse = Outcome.EXEMPT, "suspended_by_filing"
    elif outcome is Outcome.PENDING and _stood_still(deadline, days):
        outcome = Outcome.LAPSED  # it had stood still before, and does not any more
    unpaid = dossier.of(Execution, closing="终本")
    debts = tuple(execution for execution in unpaid if dossier.is_subject(execution.debtor))
    yield Finding(
        rule="dormant",
        obligation="dormant",
        outcome=outcome,
        excuse=excuse,
        waiting=judged.waiting,
        act=deadline.start,
        basis=("dormant", "suspension"),
        facts=DormantFacts(
            company.registered_on,
            sign,
            days[-1],
            sum(execution.outstanding_fen or 0 for execution in debts) or None,
            deadline,
        ),
        evidence=(company, *((row,) if row else ()), *debts),
        agency=company.source.agency,
        region=region,
    )


def _signs_of_life(
    dossier: Dossier, context: Law, register: Register
) -> tuple[list[date], str, Activity | CompanyEvent | None]:
    """The days of all signs in order; what the last one was, and its row."""
    signs: dict[date, tuple[str, Activity | CompanyEvent | None]] = {
        register.company.registered_on: ("registered", None)
    }
    for row in dossier.of(Activity):
        if row.insured or row.invoices_fen or row.tax_fen:
            signs[_last_day(row.month)] = ("active", row)
    for event in register.of("annual_report"):
        signs.setdefault(event.on, ("reported", event))
    for event in register.of("suspension"):
        allowed = context.law(event.on, register.company.source.region).suspension
        if allowed is not None:  # filed, and for no longer than the law allows
            longest = allowed.after(event.on)
            signs[min(event.until or longest, longest)] = ("suspension", event)
    days = sorted(day for day in signs if day >= register.company.registered_on)
    return days, *signs[days[-1]]


def _stood_still(deadline: Deadline, days: list[date]) -> bool:
    """Whether between two signs of life more time passed than the law allows."""
    term = Term(deadline.term)
    # Most signs lie weeks apart: only of the others it is asked what the term comes to.
    least = _LEAST[term.unit] * term.number
    at = list(map(date.toordinal, days))
    for n, apart in enumerate(map(sub, at[1:], at)):
        if apart > least and term.after(days[n]) < days[n + 1]:
            return True
    return False


@cache
def _last_day(month: date) -> date:
    return month_of(month).until or month


def _windows(context: Law, last_on: date, region: str) -> Iterator[Deadline]:
    """Six months from the last sign of life, and from each later first of January.

    A source that began later than the last sign knows nothing of the first window, and of a later
    one everything; a rule that came later is asked from its first day on.
    """
    for spell, law in context.laws(Spell(last_on), region):
        if law.dormant is None:
            continue
        start = spell.since
        while spell.until is None or start <= spell.until:
            yield context.calendar.deadline(start, law.dormant, roll=False)
            start = date(start.year + 1, 1, 1)
