"""A building site: its project, its events and what all findings about it have in common."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from detectors.framework.dossier import Dossier
from detectors.framework.duty import Judged
from detectors.framework.finding import Finding, Outcome
from detectors.framework.spell import DAY, Spell
from schemas import Project, ProjectEvent, Record


class SiteFacts(msgspec.Struct, frozen=True, kw_only=True):
    project_no: str
    site: str | None
    contractor: str | None


@dataclass(frozen=True)
class Site:
    """The dossier of a project; papers may come before the project's own row."""

    dossier: Dossier
    project: Project | None

    @property
    def region(self) -> str:
        return (self.project.region or self.project.source.region) if self.project else ""

    def orders(self, to_pay: bool) -> list[ProjectEvent]:
        """Orders of the inspection to pay, or to put something else right.

        The register knows one kind of order; one to pay names a sum, and only such a one.
        """
        orders = self.dossier.of(ProjectEvent, kind="inspection_order")
        return [order for order in orders if bool(order.amount_fen) == to_pay]

    def stops(self) -> list[Spell]:
        """The times in which no work was done."""
        restarts = [event.on for event in self.dossier.of(ProjectEvent, kind="restart")]
        spells = []
        for stop in self.dossier.of(ProjectEvent, kind="stop"):
            place = bisect_right(restarts, stop.on)
            restart = next(iter(restarts[place : place + 1]), None)
            spells.append(Spell(stop.on, stop.until or (restart - DAY if restart else None)))
        stopped = self.project.stopped_on if self.project else None
        if stopped and not any(day > stopped for day in restarts):
            spells.append(Spell(stopped))
        return spells

    def told(self) -> dict[str, Any]:
        project = self.project
        return {
            "project_no": self.dossier.key,
            "site": (project.name or None) if project else None,
            "contractor": (project.contractor_name or None) if project else None,
        }

    def finding(
        self,
        rule: str,
        obligation: str,
        judged: Judged,
        act: date,
        basis: tuple[str, ...],
        facts: SiteFacts,
        rows: Sequence[Record],
        *,
        excuse: str = "",
        amount_fen: int = 0,
        severity: str = "",
    ) -> Finding:
        return Finding(
            rule=rule,
            obligation=obligation,
            outcome=Outcome.EXEMPT if excuse else judged.outcome,
            excuse=excuse,
            waiting=judged.waiting,
            act=act,
            basis=basis,
            facts=facts,
            evidence=tuple(rows),
            agency=(self.project or rows[0]).source.agency,
            region=self.region or rows[0].source.region,
            amount_fen=amount_fen,
            severity=severity,
        )
