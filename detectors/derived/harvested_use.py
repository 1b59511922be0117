"""Known cards in use: told to the shop that charged them, month by month."""

from __future__ import annotations

from collections.abc import Iterator

from detectors import Dossier, derivation
from schemas import HarvestedUse, Listing, Record, Settlement, Source


@derivation(subject="person", reads=(Listing, Settlement), yields=(HarvestedUse,))
def harvested_use(dossier: Dossier) -> Iterator[Record]:
    """What a shop charged a card for while the card stood on the list of known ones."""
    known = dossier.of(Listing, list="known_card")
    if not known:
        return
    months: dict[tuple[str, str], list[Settlement]] = {}
    for paid in dossier.of(Settlement, kind="药店"):
        on = paid.in_on or paid.settled_on
        if paid.institution and any(
            row.since <= on and (row.until is None or on <= row.until) for row in known
        ):
            months.setdefault((paid.institution, f"{on:%Y-%m}"), []).append(paid)
    for (shop, month), uses in months.items():
        first = uses[0]
        yield HarvestedUse(
            source=Source("", f"{shop}/{month}", first.source.agency, first.source.region),
            person=first.person,
            organisation=shop,
            month=(first.in_on or first.settled_on).replace(day=1),
            settlements=len(uses),
            amount_fen=sum(use.fund_fen for use in uses),
        )
