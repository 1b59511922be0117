"""R02: a firm at a crowded address, in the firm's own dossier: a record derived twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from detectors.framework.context import Context
from detectors.framework.dossier import Dossier
from detectors.framework.finding import Finding, Outcome
from detectors.framework.registry import detector
from tests.packs.rings.words import Firm, Neighbours


class CrowdedTerms(msgspec.Struct):
    at_least: int


class CrowdedFacts(msgspec.Struct):
    address: str
    firms: int
    since: date


@detector("R02", subject="organisation", reads=(Firm, Neighbours), terms=CrowdedTerms)
def crowded(dossier: Dossier, context: Context[CrowdedTerms]) -> Iterator[Finding]:
    """An open firm has many neighbours."""
    firm = dossier.first(Firm)
    for seen in dossier.of(Neighbours):
        if firm is None or firm.closed_on is not None:
            continue
        if len(seen.firms) >= context.law(seen.since).at_least:
            yield Finding(
                rule="crowded",
                obligation=f"{firm.source.key}/crowded/{seen.source.key}",
                outcome=Outcome.HOLDS,
                act=seen.since,
                basis=("at_least",),
                facts=CrowdedFacts(seen.address, len(seen.firms), seen.since),
                evidence=(firm, seen),
                agency=firm.source.agency,
            )
