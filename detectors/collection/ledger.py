"""The property items of a party's criminal judgments, with what was paid of each and by when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from detectors.framework.dossier import Dossier
from detectors.framework.grouped import grouped
from detectors.framework.paid import paid_up
from schemas import Execution, JointPaid, PropertyItem, Receipt, Record

#: The order in which money goes to items (法释〔2014〕13号 13): victims, then the fine, the rest.
RANKS = ("restitution", "disgorgement", "fine", "confiscation", "tools")


class Payment(NamedTuple):
    """So much for one item, on a day; ``receipt`` None: another debtor paid it."""

    on: date
    amount_fen: int
    receipt: Receipt | None


class SetOff(NamedTuple):
    """What an administrative fine on the same facts takes off a fine."""

    amount_fen: int = 0
    rows: tuple[Record, ...] = ()


@dataclass
class Owed:
    """One item of one judgment."""

    item: PropertyItem
    executions: tuple[Execution, ...]
    set_off: SetOff
    others: frozenset[str] = frozenset()  #: numbers of the other items of the judgment
    payments: list[Payment] = field(default_factory=list)
    paid_fen: int = 0
    joint: JointPaid | None = None

    @property
    def key(self) -> str:
        """The number of the item; without one its case and kind, in a dossier of one party."""
        return self.item.item_no or f"{self.item.case_no}/{self.item.kind}"

    @property
    def due_on(self) -> date | None:
        """When it has to be paid: a fine when the judgment's term ends, all else at once.

        None for a fine whose term nobody entered.
        """
        if self.item.kind != "fine":
            return self.item.effective_on
        ends = (self.item.due_on, *self.item.instalments_due)
        return max((end for end in ends if end), default=None)

    @property
    def owed_fen(self) -> int | None:
        """The sum, less what is set off; None where the judgment names none."""
        if self.item.amount_fen is None:
            return None
        return max(self.item.amount_fen - self.set_off.amount_fen, 0)

    @property
    def left_fen(self) -> int:
        return max((self.owed_fen or 0) - self.paid_fen, 0)

    @property
    def paid_on(self) -> date | None:
        """The day on which nothing was left of it."""
        return paid_up(sorted(self.payments, key=lambda paid: paid.on), self.owed_fen or 0)

    def pay(self, on: date, amount_fen: int, receipt: Receipt | None = None) -> None:
        """Book a payment on it."""
        self.payments.append(Payment(on, amount_fen, receipt))
        self.paid_fen += amount_fen

    @property
    def rows(self) -> tuple[Record, ...]:
        """What the sums rest on."""
        joint = (self.joint,) if self.joint else ()
        receipts = (payment.receipt for payment in self.payments if payment.receipt)
        return (self.item, *receipts, *joint, *self.set_off.rows)


def ledger(
    dossier: Dossier, set_off: Callable[[PropertyItem], SetOff]
) -> dict[str, tuple[Owed, ...]]:
    """The items of the party by case, in the order in which money goes to them."""
    executions: dict[str, list[Execution]] = {}
    for execution in dossier.of(Execution):
        if dossier.is_subject(execution.debtor):
            executions.setdefault(execution.base_no, []).append(execution)
    received = grouped(_once(dossier.of(Receipt, kind="paid")), "for_no")
    joint = {(row.case_no, row.kind): row for row in dossier.of(JointPaid)}
    found: dict[str, tuple[Owed, ...]] = {}
    for case_no, rows in grouped(dossier.of(PropertyItem), "case_no").items():
        own = tuple(executions.get(case_no, ()))
        latest = {row.kind: row for row in rows}
        kinds = sorted(latest, key=RANKS.index)
        items = tuple(Owed(latest[kind], own, set_off(latest[kind])) for kind in kinds)
        numbers = (case_no, *(execution.case_no for execution in own))
        _book(items, numbers, received)
        named = frozenset(owed.item.item_no for owed in items if owed.item.item_no)
        for owed in items:
            owed.others = named - {owed.item.item_no}
            shared = joint.get((case_no, owed.item.kind)) if owed.item.joint else None
            if shared:
                owed.joint = shared
                owed.pay(shared.last_on, shared.paid_fen)
        found[case_no] = items
    return found


def _once(receipts: Iterable[Receipt]) -> Iterator[Receipt]:
    """Each voucher once: court and bank may both tell of it."""
    seen: set[tuple[str, str, str]] = set()
    for receipt in receipts:
        key = (receipt.voucher_no, receipt.for_no, receipt.item)
        if receipt.voucher_no and key in seen:
            continue
        seen.add(key)
        yield receipt


def _book(
    items: tuple[Owed, ...], numbers: tuple[str, ...], received: dict[str, tuple[Receipt, ...]]
) -> None:
    """Give each receipt to the item that it names, and the others in the order of the law."""
    by_kind = {owed.item.kind: owed for owed in items}
    by_no = {owed.item.item_no: owed for owed in items if owed.item.item_no}
    unnamed: list[Receipt] = []
    for number in dict.fromkeys((*numbers, *by_no)):
        for receipt in received.get(number, ()):
            owed = by_no.get(number) or by_kind.get(receipt.item)
            if owed is None:
                unnamed.append(receipt)
            else:
                owed.pay(receipt.on, receipt.amount_fen, receipt)
    for receipt in sorted(unnamed, key=lambda r: (r.on, r.source.key)):
        rest = receipt.amount_fen
        for owed in items:
            part = min(rest, owed.left_fen)
            if part > 0:
                owed.pay(receipt.on, part, receipt)
                rest -= part
