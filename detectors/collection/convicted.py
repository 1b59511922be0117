"""What a convicted party's dossier says of its property items: reasons to pay less, or nothing."""

from __future__ import annotations

from datetime import date

from detectors.collection.ledger import Owed, SetOff
from detectors.framework.deaths import accepted_death
from detectors.framework.dossier import Dossier
from detectors.framework.grouped import grouped
from detectors.framework.penalised import Penalties
from detectors.framework.spell import Spell
from detectors.framework.term import Term
from schemas import Holding, Judgment, Penalty, PropertyItem, Receipt, Record


class Convicted:
    """The party's judgments, property, administrative fines and death."""

    def __init__(self, dossier: Dossier) -> None:
        self.holdings = dossier.of(Holding)
        self.receipts = grouped(dossier.of(Receipt), "for_no")
        self.death = accepted_death(dossier)
        judgments = dossier.of(Judgment)
        self._judgments = {judgment.case_no: judgment for judgment in judgments}
        self._retried = {j.replaces: j for j in judgments if j.replaces and j.effective_on}
        self._penalties = Penalties(dossier.of(Penalty))

    def set_off(self, item: PropertyItem, same_facts: Term) -> SetOff:
        """The administrative fine on the same facts: what was paid of it, where receipts tell.

        No number links the two; a fine of fitting cause within ``same_facts`` before the judgment
        is taken for one on the same facts.
        """
        judgment = self._judgments.get(item.case_no)
        if item.kind != "fine" or judgment is None:
            return SetOff()
        day, fen, rows = judgment.pronounced_on, 0, list[Record]()
        found = self._penalties.by("", judgment.charges, same_facts.before(day))
        for penalty in {p.decision_no: p for p in found}.values():
            if penalty.fine_fen and penalty.decided_on <= day:
                told = self.receipts.get(penalty.decision_no, ())
                paid = [receipt for receipt in told if receipt.kind == "paid"]
                paid_fen = sum(receipt.amount_fen for receipt in paid)
                fen += min(paid_fen, penalty.fine_fen) if paid else penalty.fine_fen
                rows += [penalty, *paid]
        return SetOff(fen, (judgment, *rows) if fen else ())

    def excuse(self, owed: Owed, due: date | None) -> tuple[str, tuple[Record, ...]]:
        """The lawful reason for which nothing has to be collected, with its rows; empty if none.

        A death after the term had passed excuses nobody; before it has passed (None) any does.
        """
        paid, end = owed.paid_on, owed.due_on
        retried = self._retried.get(owed.item.case_no)
        if retried is not None:
            return "altered_on_retrial", (retried,)
        if paid and end and paid <= end:
            return "paid_in_term", ()
        if owed.owed_fen == 0 and owed.set_off.amount_fen:
            return "set_off", ()
        death = self.death
        if death and death.died_on <= (due or date.max) and not self.held(Spell(death.died_on)):
            return "dead_without_estate", (death,)
        return "", ()

    def held(self, spell: Spell) -> tuple[Holding, ...]:
        """What the party had on some day of the spell."""
        return tuple(h for h in self.holdings if Spell(h.since or date.min, h.until).meets(spell))
