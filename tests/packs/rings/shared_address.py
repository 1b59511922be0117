"""R01: many firms at one address, looked at once a tick; in the dossier of the address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from detectors.framework.context import Context
from detectors.framework.counting import counted, latch
from detectors.framework.dossier import Dossier
from detectors.framework.duty import standing
from detectors.framework.finding import Finding
from detectors.framework.registry import detector
from detectors.framework.spell import Spell
from tests.packs.rings.words import Member


class RingTerms(msgspec.Struct):
    enter: int
    leave: int


class RingFacts(msgspec.Struct):
    address: str
    members: tuple[str, ...]
    since: date


@detector("R01", subject="pair", reads=(Member,), terms=RingTerms, on_tick=True)
def shared_address(dossier: Dossier, context: Context[RingTerms]) -> Iterator[Finding]:
    """Firms share an address while enough of them stand."""
    members = dossier.of(Member)
    if not members:
        return
    law = context.law(members[-1].since)
    spells = latch(counted(Spell(m.since, m.until) for m in members), law.enter, law.leave)
    if spells:
        yield Finding(
            rule="ring",
            obligation="ring",
            outcome=standing(context, spells[-1]),
            act=spells[-1].since,
            basis=("enter",),
            facts=RingFacts(dossier.key, tuple(m.firm for m in members), spells[-1].since),
            evidence=tuple(members),
            agency=members[0].source.agency,
        )
