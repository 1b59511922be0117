"""What shows that wages were really owed: the labour inspection came, or paid."""

from __future__ import annotations

from datetime import date
from typing import Any

from detectors.framework.context import Context
from detectors.framework.dossier import Dossier
from detectors.framework.spell import Spell
from schemas import CaseStep, Receipt, Record


class Arrears:
    """Orders of the labour inspection against the employer, and wages paid through it."""

    def __init__(self, dossier: Dossier, context: Context[Any]) -> None:
        self._rows: list[Record] = [
            step
            for step in dossier.of(CaseStep, step="order_served")
            if context.listed("labour_inspection", step.source.agency, on=step.on)
        ]
        self._rows += dossier.of(Receipt, kind="wage")

    def within(self, since: date, until: date) -> tuple[Record, ...]:
        """What there is of it between two days, both included."""
        near = Spell(since, until)
        return tuple(row for row in self._rows if row.day in near)
