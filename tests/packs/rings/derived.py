"""The derivations of the pack: firm → address → firms at the address."""

from __future__ import annotations

from collections.abc import Iterator

from detectors.framework.dossier import Dossier
from detectors.framework.registry import derivation
from schemas.record import Record, Source
from tests.packs.rings.words import Firm, Member, Neighbours


@derivation(subject="organisation", reads=(Firm,), yields=(Member,))
def members(dossier: Dossier) -> Iterator[Record]:
    """Show each firm to the address that it has."""
    for firm in dossier.of(Firm):
        if firm.address:
            yield Member(
                source=Source("", firm.source.key, firm.source.agency, firm.source.region),
                firm=firm.firm,
                address=firm.address,
                since=firm.registered_on,
                until=firm.closed_on,
            )


@derivation(subject="pair", reads=(Member,), yields=(Neighbours,))
def neighbours(dossier: Dossier) -> Iterator[Record]:
    """Tell the firms at an address of each other."""
    rows = dossier.of(Member)
    if len(rows) > 1:
        yield Neighbours(
            source=Source("", "neighbours", rows[0].source.agency, rows[0].source.region),
            firms=tuple(sorted({row.firm for row in rows})),
            address=rows[0].address,
            since=max(row.since for row in rows),
        )
