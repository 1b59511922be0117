"""Tells each party that owes a property item with others what the others paid of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from detectors.framework.dossier import Dossier
from detectors.framework.grouped import grouped
from detectors.framework.registry import derivation
from schemas import JointPaid, PropertyItem, Receipt, Record


@derivation(subject="case", reads=(PropertyItem, Receipt), yields=(JointPaid,))
def joint_paid(dossier: Dossier) -> Iterator[Record]:
    """A receipt goes to who paid; who owes the same sum must know that less is left."""
    items = grouped((i for i in dossier.of(PropertyItem) if i.joint), "kind")
    if not items:
        return
    receipts = [r for r in dossier.of(Receipt, kind="paid") if r.party]
    for kind, joint in items.items():
        debtors = {item.party for item in joint}
        total: dict[str, int] = {}
        last: dict[str, date] = {}
        for receipt in receipts:
            if receipt.party in debtors and receipt.item in (kind, ""):
                total[receipt.party] = total.get(receipt.party, 0) + receipt.amount_fen
                last[receipt.party] = receipt.on
        paid = sum(total.values())
        # Of two last days the later, of who is not asked about: two are enough for all.
        latest = sorted(last, key=lambda party: (last[party], party))[-2:]
        for item in {item.party: item for item in joint}.values():
            others = paid - total.get(item.party, 0)
            days = [last[party] for party in latest if party != item.party]
            if others and days:
                yield JointPaid(
                    source=msgspec.structs.replace(item.source, key=f"{kind}/{item.source.key}"),
                    case_no=item.case_no,
                    party=item.party,
                    kind=kind,
                    paid_fen=others,
                    last_on=max(days),
                )
