"""When a sum that is owed was paid in full."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol


class Payment(Protocol):
    """A receipt: so much, on a day."""

    @property
    def on(self) -> date: ...

    @property
    def amount_fen(self) -> int: ...


def paid_up(receipts: Iterable[Payment], due_fen: int) -> date | None:
    """The day on which receipts, in the order of their days, reach the sum; None if they never do.

    Nothing is owed of a sum of zero, so no day pays it.
    """
    left = due_fen
    for receipt in receipts:
        left -= receipt.amount_fen
        if due_fen > 0 and left <= 0:
            return receipt.on
    return None
