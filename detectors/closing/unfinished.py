"""Executions that were closed without a result (终结本次执行程序), and until when that lasts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from detectors.framework.grouped import by_number, grouped
from detectors.framework.spell import DAY, Spell
from detectors.framework.term import Term
from schemas import CaseStep, Execution, Holding, Receipt, Record

#: Closings that tell of an end for want of property; 恢复 says that it was taken up again.
UNFINISHED = ("终本", "恢复")


class Unfinished(NamedTuple):
    """One execution closed without a result: when, and how it was taken up again."""

    execution: Execution
    closed_on: date
    resumed: Record | None  #: the paper that shows the resumption
    resumed_on: date | None
    again: bool  #: taken up again, also where no day is known

    def lasts(self, horizon: Term) -> Spell:
        """From the closing to the day before it was taken up again, or the end of the horizon."""
        end = horizon.after(self.closed_on)
        return Spell(self.closed_on, min(end, self.resumed_on - DAY) if self.resumed_on else end)

    @property
    def criminal(self) -> bool:
        """Whether a criminal judgment is executed: its property parts have rules of their own."""
        return "刑" in self.execution.base_no


def unfinished(
    executions: Iterable[Execution], steps: Mapping[str, Sequence[CaseStep]]
) -> Iterator[Unfinished]:
    """The executions against one debtor that were closed without a result.

    A step says that a case was taken up again, or a later execution of the same paper does.
    """
    ours = sorted(by_number(executions, "case_no"), key=lambda e: (e.filed_on, e.case_no))
    of_base = grouped(ours, "base_no")
    filed = {base: [e.filed_on for e in same] for base, same in of_base.items()}
    for execution in ours:
        if execution.closing not in UNFINISHED or execution.closed_on is None:
            continue
        closed_on = execution.closed_on
        papers: list[Record] = [
            step
            for step in steps.get(execution.case_no, ())
            if step.step == "resumed" and step.on >= closed_on
        ]
        if base := execution.base_no:
            papers += of_base[base][bisect_right(filed[base], closed_on) :][:1]
        resumed = min(papers, key=lambda paper: paper.day, default=None)
        again = resumed is not None or execution.closing == "恢复"
        yield Unfinished(execution, closed_on, resumed, resumed.day if resumed else None, again)


def owed(execution: Execution, receipts: Iterable[Receipt]) -> int | None:
    """What is still owed after payments; None where no sum is known."""
    sum_fen = execution.outstanding_fen
    if sum_fen is None:
        sum_fen = execution.claim_fen
    if sum_fen is None:
        return None
    paid = sum(
        receipt.amount_fen
        for receipt in receipts
        if receipt.kind == "paid"
        and (execution.closed_on is None or receipt.on > execution.closed_on)
    )
    return max(sum_fen - paid, 0)


def share_fen(holding: Holding) -> int | None:
    """The party's share of the value, before what it is pledged for; None: not valued."""
    if holding.value_fen is None:
        return None
    share = 100 if holding.share_pct is None else holding.share_pct
    return holding.value_fen * share // 100
