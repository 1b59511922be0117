"""How the court goes about one property item: handed over, filed, executed, and by when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple, Protocol

from detectors.collection.ledger import Owed
from detectors.framework.calendar import Calendar, Deadline
from detectors.framework.extension import extended
from detectors.framework.spell import DAY, Spell
from detectors.framework.term import Term
from schemas import CaseStep, Execution, Pause, Record

#: Ends of an execution that leave what was not paid unpaid.
UNPAID_ENDS = ("终本", "终结", "销案")


#: What would refute each duty of the court, in the words of a question about completeness.
REFUTED_BY: Mapping[str, tuple[tuple[type[Record], Mapping[str, object]], ...]] = {
    "transfer": ((CaseStep, {"organ": "court", "step": "handed_to_filing"}),),
    "filing": ((CaseStep, {"organ": "court", "step": "execution_filed"}), (Execution, {})),
    "execution": (
        (CaseStep, {"organ": "court", "step": ("execution_closed", "extended")}),
        (Execution, {}),
    ),
}


class CollectingLaw(Protocol):
    """The terms of the law of a day."""

    @property
    def transfer(self) -> Term: ...
    @property
    def filing(self) -> Term | None: ...
    @property
    def execution(self) -> Term | None: ...


class Stretch(NamedTuple):
    """One duty of the court: its key, its term, the day on which it was done, its rows."""

    rule: str
    key: str
    act: date
    deadline: Deadline
    done_on: date | None
    rows: tuple[Record, ...]

    @property
    def refuted_by(self) -> tuple[tuple[type[Record], Mapping[str, object]], ...]:
        return REFUTED_BY[self.rule]


class Course(NamedTuple):
    """All stages, and the day from which the court has no time left to be waiting for."""

    stages: tuple[Stretch, ...]
    idle_from: date | None
    closed: Execution | None  #: the last execution, where it ended without payment


def course(
    owed: Owed,
    steps: Mapping[str, tuple[CaseStep, ...]],
    pauses: Mapping[str, tuple[Pause, ...]],
    calendar: Calendar,
    law: Callable[[date], CollectingLaw],
) -> Course:
    """The course of one item. ``pauses`` by case: while relief is being decided on no term runs,
    and while the execution is stayed (中止执行) its own does not."""
    effective, paid = owed.item.effective_on, owed.paid_on
    relief = [p for p in pauses.get(owed.item.case_no, ()) if p.ground == "relief"]
    spared = _days(relief)
    numbers = (owed.item.case_no, *(execution.case_no for execution in owed.executions))
    own = [
        step
        for number in dict.fromkeys(numbers)
        for step in steps.get(number, ())
        if step.on >= effective and step.doc_no not in owed.others
    ]
    handed = _first(own, "handed_to_filing")
    filed = _first(own, "execution_filed")
    first = owed.executions[0] if owed.executions else None
    filed_on = _earliest(_on(filed), first.filed_on if first else None)

    term, due = law(effective).transfer, owed.due_on
    deadline = calendar.deadline(due, term, spared) if due else Deadline(effective, term.text, None)
    stages = [
        Stretch(
            "transfer", "transfer", effective, deadline,
            _earliest(_on(handed), filed_on, paid),
            _rows(handed, filed, first, *relief),
        )
    ]  # fmt: skip
    filing = law(handed.on).filing if handed else None
    if handed and filing:
        deadline = calendar.deadline(handed.on, filing, spared)
        done = _earliest(filed_on, paid)
        rows = _rows(handed, filed, first, *relief)
        stages.append(Stretch("filing", "filing", handed.on, deadline, done, rows))
    runs: list[tuple[date, date | None, Execution | CaseStep]] = [
        (e.filed_on, e.closed_on if e.closing != "恢复" else None, e) for e in owed.executions
    ]
    if filed and not runs:
        closed = _first(own, "execution_closed")
        runs = [(filed.on, _on(closed), filed)]
    granted = [step for step in own if step.step == "extended"]
    for number, (since, until, row) in enumerate(runs):
        limit = law(since).execution
        if limit is None:
            continue
        stays = [
            pause
            for no in dict.fromkeys((owed.item.case_no, row.case_no))
            for pause in pauses.get(no, ())
            if pause.ground == "suspension" and pause.since >= since  # before, it stayed the trial
        ]
        spells = spared + _days(stays)
        plain = calendar.deadline(since, limit, spells)
        grants = [(s.on, s.until) for s in granted if s.on >= since]
        deadline = extended(calendar, plain, grants, spells)
        key = "execution" + (f"/{row.source.key}" if number else "")
        done = _earliest(until, paid if paid and paid >= since else None)
        closing = _first(own, "execution_closed")
        rows = (row, *granted, *relief, *stays, *_rows(closing))
        stages.append(Stretch("execution", key, since, deadline, done, rows))
    return Course(tuple(stages), *_idle(stages, owed.executions))


def _idle(
    stages: list[Stretch], executions: tuple[Execution, ...]
) -> tuple[date | None, Execution | None]:
    """The day on which the court's last term ended, or an execution without payment."""
    last = executions[-1] if executions else None
    if last and last.closed_on and last.closing in UNPAID_ENDS:
        return last.closed_on, last
    stage = stages[-1]
    if (last and last.closing == "执行完毕") or stage.deadline.due in (None, date.max):
        return None, None
    return stage.deadline.due and stage.deadline.due + DAY, None


def _days(pauses: Iterable[Pause]) -> list[Spell]:
    return [Spell(pause.since, pause.until) for pause in pauses]


def _first(steps: Iterable[CaseStep], code: str) -> CaseStep | None:
    return next((step for step in steps if step.step == code), None)


def _on(step: CaseStep | None) -> date | None:
    return step.on if step else None


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day), default=None)


def _rows(*rows: Record | None) -> tuple[Record, ...]:
    return tuple(row for row in rows if row is not None)
