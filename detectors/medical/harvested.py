"""Cards that are known to be out of their owners' hands, charged in one shop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from detectors import (
    Context,
    Dossier,
    Finding,
    Spell,
    counted,
    grouped,
    latch,
    merged,
    standing,
)
from detectors.medical.patient import MedicalLaw
from schemas import HarvestedUse


class HarvestedFacts(msgspec.Struct, frozen=True):
    cards: int
    most: int
    since: date
    settlements: int
    amount_fen: int


def harvested(dossier: Dossier, context: Context[MedicalLaw]) -> Iterator[Finding]:
    """Many cards that are known to be out of their owners' hands are charged in one shop."""
    uses = dossier.of(HarvestedUse)
    if not uses:
        return
    law = context.law(uses[-1].month, uses[-1].source.region)
    by_card = grouped(uses, "person")
    counting = counted(
        spell
        for card in by_card.values()
        for spell in merged(Spell(use.month, law.card_counts.after(use.month)) for use in card)
    )
    spells = latch(counting, law.cards, law.cards_leave)
    if not spells:
        return
    last = spells[-1]
    inside = tuple(
        use for use in uses if use.month in last or law.card_counts.after(use.month) in last
    )
    facts = HarvestedFacts(
        len({use.person for use in inside}),
        max(level for day, level in counting if day in last),
        last.since,
        sum(use.settlements for use in inside),
        sum(use.amount_fen for use in inside),
    )
    yield Finding(
        rule="harvested",
        obligation="harvested",
        outcome=standing(context, last),
        act=last.since,
        basis=("cards", "cards_leave", "card_counts"),
        facts=facts,
        evidence=inside,
        agency=inside[-1].source.agency,
        region=inside[-1].source.region,
        amount_fen=facts.amount_fen,
    )
