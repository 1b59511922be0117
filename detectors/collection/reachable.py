"""What a holding leaves for one item: after liens, shares, those who come first, and a living."""

from __future__ import annotations

from datetime import date

import msgspec

from schemas import Holding

#: Holdings that a person lives on.
LIVELIHOOD = ("pension",)


class Reachable(msgspec.Struct, frozen=True):
    """One holding, and the sum that it leaves."""

    kind: str
    register: str | None
    since: date | None
    value_fen: int
    share_pct: int
    encumbered_fen: int
    before_fen: int  #: owed to those who come first
    living_fen: int
    net_fen: int


def reachable(holding: Holding, before_fen: int, living_fen: int) -> Reachable | None:
    """What is left of a holding; None where nothing is, or its value is not known."""
    if not holding.value_fen or holding.exempt:
        return None
    share = 100 if holding.share_pct is None else holding.share_pct
    encumbered = holding.encumbered_fen or 0
    living = living_fen if holding.kind in LIVELIHOOD else 0
    net = holding.value_fen * share // 100 - encumbered - before_fen - living
    if net <= 0:
        return None
    return Reachable(
        holding.kind,
        holding.register or None,
        holding.since,
        holding.value_fen,
        share,
        encumbered,
        before_fen,
        living,
        net,
    )
