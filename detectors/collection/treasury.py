"""Which payment to the treasury passes on which money that a court received."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from detectors.collection.ledger import Owed
from schemas import Receipt

#: What goes to the treasury; restitution goes to victims, and so may what is recovered.
KINDS = ("fine", "confiscation")


class Received(NamedTuple):
    """Money that has to be passed on, and the payment by which all of it had been."""

    owed: Owed
    receipt: Receipt
    amount_fen: int
    passed_on: Receipt | None


def treasury(
    items: Sequence[Owed], receipts: Mapping[str, tuple[Receipt, ...]]
) -> Iterator[Received]:
    """The receipts of one judgment, each with the payment that completes it: first in, first out.

    ``receipts`` are those of the party by the number that they are for.
    """
    parts: dict[tuple[str, str], Received] = {}
    for owed in items:
        for payment in owed.payments if owed.item.kind in KINDS else ():
            receipt = payment.receipt
            if receipt is not None:
                key = (receipt.source.feed, receipt.source.key)
                so_far = parts[key].amount_fen if key in parts else 0
                parts[key] = Received(owed, receipt, so_far + payment.amount_fen, None)
    numbers = dict.fromkeys(
        number
        for owed in items
        for number in (owed.item.case_no, owed.item.item_no, *(e.case_no for e in owed.executions))
        if number
    )
    passed = sorted(
        (r for no in numbers for r in receipts.get(no, ()) if r.kind == "treasury"),
        key=lambda r: (r.on, r.source.feed, r.source.key),
    )
    due = done = place = 0
    for part in sorted(parts.values(), key=lambda p: (p.receipt.on, p.receipt.source.key)):
        due += part.amount_fen
        while done < due and place < len(passed):
            done += passed[place].amount_fen
            place += 1
        yield part._replace(passed_on=passed[place - 1] if done >= due and place else None)
