"""Every active alert against an agency is one row in that agency's dossier: 类案 counts them.

Made of findings, last of all and above all strata; only models that read ``ClueCount`` see it, and
their own alerts are not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import msgspec

from detectors.framework.finding import Finding
from schemas.alert import Transition
from schemas.change import Position, Put, Remove
from schemas.derived import ClueCount
from schemas.record import Source

_encode = msgspec.json.Encoder().encode
_KIND = ClueCount.__name__
_FEED = f"derived:{_KIND}"

#: Reference list of ``agency/office below it`` entries: whose act it was, where it lies below.
OFFICES = "offices"


def offices(listed: Iterable[str]) -> dict[str, frozenset[str]]:
    """The offices below each agency, from the entries of the list."""
    found: dict[str, set[str]] = {}
    for entry in listed:
        agency, _, office = entry.partition("/")
        found.setdefault(agency, set()).add(office)
    return {agency: frozenset(below) for agency, below in found.items()}


def office_of(finding: Finding, below: Mapping[str, frozenset[str]]) -> str:
    """The office whose row a finding rests on first; empty where none lies below the agency."""
    own = below.get(finding.agency)
    if not own:
        return ""
    agencies = (row.source.agency for row in finding.evidence)
    return next((agency for agency in agencies if agency in own), "")


def clue(
    alert: str, model: str, rule: str, act: date, amount_fen: int, agency: str, region: str,
    office: str,
) -> ClueCount:  # fmt: skip
    """The row that stands for an active alert."""
    return ClueCount(
        source=Source(_FEED, alert, agency, region),
        alert=alert,
        model=model,
        rule=rule,
        act=act,
        amount_fen=amount_fen,
        agency=agency,
        region=region,
        sub_agency=office,
    )


def counted_for(told: Transition) -> str:
    """The agency in whose dossier an alert is counted as it now stands; empty: in none."""
    return told.agency if told.status.active and told.act is not None else ""


def clues(
    told: Transition, before: str, now: str, partition: int, offset: int
) -> Iterator[Put | Remove]:
    """What the dossiers of agencies are told of one alert, counted there ``before`` and ``now``."""
    position = Position(0, partition, offset)
    if before and before != now:
        yield Remove(f"agency:{before}", _KIND, _FEED, told.alert, position)
    if now and told.act is not None:
        row = clue(
            told.alert, told.model, told.rule, told.act, told.amount_fen, now, told.region,
            told.office,
        )  # fmt: skip
        yield Put(f"agency:{now}", _KIND, msgspec.Raw(_encode(row)), position)
