"""W01: water taken beyond the permit and not charged for in time."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from detectors import Context, Deadline, Dossier, Finding, Term, detector, performed
from dongjian_water.records import WaterUse


class W01Terms(msgspec.Struct, frozen=True):
    charge: Term | None


class OverLimit(msgspec.Struct, frozen=True):
    permit_no: str
    year: int
    allowed_m3: int
    used_m3: int
    over_m3: int
    deadline: Deadline


@detector("W01", subject="organisation", reads=(WaterUse,), needs=(WaterUse,), terms=W01Terms)
def over_limit(dossier: Dossier, context: Context[W01Terms]) -> Iterator[Finding]:
    """The authority charges for what was taken beyond the permit."""
    for use in dossier.of(WaterUse):
        law = context.law(use.read_on, use.source.region)
        over = use.used_m3 - use.allowed_m3
        if law.charge is None or over <= 0:
            continue
        deadline = context.calendar.deadline(use.read_on, law.charge)
        judged = performed(context, deadline, use.charged_on, refuted_by=WaterUse)
        yield Finding(
            rule="over_limit",
            obligation=use.source.key,
            outcome=judged.outcome,
            stage=judged.stage,
            waiting=judged.waiting,
            act=use.read_on,
            basis=("charge",),
            facts=OverLimit(use.permit_no, use.year, use.allowed_m3, use.used_m3, over, deadline),
            evidence=(use,),
            agency=use.source.agency,
            region=use.source.region,
        )
